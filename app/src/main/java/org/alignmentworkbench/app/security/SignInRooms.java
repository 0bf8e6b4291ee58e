package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.SignInLink.Purpose;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The pages around signing in: first set-up, sign-in, one-time links, one's own password.
///
/// A link is looked at by GET and used up by the POST of a button, so that a mail scanner or a
/// browser that fetches ahead does not spend it.
@Controller
class SignInRooms {
  private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
  private static final int LONGEST_DISPLAY_NAME = 120;

  private final Accounts accounts;
  private final SecurityContextRepository contexts;
  private final SessionAuthenticationStrategy sessions;

  SignInRooms(
      Accounts accounts,
      SecurityContextRepository contexts,
      SessionAuthenticationStrategy sessions) {
    this.accounts = accounts;
    this.contexts = contexts;
    this.sessions = sessions;
  }

  /// The form of the first set-up, with the message keys of what is wrong.
  record SetUpForm(
      String token,
      String username,
      String displayName,
      @Nullable String usernameError,
      @Nullable String displayNameError,
      @Nullable String passwordError,
      @Nullable String repeatError) {}

  @GetMapping("/")
  String home(@AuthenticationPrincipal SignedInPerson person) {
    return person.role().equals("ANNOTATOR") ? "redirect:/label" : "redirect:/projects";
  }

  @GetMapping("/sign-in")
  String signIn(
      @RequestParam(name = "error", required = false) @Nullable String error,
      @RequestParam(name = "out", required = false) @Nullable String out,
      @RequestParam(name = "wait", required = false) @Nullable Long wait,
      Model model) {
    model.addAttribute("failed", error != null);
    model.addAttribute("signedOut", out != null);
    model.addAttribute("wait", wait == null ? null : Math.clamp(wait, 1, 3600));
    return "security/sign-in";
  }

  @GetMapping("/setup")
  String setUp(@RequestParam(name = "token", defaultValue = "") String token, Model model) {
    requireSetUp(token);
    model.addAttribute("form", new SetUpForm(token, "", "", null, null, null, null));
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
    requireSetUp(token);
    String username = typedName.strip().toLowerCase(Locale.ROOT);
    String displayName = typedDisplayName.strip();
    SetUpForm form =
        new SetUpForm(
            token,
            username,
            displayName,
            USERNAME.matcher(username).matches() ? null : "person.username.bad",
            displayName.isEmpty() || displayName.length() > LONGEST_DISPLAY_NAME
                ? "person.displayName.bad"
                : null,
            PasswordRule.broken(username, password).orElse(null),
            password.equals(repeat) ? null : "password.differs");
    if (form.usernameError() != null
        || form.displayNameError() != null
        || form.passwordError() != null
        || form.repeatError() != null) {
      model.addAttribute("form", form);
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return "security/setup";
    }
    Optional<Account> account;
    try {
      account = accounts.setUp(new OneTimeToken(token), username, displayName, password);
    } catch (DuplicateKeyException e) {
      // A person made by the command line before the set-up.
      model.addAttribute(
          "form",
          new SetUpForm(token, username, displayName, "person.username.taken", null, null, null));
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return "security/setup";
    }
    signIn(account.orElseThrow(SignInRooms::nothingHere), request, response);
    return "redirect:/";
  }

  @GetMapping("/link")
  String link(@RequestParam(name = "token", defaultValue = "") String token, Model model) {
    Account account = accounts.whom(new OneTimeToken(token)).orElseThrow(SignInRooms::nothingHere);
    model.addAttribute("token", token);
    model.addAttribute("displayName", account.displayName());
    return "security/link";
  }

  @PostMapping("/link")
  String enter(
      @RequestParam(name = "token", defaultValue = "") String token,
      HttpServletRequest request,
      HttpServletResponse response) {
    Account account = accounts.enter(new OneTimeToken(token)).orElseThrow(SignInRooms::nothingHere);
    signIn(account, request, response);
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
    if (broken == null
        && differs == null
        && !accounts.choosePassword(
            account.personId(), present, password, request.getSession().getId())) {
      wrong = "password.wrong";
    }
    if (broken != null || differs != null || wrong != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return passwordPage(account, wrong, broken, differs, model);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "password.chosen"));
    return "redirect:/";
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

  private void requireSetUp(String token) {
    if (accounts.usable(new OneTimeToken(token), Purpose.SETUP).isEmpty()) {
      throw nothingHere();
    }
  }

  private void signIn(Account account, HttpServletRequest request, HttpServletResponse response) {
    Authentication authentication = PersonContexts.authentication(account);
    // A session is there already, because the form carried its CSRF token: it gets a new number.
    sessions.onAuthentication(authentication, request, response);
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(authentication);
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
  }

  private static ResponseStatusException nothingHere() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }
}
