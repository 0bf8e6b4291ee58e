package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.SignInLink.Purpose;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The pages around signing in: first set-up, sign-in, one-time links, one's own password.
///
/// A link is looked at by GET and used up by the POST of a button, so that a mail scanner or a
/// browser that fetches ahead does not spend it.
@Controller
class SignInRooms {
  private final Accounts accounts;
  private final SignInThrottle throttle;
  private final Entrance entrance;
  private final OidcSignIn provider;

  SignInRooms(Accounts accounts, SignInThrottle throttle, Entrance entrance, OidcSignIn provider) {
    this.accounts = accounts;
    this.throttle = throttle;
    this.entrance = entrance;
    this.provider = provider;
  }

  @GetMapping("/")
  String home(@AuthenticationPrincipal SignedInPerson person) {
    return person.role().equals("ANNOTATOR") ? "redirect:/label" : "redirect:/projects";
  }

  @GetMapping("/sign-in")
  String signIn(
      @RequestParam(name = "error", required = false) @Nullable String error,
      @RequestParam(name = "out", required = false) @Nullable String out,
      @RequestParam(name = "wait", required = false) @Nullable Long wait,
      @RequestParam(name = "refused", required = false) @Nullable String refused,
      Model model) {
    model.addAttribute("failed", error != null);
    model.addAttribute("signedOut", out != null);
    model.addAttribute("refused", refused != null);
    model.addAttribute("administered", accounts.administered());
    model.addAttribute("provider", provider.name());
    model.addAttribute("begin", OidcSignIn.BEGIN);
    model.addAttribute("wait", wait == null ? null : Math.clamp(wait, 1, 3600));
    return "security/sign-in";
  }

  @GetMapping("/setup")
  String setUp(
      @RequestParam(name = "token", defaultValue = "") String token,
      Model model,
      HttpServletResponse response) {
    if (!letsSetUp(token)) {
      return SpentLink.show(response);
    }
    model.addAttribute("form", AccountForm.empty(token));
    return "security/setup";
  }

  @PostMapping("/setup")
  String setUp(
      @RequestParam(name = "token", defaultValue = "") String token,
      @RequestParam(name = "username", defaultValue = "") String typedName,
      @RequestParam(name = "displayName", defaultValue = "") String typedDisplayName,
      @RequestParam(name = "password", defaultValue = "") String password,
      @RequestParam(name = "repeat", defaultValue = "") String repeat,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (!letsSetUp(token)) {
      return SpentLink.show(response);
    }
    AccountForm form = AccountForm.typed(token, typedName, typedDisplayName, password, repeat);
    if (!form.faulty()) {
      try {
        Optional<Account> account =
            accounts.setUp(new OneTimeToken(token), form.username(), form.displayName(), password);
        if (account.isEmpty()) {
          return SpentLink.show(response);
        }
        entrance.signIn(account.get(), request, response);
        return "redirect:/";
      } catch (DuplicateKeyException e) {
        // A person made by the command line before the set-up.
        form = form.taken();
      }
    }
    model.addAttribute("form", form);
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return "security/setup";
  }

  @GetMapping("/link")
  String link(
      @RequestParam(name = "token", defaultValue = "") String token,
      Model model,
      HttpServletResponse response) {
    Optional<Account> account = accounts.whom(new OneTimeToken(token));
    if (account.isEmpty()) {
      return SpentLink.show(response);
    }
    model.addAttribute("token", token);
    model.addAttribute("displayName", account.get().displayName());
    return "security/link";
  }

  @PostMapping("/link")
  String enter(
      @RequestParam(name = "token", defaultValue = "") String token,
      HttpServletRequest request,
      HttpServletResponse response) {
    Optional<Account> entered = accounts.enter(new OneTimeToken(token));
    if (entered.isEmpty()) {
      return SpentLink.show(response);
    }
    Account account = entered.get();
    entrance.signIn(account, request, response);
    return account.scripted() || accounts.hasPassword(account.personId())
        ? "redirect:/"
        : "redirect:/account/password";
  }

  @GetMapping("/account/password")
  String password(@AuthenticationPrincipal Account account, Model model) {
    return passwordPage(account, null, null, null, model);
  }

  @PostMapping("/account/password")
  String password(
      @AuthenticationPrincipal Account account,
      @RequestParam(name = "present", required = false) @Nullable String present,
      @RequestParam(name = "password", defaultValue = "") String password,
      @RequestParam(name = "repeat", defaultValue = "") String repeat,
      Model model,
      RedirectAttributes flash,
      HttpServletRequest request,
      HttpServletResponse response) {
    @Nullable String broken = PasswordRule.broken(account.username(), password).orElse(null);
    @Nullable String differs = password.equals(repeat) ? null : "password.differs";
    @Nullable String wrong = null;
    if (broken == null && differs == null) {
      wrong = choose(account, present, password, request.getSession().getId());
    }
    if (broken != null || differs != null || wrong != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return passwordPage(account, wrong, broken, differs, model);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "password.chosen"));
    return "redirect:/";
  }

  /// Guessing the present password in somebody else's open session is slowed down like any
  /// guessing.
  ///
  /// @return the message key of what is wrong, or null
  private @Nullable String choose(
      Account account, @Nullable String present, String password, String keep) {
    String place = "the account page of " + account.username();
    if (!throttle.attempt(account.username(), place).isZero()) {
      return "password.wait";
    }
    if (!accounts.choosePassword(account.personId(), present, password, keep)) {
      return "password.wrong";
    }
    throttle.succeeded(account.username(), place);
    return null;
  }

  private String passwordPage(
      Account account,
      @Nullable String presentError,
      @Nullable String passwordError,
      @Nullable String repeatError,
      Model model) {
    model.addAttribute("hasPassword", accounts.hasPassword(account.personId()));
    model.addAttribute("presentError", presentError);
    model.addAttribute("passwordError", passwordError);
    model.addAttribute("repeatError", repeatError);
    return "security/password";
  }

  private boolean letsSetUp(String token) {
    return accounts.usable(new OneTimeToken(token), Purpose.SETUP).isPresent();
  }
}
