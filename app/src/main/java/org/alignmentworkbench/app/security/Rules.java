package org.alignmentworkbench.app.security;

import static org.alignmentworkbench.db.person.Role.ADMIN;
import static org.alignmentworkbench.db.person.Role.ANNOTATOR;
import static org.alignmentworkbench.db.person.Role.ENGINEER;
import static org.alignmentworkbench.db.person.Role.LEAD;
import static org.alignmentworkbench.db.person.Role.VIEWER;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.db.person.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/// The whole table of who may call what. The first rule whose method and pattern fit decides; what
/// no rule names is refused. Patterns are Spring's path patterns.
public final class Rules {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Set<Role> LABELLING = EnumSet.of(ADMIN, LEAD, ENGINEER, ANNOTATOR);
  private static final Set<Role> LOOKING = EnumSet.of(ADMIN, LEAD, ENGINEER, VIEWER);
  private static final Set<Role> RUNNING = EnumSet.of(ADMIN, LEAD, ENGINEER);
  private static final Set<Role> LEADING = EnumSet.of(ADMIN, LEAD);
  private static final Set<Role> ADMINISTERING = EnumSet.of(ADMIN);

  /// One line of the table.
  ///
  /// @param method null for any method
  /// @param pattern the path
  /// @param roles who may; empty when everybody may, signed in or not
  public record Rule(@Nullable HttpMethod method, String pattern, Set<Role> roles) {
    public Rule {
      roles = Set.copyOf(roles);
    }

    /// Whether the rule asks for nobody in particular.
    public boolean open() {
      return roles.isEmpty();
    }
  }

  private static final List<Rule> TABLE =
      List.of(
          open("/webjars/**"),
          open("/css/**"),
          open("/js/**"),
          open("/icons/**"),
          open("/favicon.ico"),
          open("/favicon.svg"),
          open("/error"),
          open("/api/openapi"),
          open("/api/openapi.yaml"),
          open("/setup"),
          open("/sign-in"),
          open("/link"),
          open("/invitation"),
          open("/language"),
          any("/sign-out", ALL),
          any("/", ALL),
          any("/session.json", ALL),
          any("/account/**", ALL),
          get("/api", ALL),
          any("/label/**", LABELLING),
          any("/projects/*/labelling/close", LEADING),
          any("/projects/*/labelling/setup/**", LEADING),
          any("/projects/*/adjudication/**", LEADING),
          any("/projects/*/notes/**", LEADING),
          get("/projects/*/checks", RUNNING),
          any("/projects/*/checks/**", LEADING),
          any("/projects/*/quality/comparisons/*/gold", LEADING),
          get("/projects/*/quality/comparisons/*", RUNNING),
          get("/projects/*/quality", RUNNING),
          any("/projects/*/quality/kinds/tasks/*/gold", LEADING),
          get("/projects/*/quality/kinds/tasks/*", RUNNING),
          get("/projects/*/quality/kinds", RUNNING),
          get("/projects/*/quality/kinds.json", RUNNING),
          get("/projects/*/quality.json", RUNNING),
          any("/playground/**", RUNNING),
          any("/projects/*/judgements/**", RUNNING),
          any("/projects/new", RUNNING),
          any("/projects/*/runs/new", RUNNING),
          post("/projects/*/datasets", RUNNING),
          any("/projects/*/webhooks/**", LEADING),
          any("/projects/*/people/**", LEADING),
          get("/projects/**", LOOKING),
          any("/projects/*/guideline/**", LEADING),
          get("/runs/**", LOOKING),
          any("/runs/*/stop", RUNNING),
          any("/runs/*/restart", RUNNING),
          get("/lineage/**", LOOKING),
          any("/invitations/**", LEADING),
          any("/cohorts/**", LEADING),
          any("/admin/**", ADMINISTERING));

  private Rules() {}

  /// The table, in the order in which it is read.
  public static List<Rule> table() {
    return TABLE;
  }

  private static Rule open(String pattern) {
    return new Rule(null, pattern, Set.of());
  }

  private static Rule any(String pattern, Set<Role> roles) {
    return new Rule(null, pattern, roles);
  }

  private static Rule post(String pattern, Set<Role> roles) {
    return new Rule(HttpMethod.POST, pattern, roles);
  }

  private static Rule get(String pattern, Set<Role> roles) {
    return new Rule(HttpMethod.GET, pattern, roles);
  }
}
