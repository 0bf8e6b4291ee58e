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
import org.springframework.web.server.ResponseStatusException;

/// The door of invited people: they choose a name and a password and are in. An invitation that
/// does not let in is not there, whatever the reason.
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
  String look(@RequestParam(name = "token", defaultValue = "") String token, Model model) {
    return show(usable(token), AccountForm.empty(token), model);
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
    Invitation invitation = usable(token);
    AccountForm form = AccountForm.typed(token, username, displayName, password, repeat);
    if (!form.faulty()) {
      try {
        Optional<Account> account =
            invitations.accept(
                new OneTimeToken(token), form.username(), form.displayName(), password);
        entrance.signIn(account.orElseThrow(InvitedRooms::nothingHere), request, response);
        return "redirect:/";
      } catch (DuplicateKeyException e) {
        form = form.taken();
      }
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(invitation, form, model);
  }

  private Invitation usable(String token) {
    return invitations.usable(new OneTimeToken(token)).orElseThrow(InvitedRooms::nothingHere);
  }

  private String show(Invitation invitation, AccountForm form, Model model) {
    model.addAttribute("form", form);
    model.addAttribute("invitation", invitation);
    model.addAttribute("until", formats.moment(invitation.expiresAt()));
    return "security/invited";
  }

  private static ResponseStatusException nothingHere() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }
}
