package org.alignmentworkbench.app.security;

import org.alignmentworkbench.db.person.Role;

/// The name under which Spring Security knows a role.
final class Authority {
  private Authority() {}

  static String of(Role role) {
    return "ROLE_" + role.name();
  }
}
