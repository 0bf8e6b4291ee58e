package org.alignmentworkbench.annotation.language;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.util.WebUtils;

/// Finds the language of a page: what this person has chosen, else what was chosen in this browser,
/// else the first of the browser's own languages that there are words for, else English.
///
/// Asked for only where a page needs words, so that files of styles and scripts read no person.
public final class PageLanguage implements LocaleResolver {
  /// The languages there are words for. A further one is a message file of each kind, and a row
  /// here.
  public static final List<Locale> KNOWN = List.of(Locale.ENGLISH, Locale.of("ar"));

  /// Holds what was chosen in a browser, for the pages before sign-in.
  static final String COOKIE = "language";

  private static final String FOUND = PageLanguage.class.getName();

  private final PersonSettingRepository settings;

  PageLanguage(PersonSettingRepository settings) {
    this.settings = settings;
  }

  /// The language of a code; empty where there are no words for it.
  static Optional<Locale> known(@Nullable String code) {
    return KNOWN.stream().filter(locale -> locale.getLanguage().equals(code)).findFirst();
  }

  @Override
  public Locale resolveLocale(HttpServletRequest request) {
    // One page asks many times.
    if (request.getAttribute(FOUND) instanceof Locale found) {
      return found;
    }
    Locale locale = ofPerson().or(() -> ofBrowser(request)).orElseGet(() -> accepted(request));
    request.setAttribute(FOUND, locale);
    return locale;
  }

  private Optional<Locale> ofPerson() {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    return who != null && who.getPrincipal() instanceof SignedInPerson person
        ? known(settings.of(person.personId()).language())
        : Optional.empty();
  }

  private static Optional<Locale> ofBrowser(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, COOKIE);
    return known(cookie == null ? null : cookie.getValue());
  }

  private static Locale accepted(HttpServletRequest request) {
    // Without the header a servlet names the machine's own language.
    if (request.getHeader(HttpHeaders.ACCEPT_LANGUAGE) == null) {
      return Locale.ENGLISH;
    }
    return Collections.list(request.getLocales()).stream()
        .flatMap(locale -> known(locale.getLanguage()).stream())
        .findFirst()
        .orElse(Locale.ENGLISH);
  }

  @Override
  public void setLocale(
      HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
    throw new UnsupportedOperationException("a language is chosen by LanguageController");
  }
}
