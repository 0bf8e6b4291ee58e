package org.alignmentworkbench.app.security;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.person.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/// Decides one rule of [ApiRules], and remembers why not.
final class ApiAccess implements AuthorizationManager<RequestAuthorizationContext> {
  private final ApiRules.Rule rule;

  ApiAccess(ApiRules.Rule rule) {
    this.rule = rule;
  }

  /// What a rule came to.
  enum Decision implements AuthorizationResult {
    GRANTED,
    /// The person may not: for them it is not there.
    WRONG_ROLE,
    /// The person may, this token may not.
    WRONG_SCOPE;

    @Override
    public boolean isGranted() {
      return this == GRANTED;
    }
  }

  @Override
  public AuthorizationResult authorize(
      Supplier<? extends @Nullable Authentication> who, RequestAuthorizationContext context) {
    Authentication authentication = who.get();
    Set<String> authorities =
        authentication == null
            ? Set.of()
            : authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .collect(Collectors.toSet());
    if (rule.roles().stream().map(Authority::of).noneMatch(authorities::contains)) {
      return Decision.WRONG_ROLE;
    }
    if (rule.scopes().stream().map(Authority::of).noneMatch(authorities::contains)) {
      context
          .getRequest()
          .setAttribute(
              WANTED,
              rule.scopes().stream()
                  .sorted()
                  .map(Scope::title)
                  .collect(Collectors.joining(" or ")));
      return Decision.WRONG_SCOPE;
    }
    return Decision.GRANTED;
  }

  /// The request's attribute that names the scopes that would have been enough.
  static final String WANTED = ApiAccess.class.getName() + ".wanted";
}
