package org.alignmentworkbench.app.security;

import static org.alignmentworkbench.db.person.Role.ADMIN;
import static org.alignmentworkbench.db.person.Role.ANNOTATOR;
import static org.alignmentworkbench.db.person.Role.ENGINEER;
import static org.alignmentworkbench.db.person.Role.LEAD;
import static org.alignmentworkbench.db.person.Role.VIEWER;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;

/// The whole table of who may call what of the API: the scope that the token must have, and the
/// roles that its person must have one of. The first rule whose method and pattern fit decides;
/// what no rule names is refused.
public final class ApiRules {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Set<Role> LABELLING = EnumSet.of(ADMIN, LEAD, ENGINEER, ANNOTATOR);
  private static final Set<Role> LOOKING = EnumSet.of(ADMIN, LEAD, ENGINEER, VIEWER);
  private static final Set<Role> RUNNING = EnumSet.of(ADMIN, LEAD, ENGINEER);
  private static final Set<Role> LEADING = EnumSet.of(ADMIN, LEAD);
  private static final Set<Role> ADMINISTERING = EnumSet.of(ADMIN);

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
      List.of(
          new Rule(GET, "/api/v1/me", EnumSet.allOf(Scope.class), ALL),
          get("/api/v1/jobs", RUNNING),
          get("/api/v1/projects", LOOKING),
          post("/api/v1/projects", RUNNING),
          get("/api/v1/projects/*", LOOKING),
          get("/api/v1/projects/*/progress", LOOKING),
          get("/api/v1/projects/*/guidelines", LOOKING),
          lead(POST, "/api/v1/projects/*/guidelines"),
          get("/api/v1/projects/*/models", LOOKING),
          get("/api/v1/projects/*/datasets", LOOKING),
          post("/api/v1/projects/*/datasets", RUNNING),
          get("/api/v1/projects/*/datasets/*/files/*/refused", LOOKING),
          get("/api/v1/projects/*/evaluations", LOOKING),
          get("/api/v1/projects/*/quality", RUNNING),
          get("/api/v1/projects/*/judgements/exports", RUNNING),
          post("/api/v1/projects/*/judgements/exports", RUNNING),
          // A file of judgements holds everybody's: more than a look.
          new Rule(
              GET, "/api/v1/projects/*/judgements/exports/*/file", EnumSet.of(Scope.LEAD), RUNNING),
          get("/api/v1/projects/*/judgements/imports", RUNNING),
          post("/api/v1/projects/*/judgements/imports", RUNNING),
          get("/api/v1/projects/*/judgements/imports/*", RUNNING),
          get("/api/v1/projects/*/judgements/imports/*/refused", RUNNING),
          lead(GET, "/api/v1/projects/*/setups"),
          lead(POST, "/api/v1/projects/*/setups"),
          lead(GET, "/api/v1/projects/*/setups/*"),
          lead(POST, "/api/v1/projects/*/setups/*/dataset"),
          get("/api/v1/projects/*/setups/*/quality", RUNNING),
          lead(GET, "/api/v1/projects/*/setups/*/exports"),
          lead(POST, "/api/v1/projects/*/setups/*/exports"),
          lead(GET, "/api/v1/projects/*/setups/*/exports/*/file"),
          get("/api/v1/projects/*/rounds", LOOKING),
          lead(POST, "/api/v1/projects/*/rounds/*/close"),
          get("/api/v1/projects/*/checks", RUNNING),
          lead(PUT, "/api/v1/projects/*/checks/rule"),
          lead(POST, "/api/v1/projects/*/checks/people/*"),
          lead(PUT, "/api/v1/projects/*/comparisons/*/gold"),
          lead(DELETE, "/api/v1/projects/*/comparisons/*/gold"),
          lead(PUT, "/api/v1/projects/*/tasks/*/gold"),
          lead(DELETE, "/api/v1/projects/*/tasks/*/gold"),
          lead(GET, "/api/v1/projects/*/setups/*/adjudication"),
          lead(PUT, "/api/v1/projects/*/setups/*/adjudication/rule"),
          lead(GET, "/api/v1/projects/*/tasks/*/adjudication"),
          lead(POST, "/api/v1/projects/*/tasks/*/adjudication"),
          lead(POST, "/api/v1/projects/*/tasks/*/judgements/*/withdraw"),
          lead(GET, "/api/v1/projects/*/adjudication"),
          lead(GET, "/api/v1/projects/*/adjudication/*"),
          lead(POST, "/api/v1/projects/*/adjudication/*"),
          lead(POST, "/api/v1/projects/*/adjudication/*/judgements/*/withdraw"),
          lead(GET, "/api/v1/projects/*/members"),
          lead(PUT, "/api/v1/projects/*/members/rules"),
          lead(POST, "/api/v1/projects/*/members/people"),
          lead(DELETE, "/api/v1/projects/*/members/people/*"),
          lead(POST, "/api/v1/projects/*/members/cohorts"),
          lead(DELETE, "/api/v1/projects/*/members/cohorts/*"),
          lead(GET, "/api/v1/cohorts"),
          lead(POST, "/api/v1/cohorts"),
          lead(POST, "/api/v1/cohorts/*/members"),
          lead(DELETE, "/api/v1/cohorts/*/members/*"),
          lead(GET, "/api/v1/invitations"),
          lead(POST, "/api/v1/invitations"),
          lead(DELETE, "/api/v1/invitations/*"),
          lead(GET, "/api/v1/projects/*/webhooks"),
          lead(POST, "/api/v1/projects/*/webhooks"),
          lead(DELETE, "/api/v1/projects/*/webhooks/*"),
          lead(POST, "/api/v1/projects/*/webhooks/*/ping"),
          lead(GET, "/api/v1/projects/*/webhook-deliveries"),
          lead(POST, "/api/v1/projects/*/webhook-deliveries/*/replay"),
          post("/api/v1/projects/*/runs", RUNNING),
          get("/api/v1/runs", LOOKING),
          get("/api/v1/runs/*", LOOKING),
          get("/api/v1/runs/*/metrics", LOOKING),
          get("/api/v1/runs/*/log", LOOKING),
          post("/api/v1/runs/*/stop", RUNNING),
          post("/api/v1/runs/*/restart", RUNNING),
          get("/api/v1/lineage/*", LOOKING),
          label(GET, "/api/v1/label/queues"),
          label(POST, "/api/v1/label/claims"),
          label(GET, "/api/v1/label/tasks/*"),
          label(DELETE, "/api/v1/label/tasks/*"),
          label(POST, "/api/v1/label/tasks/*/heartbeat"),
          label(PUT, "/api/v1/label/tasks/*/draft"),
          label(POST, "/api/v1/label/tasks/*/judgement"),
          label(POST, "/api/v1/label/tasks/*/skip"),
          label(POST, "/api/v1/label/tasks/*/attempts"),
          label(GET, "/api/v1/label/harms"),
          label(PUT, "/api/v1/label/harms"),
          label(GET, "/api/v1/label/languages"),
          label(PUT, "/api/v1/label/languages"),
          label(POST, "/api/v1/label/tasks/*/undo"),
          label(POST, "/api/v1/label/tasks/*/notes"),
          label(POST, "/api/v1/label/judgements/*/notes"),
          label(GET, "/api/v1/label/notes"),
          label(POST, "/api/v1/label/notes/*/replies"),
          lead(GET, "/api/v1/projects/*/notes"),
          lead(POST, "/api/v1/projects/*/notes/*/replies"),
          admin(GET, "/api/v1/people"),
          admin(POST, "/api/v1/people"),
          admin(PUT, "/api/v1/people/*/role"),
          admin(PUT, "/api/v1/people/*/active"),
          admin(POST, "/api/v1/people/*/reset"),
          admin(POST, "/api/v1/people/*/pseudonym"),
          admin(GET, "/api/v1/hours"),
          admin(GET, "/api/v1/audit"));

  private ApiRules() {}

  /// The table, in the order in which it is read.
  public static List<Rule> table() {
    return TABLE;
  }

  /// The rule that decides for a method and a path, whether of a request or of the document.
  public static Optional<Rule> find(HttpMethod method, String path) {
    PathContainer container = PathContainer.parsePath(path.replaceAll("\\{[^}]*}", "1"));
    return TABLE.stream()
        .filter(rule -> rule.method().equals(method))
        .filter(rule -> PathPatternParser.defaultInstance.parse(rule.pattern()).matches(container))
        .findFirst();
  }

  private static Rule get(String pattern, Set<Role> roles) {
    return new Rule(GET, pattern, EnumSet.of(Scope.READ), roles);
  }

  private static Rule post(String pattern, Set<Role> roles) {
    return new Rule(POST, pattern, EnumSet.of(Scope.LEAD), roles);
  }

  private static Rule label(HttpMethod method, String pattern) {
    return new Rule(method, pattern, EnumSet.of(Scope.LABEL), LABELLING);
  }

  private static Rule lead(HttpMethod method, String pattern) {
    return new Rule(method, pattern, EnumSet.of(Scope.LEAD), LEADING);
  }

  private static Rule admin(HttpMethod method, String pattern) {
    return new Rule(method, pattern, EnumSet.of(Scope.ADMIN), ADMINISTERING);
  }
}
