package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.person.ApiToken;
import org.alignmentworkbench.db.person.Scope;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Whom a token stands for.
@Tag(name = "Token")
@RestController
class MeApi {
  /// The person and the token of this request.
  ///
  /// @param scopes what the token may do, as far as the role may too
  record Me(
      long id,
      String username,
      String displayName,
      String role,
      String token,
      List<String> scopes,
      Instant expiresAt) {}

  @Operation(summary = "Tells whom the token stands for, and what it may do")
  @GetMapping("/api/v1/me")
  Me me(Authentication authentication, @AuthenticationPrincipal Account account) {
    ApiToken token = (ApiToken) Objects.requireNonNull(authentication.getDetails());
    return new Me(
        account.personId(),
        account.username(),
        account.displayName(),
        account.role(),
        token.name(),
        token.scopes().stream().sorted().map(Scope::title).toList(),
        token.expiresAt());
  }
}
