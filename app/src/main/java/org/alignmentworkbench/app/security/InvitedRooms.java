package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.person.Invitation;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The door of invited people: they choose a name and a password and are in. An invitation that
/// does not let in has the same page, whatever the reason.
@Controller
class InvitedRooms {
  private final Invitations invitations;
  private final Entrance entrance;
  private final Formats formats;

  InvitedRooms(Invitations invitations, Entrance entrance, Formats formats) {
    this.invitations = invitations;
    this.entrance = entrance;
    this.formats = formats;
  }

  @GetMapping("/invitation")
  String look(
      @RequestParam(name = "token", defaultValue = "") String token,
      Model model,
      HttpServletResponse response) {
    return invitations
        .usable(new OneTimeToken(token))
        .map(invitation -> show(invitation, AccountForm.empty(token), model))
        .orElseGet(() -> SpentLink.show(response));
  }

  @PostMapping("/invitation")
  String accept(
      @RequestParam(name = "token", defaultValue = "") String token,
      @RequestParam(name = "username", defaultValue = "") String username,
      @RequestParam(name = "displayName", defaultValue = "") String displayName,
      @RequestParam(name = "password", defaultValue = "") String password,
      @RequestParam(name = "repeat", defaultValue = "") String repeat,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    Optional<Invitation> invitation = invitations.usable(new OneTimeToken(token));
    if (invitation.isEmpty()) {
      return SpentLink.show(response);
    }
    AccountForm form = AccountForm.typed(token, username, displayName, password, repeat);
    if (!form.faulty()) {
      try {
        Optional<Account> account =
            invitations.accept(
                new OneTimeToken(token), form.username(), form.displayName(), password);
        if (account.isEmpty()) {
          return SpentLink.show(response);
        }
        entrance.signIn(account.get(), request, response);
        return "redirect:/";
      } catch (DuplicateKeyException e) {
        form = form.taken();
      }
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(invitation.get(), form, model);
  }

  private String show(Invitation invitation, AccountForm form, Model model) {
    model.addAttribute("form", form);
    model.addAttribute("invitation", invitation);
    model.addAttribute("until", formats.moment(invitation.expiresAt()));
    return "security/invited";
  }
}
