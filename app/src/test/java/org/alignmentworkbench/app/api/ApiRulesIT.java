package org.alignmentworkbench.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.security.ApiRules;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Walks every route of the API with every role and with tokens that lack the scope, against a
/// table written by hand here, and compares the generated document with the routes.
class ApiRulesIT {
  /// Roles as in RouteRulesIT, then the scope.
  private static final Map<String, String> ALLOWED = new TreeMap<>();

  static {
    allow("ALEV", Scope.READ, "GET /projects", "GET /projects/1", "GET /projects/1/progress");
    allow("ALEV", Scope.READ, "GET /projects/1/guidelines", "GET /projects/1/models");
    allow("ALEV", Scope.READ, "GET /projects/1/datasets", "GET /projects/1/evaluations");
    allow("ALEV", Scope.READ, "GET /runs", "GET /runs/1", "GET /runs/1/metrics", "GET /runs/1/log");
    allow("ALEV", Scope.READ, "GET /lineage/1");
    allow("ALE", Scope.READ, "GET /jobs", "GET /projects/1/quality");
    allow("ALE", Scope.READ, "GET /projects/1/judgements/exports");
    allow("ALE", Scope.LEAD, "GET /projects/1/judgements/exports/1/file");
    allow("ALE", Scope.LEAD, "POST /projects/1/judgements/exports", "POST /projects");
    allow("ALE", Scope.READ, "GET /projects/1/judgements/imports");
    allow("ALE", Scope.READ, "GET /projects/1/judgements/imports/1");
    allow("ALE", Scope.READ, "GET /projects/1/judgements/imports/1/refused");
    allow("ALE", Scope.LEAD, "POST /projects/1/judgements/imports", "POST /projects/1/runs");
    allow("AL", Scope.LEAD, "GET /projects/1/webhooks", "POST /projects/1/webhooks");
    allow("AL", Scope.LEAD, "DELETE /projects/1/webhooks/1", "POST /projects/1/webhooks/1/ping");
    allow("AL", Scope.LEAD, "GET /projects/1/webhook-deliveries");
    allow("AL", Scope.LEAD, "POST /projects/1/webhook-deliveries/1/replay");
    allow("AL", Scope.LEAD, "GET /projects/1/setups", "POST /projects/1/setups");
    allow("AL", Scope.LEAD, "GET /projects/1/setups/1", "POST /projects/1/setups/1/dataset");
    allow("ALE", Scope.READ, "GET /projects/1/setups/1/quality");
    allow("AL", Scope.LEAD, "GET /projects/1/setups/1/exports");
    allow("AL", Scope.LEAD, "POST /projects/1/setups/1/exports");
    allow("AL", Scope.LEAD, "GET /projects/1/setups/1/exports/1/file");
    allow("ALEV", Scope.READ, "GET /projects/1/rounds");
    allow("ALEV", Scope.READ, "GET /projects/1/datasets/1/files/1/refused");
    allow("ALE", Scope.READ, "GET /projects/1/checks");
    allow("ALE", Scope.LEAD, "POST /projects/1/datasets");
    allow("AL", Scope.LEAD, "POST /projects/1/guidelines", "POST /projects/1/rounds/1/close");
    allow("AL", Scope.LEAD, "PUT /projects/1/checks/rule", "POST /projects/1/checks/people/1");
    allow("AL", Scope.LEAD, "PUT /projects/1/comparisons/1/gold");
    allow("AL", Scope.LEAD, "DELETE /projects/1/comparisons/1/gold");
    allow("AL", Scope.LEAD, "PUT /projects/1/tasks/1/gold", "DELETE /projects/1/tasks/1/gold");
    allow("AL", Scope.LEAD, "GET /projects/1/adjudication", "GET /projects/1/adjudication/1");
    allow("AL", Scope.LEAD, "POST /projects/1/adjudication/1");
    allow("AL", Scope.LEAD, "POST /projects/1/adjudication/1/judgements/1/withdraw");
    allow("AL", Scope.LEAD, "GET /projects/1/setups/1/adjudication");
    allow("AL", Scope.LEAD, "PUT /projects/1/setups/1/adjudication/rule");
    allow("AL", Scope.LEAD, "GET /projects/1/tasks/1/adjudication");
    allow("AL", Scope.LEAD, "POST /projects/1/tasks/1/adjudication");
    allow("AL", Scope.LEAD, "POST /projects/1/tasks/1/judgements/1/withdraw");
    allow("AL", Scope.LEAD, "GET /projects/1/members", "PUT /projects/1/members/rules");
    allow("AL", Scope.LEAD, "POST /projects/1/members/people");
    allow("AL", Scope.LEAD, "DELETE /projects/1/members/people/1");
    allow("AL", Scope.LEAD, "POST /projects/1/members/cohorts");
    allow("AL", Scope.LEAD, "DELETE /projects/1/members/cohorts/1");
    allow("AL", Scope.LEAD, "GET /cohorts", "POST /cohorts", "POST /cohorts/1/members");
    allow("AL", Scope.LEAD, "DELETE /cohorts/1/members/1", "GET /invitations");
    allow("AL", Scope.LEAD, "POST /invitations", "DELETE /invitations/1");
    allow("ALE", Scope.LEAD, "POST /runs/1/stop", "POST /runs/1/restart");
    allow("ALEN", Scope.LABEL, "GET /label/queues", "POST /label/claims", "GET /label/tasks/1");
    allow("ALEN", Scope.LABEL, "DELETE /label/tasks/1", "POST /label/tasks/1/heartbeat");
    allow("ALEN", Scope.LABEL, "PUT /label/tasks/1/draft", "POST /label/tasks/1/judgement");
    allow("ALEN", Scope.LABEL, "POST /label/tasks/1/skip", "POST /label/tasks/1/attempts");
    allow("ALEN", Scope.LABEL, "GET /label/harms", "PUT /label/harms");
    allow("ALEN", Scope.LABEL, "GET /label/languages", "PUT /label/languages");
    allow("ALEN", Scope.LABEL, "POST /label/tasks/1/skip", "POST /label/tasks/1/undo");
    allow("ALEN", Scope.LABEL, "POST /label/tasks/1/notes", "GET /label/notes");
    allow("ALEN", Scope.LABEL, "POST /label/judgements/1/notes", "POST /label/notes/1/replies");
    allow("AL", Scope.LEAD, "GET /projects/1/notes", "POST /projects/1/notes/1/replies");
    allow("A", Scope.ADMIN, "GET /people", "POST /people", "PUT /people/1/role", "GET /audit");
    allow("A", Scope.ADMIN, "PUT /people/1/active", "POST /people/1/reset", "GET /hours");
    allow("A", Scope.ADMIN, "POST /people/1/pseudonym");
  }

  private static void allow(String roles, Scope scope, String... routes) {
    for (String route : routes) {
      ALLOWED.put(route, roles + " " + scope);
    }
  }

  private static RunningServer server;
  private static final Map<Role, Program> ALL = new EnumMap<>(Role.class);
  private static final Map<Role, Map<Scope, Program>> WITHOUT = new EnumMap<>(Role.class);

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    for (Role role : Role.values()) {
      Person person = server.person(role.name().toLowerCase(java.util.Locale.ROOT), role);
      ALL.put(role, new Program(server, person, Scope.of(role)));
      Map<Scope, Program> without = new EnumMap<>(Scope.class);
      for (Scope scope : Scope.of(role)) {
        Set<Scope> rest = EnumSet.copyOf(Scope.of(role));
        rest.remove(scope);
        if (!rest.isEmpty()) {
          without.put(scope, new Program(server, person, rest));
        }
      }
      WITHOUT.put(role, without);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Every mapped route as `GET /projects/1/models`.
  private static Set<String> mapped() {
    Set<String> routes = new TreeSet<>();
    server
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(info ->
            info.getPatternValues().stream()
                .filter(pattern -> pattern.startsWith("/api/v1/"))
                .forEach(pattern ->
                    info.getMethodsCondition()
                        .getMethods()
                        .forEach(method -> routes.add(method + " " + plain(pattern)))));
    return routes;
  }

  private static String plain(String pattern) {
    return pattern
        .replace("/api/v1", "")
        // A variable with its expression, whose own braces are one level deep.
        .replaceAll("\\{[^{}]*(\\{[^{}]*}[^{}]*)*}", "1");
  }

  private static HttpResponse<String> ask(Program program, String route) {
    String[] parts = route.split(" ", 2);
    // Numbers that nobody has, so that nothing is changed by asking.
    String path =
        "/api/v1"
            + parts[1]
                .replace("/lineage/1", "/lineage/" + "0".repeat(64))
                .replace("/files/1", "/files/" + "0".repeat(64))
                .replaceAll("/1(?=/|$)", "/999999");
    if (route.equals("GET /hours")) {
      return program.get(path + "?from=2026-01-01&to=2026-01-02");
    }
    return parts[0].equals("POST") && (route.endsWith("/imports") || route.endsWith("/datasets"))
        ? program.send(parts[0], path + "?name=x", "x", "Content-Type", "application/octet-stream")
        : program.send(parts[0], path, parts[0].equals("GET") ? null : "{}");
  }

  /// Whether the rules turned a request away, before any handler saw it.
  private static boolean turnedAway(HttpResponse<String> answer) {
    return answer.statusCode() == 404
        && JsonMapper.shared()
            .readTree(answer.body())
            .path("detail")
            .asString("")
            .equals("nothing is here");
  }

  @Test
  void every_route_is_in_the_table_and_has_one_rule() {
    Set<String> mapped = mapped();
    mapped.remove("GET /me");
    assertThat(mapped).isEqualTo(ALLOWED.keySet());
    for (String route : mapped) {
      String[] parts = route.split(" ", 2);
      assertThat(ApiRules.find(HttpMethod.valueOf(parts[0]), "/api/v1" + parts[1]))
          .as(route)
          .isPresent();
    }
  }

  /// The table of the documentation: a page's route, and the API's or why there is none.
  private static Map<String, String> twins() throws IOException {
    Map<String, String> twins = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/api.md"))) {
      String[] cells = line.split(" *\\| *", -1);
      if (cells.length == 4 && cells[1].matches("`(POST|PUT|DELETE) .*`")) {
        twins.put(cells[1].replace("`", ""), cells[2]);
      }
    }
    return twins;
  }

  @Test
  void what_a_page_changes_a_program_can_change_or_the_documentation_says_why_not()
      throws IOException {
    Map<String, String> twins = twins();
    Set<String> pages = new TreeSet<>();
    server
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(info ->
            info.getPatternValues().stream()
                .filter(pattern -> !pattern.startsWith("/api/") && !pattern.startsWith("/local/"))
                .forEach(pattern ->
                    info.getMethodsCondition().getMethods().stream()
                        .filter(method -> method != RequestMethod.GET)
                        .forEach(method -> pages.add(method + " " + plain(pattern)))));
    // The server's own filters answer these.
    pages.add("POST /sign-in");
    pages.add("POST /sign-out");
    assertThat(twins.keySet()).isEqualTo(pages);
    twins.forEach((page, twin) -> {
      if (twin.startsWith("`")) {
        assertThat(mapped()).as(page).contains(twin.replace("`", ""));
      } else {
        assertThat(twin).as(page).hasSizeGreaterThan(10);
      }
    });
  }

  @Test
  void each_role_reaches_what_the_table_says_and_the_rest_is_not_there() {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      String letter = role == Role.ANNOTATOR ? "N" : role.name().substring(0, 1);
      for (String route : ALLOWED.keySet()) {
        boolean may = ALLOWED.get(route).split(" ")[0].contains(letter);
        HttpResponse<String> answer = ask(ALL.get(role), route);
        if (turnedAway(answer) == may || answer.statusCode() == 403 || answer.statusCode() >= 500) {
          wrong.add(role + " " + route + " gave " + answer.statusCode() + " " + answer.body());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void a_token_without_the_scope_hears_which_one_it_lacks() {
    List<String> wrong = new ArrayList<>();
    int asked = 0;
    for (Role role : Role.values()) {
      String letter = role == Role.ANNOTATOR ? "N" : role.name().substring(0, 1);
      for (String route : ALLOWED.keySet()) {
        String[] allowed = ALLOWED.get(route).split(" ");
        Program program = WITHOUT.get(role).get(Scope.valueOf(allowed[1]));
        if (!allowed[0].contains(letter) || program == null) {
          continue;
        }
        HttpResponse<String> answer = ask(program, route);
        asked++;
        if (answer.statusCode() != 403
            || !answer.body().contains("scope " + Scope.valueOf(allowed[1]).title())) {
          wrong.add(role + " " + route + " gave " + answer.statusCode() + " " + answer.body());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(asked).isGreaterThan(ALLOWED.size());
  }

  @Test
  void the_document_names_every_route_with_words_and_scope_and_no_other() {
    HttpResponse<String> answer =
        new org.alignmentworkbench.app.Browser(server.url()).send("GET", "/api/openapi");
    JsonNode document = Program.json(answer, 200);
    assertThat(document.path("openapi").asString()).startsWith("3.");
    Set<String> documented = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method -> {
                  documented.add(
                      method.getKey().toUpperCase(java.util.Locale.ROOT)
                          + " "
                          + plain(path.getKey()));
                  JsonNode operation = method.getValue();
                  String route = method.getKey() + " " + path.getKey();
                  assertThat(operation.path("summary").asString("")).as(route).isNotBlank();
                  assertThat(operation.path("x-scopes").size()).as(route).isPositive();
                  assertThat(operation.path("responses").has("401")).as(route).isTrue();
                  assertThat(path.getKey())
                      .as("no expression is left in a path")
                      .doesNotContain("[");
                }));
    assertThat(documented).isEqualTo(mapped());
    assertThat(
            document
                .at("/components/schemas/Problem/properties/faults/additionalProperties/type")
                .asString(""))
        .isEqualTo("string");
    // Nothing of the server's own inside is described.
    assertThat(answer.body()).doesNotContain("java.", "org.alignmentworkbench");
  }

  @Test
  void the_page_shows_every_operation_with_a_line_to_try_it_by() {
    var browser = server.signedIn("annotator");
    String page = browser.get("/api").body();
    for (JsonNode path :
        List.of(
            JsonMapper.shared()
                .readTree(browser.send("GET", "/api/openapi").body())
                .path("paths"))) {
      path.properties().forEach(entry -> assertThat(page).contains(entry.getKey()));
    }
    assertThat(page)
        .contains("curl -X POST -H &quot;Authorization: Bearer $TOKEN&quot;")
        .contains("--data-binary @FILE")
        .doesNotContain("awb_");
  }
}
