package org.alignmentworkbench.app.security;

import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;

/// The name under which Spring Security knows a role, and a token's scope.
final class Authority {
  private Authority() {}

  static String of(Role role) {
    return "ROLE_" + role.name();
  }

  static String of(Scope scope) {
    return "SCOPE_" + scope.name();
  }
}
