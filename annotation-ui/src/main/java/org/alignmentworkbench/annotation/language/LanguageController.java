package org.alignmentworkbench.annotation.language;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/// Changes the language of the pages: for the person who is signed in, wherever they sign in next,
/// and for this browser, so that the sign-in page greets in it too.
@RestController
public final class LanguageController {
  private static final Duration KEPT = Duration.ofDays(365);

  private final PersonSettingRepository settings;

  LanguageController(PersonSettingRepository settings) {
    this.settings = settings;
  }

  /// Leads back to the page on which it was chosen.
  @PostMapping("/language")
  public ResponseEntity<Void> choose(
      @AuthenticationPrincipal @Nullable SignedInPerson person,
      @RequestParam("to") String to,
      @RequestParam(defaultValue = "/") String back,
      HttpServletRequest request) {
    Locale chosen =
        PageLanguage.known(to)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.BAD_REQUEST));
    if (person != null) {
      settings.setLanguage(person.personId(), chosen.getLanguage());
    }
    ResponseCookie cookie =
        ResponseCookie.from(PageLanguage.COOKIE, chosen.getLanguage())
            .path("/")
            .maxAge(KEPT)
            .httpOnly(true)
            .sameSite("Strict")
            .secure(request.isSecure())
            .build();
    return ResponseEntity.status(HttpStatus.FOUND)
        .header(HttpHeaders.SET_COOKIE, cookie.toString())
        .header(HttpHeaders.LOCATION, here(back) ? back : "/")
        .build();
  }

  /// Whether an address is one of this server: a path, and not one that names another host.
  static boolean here(String back) {
    return back.matches("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]*");
  }
}
