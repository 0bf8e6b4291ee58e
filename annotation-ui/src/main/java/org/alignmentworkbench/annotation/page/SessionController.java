package org.alignmentworkbench.annotation.page;

import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells an open page who is signed in now and which token its next post needs, so that a page kept
/// open over a session's end can go on after signing in again in another tab.
@RestController
public final class SessionController {
  /// The session as a script sees it.
  public record Session(String username, String csrfHeader, String csrfToken) {}

  /// Answers 401 (see [ScriptedRequests]) when nobody is signed in.
  @GetMapping("/session.json")
  public ResponseEntity<Session> session(
      @AuthenticationPrincipal SignedInPerson person, CsrfToken csrf) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(new Session(person.username(), csrf.getHeaderName(), csrf.getToken()));
  }
}
