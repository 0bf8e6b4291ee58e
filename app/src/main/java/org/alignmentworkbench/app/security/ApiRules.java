package org.alignmentworkbench.app.security;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.springframework.http.HttpMethod;

/// The whole table of who may call what of the API: the scope that the token must have, and the
/// roles that its person must have one of. The first rule whose method and pattern fit decides;
/// what no rule names is refused.
public final class ApiRules {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);

  /// One line of the table.
  ///
  /// @param scopes any one of them is enough
  public record Rule(HttpMethod method, String pattern, Set<Scope> scopes, Set<Role> roles) {
    public Rule {
      scopes = Set.copyOf(scopes);
      roles = Set.copyOf(roles);
    }
  }

  private static final List<Rule> TABLE =
      List.of(new Rule(HttpMethod.GET, "/api/v1/me", EnumSet.allOf(Scope.class), ALL));

  private ApiRules() {}

  /// The table, in the order in which it is read.
  public static List<Rule> table() {
    return TABLE;
  }
}
