package org.alignmentworkbench.app.security;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Option;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.person.ApiToken;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where a person makes API tokens of their own, and takes them back.
@Controller
class ApiTokenRooms {
  private static final String TOKENS = "/account/tokens";
  private static final List<Integer> LIVES = List.of(7, 30, 90, 365);
  private static final int USUAL_LIFE = 30;

  private final ApiTokens tokens;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  ApiTokenRooms(ApiTokens tokens, Formats formats, Words words, Clock clock) {
    this.tokens = tokens;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A token of one's own.
  record TokenRow(
      long id,
      String name,
      String scopes,
      String ending,
      Chip state,
      boolean usable,
      Moment createdAt,
      Moment expiresAt,
      @Nullable Moment lastUsedAt) {}

  /// A scope that can be ticked.
  record ScopeChoice(String value, String text, boolean chosen) {}

  /// What was typed.
  record TokenForm(String name, Set<Scope> scopes, int days) {}

  /// A token that was just made; shown once.
  record FreshToken(String name, String secret) {}

  @GetMapping(TOKENS)
  String tokens(@AuthenticationPrincipal Account account, Model model) {
    Set<Scope> may = Scope.of(Role.valueOf(account.role()));
    // Looking is the least; who may only label begins with that.
    Scope first = may.contains(Scope.READ) ? Scope.READ : Scope.LABEL;
    return page(account, new TokenForm("", EnumSet.of(first), USUAL_LIFE), model);
  }

  /// Shows the secret in this answer alone, without a redirect: on the way through the session it
  /// would lie in the database, which must hold hashes only.
  @PostMapping(TOKENS)
  String make(
      @AuthenticationPrincipal Account account,
      @RequestParam(name = "name", defaultValue = "") String typedName,
      @RequestParam(name = "scope", required = false) @Nullable Set<Scope> typedScopes,
      @RequestParam(name = "days", defaultValue = "30") int days,
      HttpServletResponse response,
      Model model) {
    String name = typedName.strip();
    Set<Scope> scopes = typedScopes == null ? Set.of() : typedScopes;
    @Nullable String fault = fault(account, name, scopes, days);
    if (fault == null) {
      try {
        ApiTokens.Made made = tokens.make(account, name, scopes, Duration.ofDays(days));
        model.addAttribute("freshToken", new FreshToken(name, made.secret().value()));
        model.addAttribute("notice", Notice.of(Notice.Kind.GOOD, "apiToken.made"));
        return tokens(account, model);
      } catch (IllegalArgumentException e) {
        fault = "apiToken.tooMany";
      }
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute(
        "notice", new Notice(Notice.Kind.BAD, fault, List.of(formats.number(ApiTokens.MOST))));
    return page(account, new TokenForm(name, scopes, days), model);
  }

  private static @Nullable String fault(Account account, String name, Set<Scope> scopes, int days) {
    if (name.isEmpty() || name.length() > ApiTokens.LONGEST_NAME) {
      return "apiToken.name.bad";
    }
    if (scopes.isEmpty() || !Scope.of(Role.valueOf(account.role())).containsAll(scopes)) {
      return "apiToken.scopes.bad";
    }
    return days < 1 || days > ApiTokens.LONGEST_LIFE.toDays() ? "apiToken.days.bad" : null;
  }

  @PostMapping(TOKENS + "/{id:[0-9]{1,18}}/revoke")
  String revoke(
      @AuthenticationPrincipal Account account,
      @PathVariable("id") long id,
      RedirectAttributes flash) {
    if (!tokens.revoke(account, id)) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "apiToken.revoked"));
    return "redirect:" + TOKENS;
  }

  private String page(Account account, TokenForm form, Model model) {
    Instant now = clock.instant();
    model.addAttribute("rows", tokens.own(account).stream().map(own -> row(own, now)).toList());
    model.addAttribute("name", form.name());
    model.addAttribute("days", String.valueOf(form.days()));
    model.addAttribute(
        "scopes",
        Scope.of(Role.valueOf(account.role())).stream()
            .map(scope ->
                new ScopeChoice(
                    scope.name(),
                    words.of("apiToken.scope." + scope + ".what"),
                    form.scopes().contains(scope)))
            .toList());
    model.addAttribute("lives", LIVES.stream().map(this::life).toList());
    return "security/tokens";
  }

  private Option life(int days) {
    return new Option(String.valueOf(days), words.of("apiToken.days.of", formats.number(days)));
  }

  private TokenRow row(ApiToken token, Instant now) {
    Chip state =
        token.revokedAt() != null
            ? new Chip("neutral", words.of("apiToken.state.revoked"))
            : token.usable(now)
                ? new Chip("good", words.of("apiToken.state.usable"))
                : new Chip("neutral", words.of("apiToken.state.expired"));
    return new TokenRow(
        token.id(),
        token.name(),
        token.scopes().stream()
            .sorted()
            .map(scope -> words.of("apiToken.scope." + scope))
            .collect(Collectors.joining(", ")),
        words.of("apiToken.ending", token.ending()),
        state,
        token.usable(now),
        formats.moment(token.createdAt()),
        formats.moment(token.expiresAt()),
        formats.momentOrNull(token.lastUsedAt()));
  }
}
