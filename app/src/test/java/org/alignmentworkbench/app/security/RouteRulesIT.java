package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.app.token.ReadableProject;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Walks every route the application maps with every role and with nobody, against a table written
/// by hand here. A new route that is not in the table fails the test.
class RouteRulesIT {
  /// Who may: one letter for each role, and `*` for everybody, signed in or not. A administrator, L
  /// lead, E engineer, N annotator, V viewer.
  private static final Map<String, String> ALLOWED = new TreeMap<>();

  static {
    allow("*", "GET /sign-in", "GET /setup", "POST /setup", "GET /link", "POST /link");
    allow("*", "GET /error", "POST /error");
    allow("*", "GET /invitation", "POST /invitation");
    allow("*", "POST /language");
    allow("ALENV", "GET /", "GET /session.json");
    allow("ALENV", "GET /account/password", "POST /account/password");
    allow("*", "GET /api/openapi", "GET /api/openapi.yaml");
    allow("ALENV", "GET /api");
    allow("AL", "GET /projects/{p}/webhooks", "POST /projects/{p}/webhooks");
    allow("AL", "POST /projects/{p}/webhooks/{id}/ping", "POST /projects/{p}/webhooks/{id}/remove");
    allow("AL", "POST /projects/{p}/webhooks/deliveries/{id}/replay");
    allow("ALENV", "GET /account/tokens", "POST /account/tokens");
    allow("ALENV", "POST /account/tokens/{id}/revoke");
    allow("ALENV", "GET /account/sessions", "POST /account/sessions/others/end");
    allow("ALENV", "POST /account/sessions/{id}/end");
    allow("ALENV", "GET /account/languages", "POST /account/languages");
    allow("ALENV", "GET /account/identity", "POST /account/identity");
    allow("ALENV", "POST /account/identity/forget");
    allow("ALEV", "GET /projects", "GET /projects/{p}", "GET /projects/{p}/runs");
    allow("ALEV", "GET /projects/{p}/models", "GET /projects/{p}/prompts");
    allow("ALEV", "GET /projects/{p}/prompts/{q}", "GET /projects/{p}/evaluations");
    allow("ALEV", "GET /projects/{p}/evaluations/{e}");
    allow("ALEV", "GET /runs", "GET /runs/{r}", "GET /runs/{r}/status", "GET /runs/{r}/events");
    allow("ALEV", "GET /runs/{r}/curves.json", "GET /runs/{r}/metrics.csv");
    allow("ALEV", "GET /runs/{r}/log.txt", "GET /lineage", "GET /lineage/{h}");
    allow("ALEV", "GET /projects/{p}/models/{m}/tokens");
    allow("ALEV", "GET /projects/{p}/datasets/{d}/rows/{n}");
    allow("ALEV", "GET /projects/{p}/datasets/{d}/files/{id}/refused");
    allow("ALE", "POST /projects/{p}/datasets");
    allow("ALEV", "GET /projects/{p}/labelling");
    allow("ALEV", "GET /projects/{p}/guideline");
    allow("AL", "POST /projects/{p}/guideline");
    allow("ALE", "GET /projects/{p}/checks");
    allow("AL", "GET /projects/{p}/adjudication", "GET /projects/{p}/adjudication/{t}");
    allow("AL", "POST /projects/{p}/adjudication/{t}");
    allow("AL", "POST /projects/{p}/adjudication/{t}/withdraw");
    allow("AL", "GET /projects/{p}/adjudication/kinds");
    allow("AL", "POST /projects/{p}/adjudication/kinds/rule");
    allow("AL", "GET /projects/{p}/adjudication/kinds/{id}");
    allow("AL", "POST /projects/{p}/adjudication/kinds/{id}");
    allow("AL", "POST /projects/{p}/adjudication/kinds/{id}/withdraw");
    allow("AL", "GET /projects/{p}/notes", "GET /projects/{p}/notes/{id}");
    allow("AL", "POST /projects/{p}/notes/{id}");
    allow("AL", "POST /projects/{p}/checks", "POST /projects/{p}/checks/people/{who}");
    allow("AL", "GET /projects/{p}/labelling/close", "POST /projects/{p}/labelling/close");
    allow("AL", "GET /projects/{p}/labelling/setup", "POST /projects/{p}/labelling/setup");
    allow("AL", "GET /projects/{p}/labelling/setup/{id}/answers.jsonl");
    allow("AL", "GET /projects/{p}/labelling/setup/{id}/answers.csv");
    allow("AL", "GET /projects/{p}/labelling/setup/{id}/answers.parquet");
    allow("AL", "POST /projects/{p}/labelling/setup/{id}/dataset");
    allow("ALE", "GET /projects/{p}/judgements", "POST /projects/{p}/judgements/exports");
    allow("ALE", "GET /projects/{p}/judgements/exports/{id}/file");
    allow("ALE", "POST /projects/{p}/judgements/imports");
    allow("ALE", "GET /projects/{p}/judgements/imports/{id}/refused");
    allow("ALEV", "GET /runs/{r}/settings.yaml", "GET /projects/{p}/runs/compare");
    allow("ALE", "POST /runs/{r}/stop", "POST /runs/{r}/restart");
    allow("ALE", "GET /projects/{p}/runs/new", "POST /projects/{p}/runs/new");
    allow("ALE", "GET /projects/new", "POST /projects/new");
    allow("ALE", "GET /projects/{p}/quality", "GET /projects/{p}/quality.json");
    allow("ALE", "GET /projects/{p}/quality/comparisons/{t}");
    allow("ALE", "GET /projects/{p}/quality/kinds/tasks/{id}");
    allow("AL", "POST /projects/{p}/quality/kinds/tasks/{id}/gold");
    allow("ALE", "GET /projects/{p}/quality/kinds", "GET /projects/{p}/quality/kinds.json");
    allow("AL", "POST /projects/{p}/quality/comparisons/{t}/gold");
    allow("ALE", "GET /playground", "POST /playground/answers");
    allow("AL", "GET /invitations", "POST /invitations", "POST /invitations/{id}/revoke");
    allow("AL", "GET /projects/{p}/people", "POST /projects/{p}/people");
    allow("AL", "POST /projects/{p}/people/names", "POST /projects/{p}/people/names/{id}/remove");
    allow("AL", "POST /projects/{p}/people/cohorts");
    allow("AL", "POST /projects/{p}/people/cohorts/{id}/remove");
    allow("AL", "GET /cohorts", "POST /cohorts", "POST /cohorts/{id}/members");
    allow("AL", "POST /cohorts/{id}/members/{member}/remove");
    allow("A", "GET /admin", "GET /admin/people", "POST /admin/people", "GET /admin/audit");
    allow("A", "POST /admin/people/{id}/role", "POST /admin/people/{id}/active");
    allow("A", "POST /admin/people/{id}/reset");
    allow("A", "GET /admin/people/{id}/pseudonym", "POST /admin/people/{id}/pseudonym");
    allow("A", "GET /admin/hours", "GET /admin/hours.csv");
  }

  private static void allow(String roles, String... routes) {
    for (String route : routes) {
      ALLOWED.put(route, roles);
    }
  }

  private static RunningServer server;
  private static SeededProject project;
  private static ReadableProject readable;
  private static final Map<Role, Browser> BROWSERS = new EnumMap<>(Role.class);

  @BeforeAll
  static void start() throws IOException {
    server = new RunningServer("--workbench.worker=false");
    project = new SeededProject(server);
    readable = new ReadableProject(server);
    for (Role role : Role.values()) {
      String name = role.name().toLowerCase(java.util.Locale.ROOT);
      server.person(name, role);
      BROWSERS.put(role, server.signedIn(name));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// `GET /runs/{id:[0-9]{1,18}}` becomes `GET /runs/{r}`, by the names used above.
  private static String plain(String method, String pattern) {
    String path =
        pattern
            .replaceAll("\\{projectId[^}]*\\}?\\}", "{p}")
            .replaceAll("\\{promptId[^}]*\\}?\\}", "{q}")
            .replaceAll("\\{evaluationId[^}]*\\}?\\}", "{e}")
            .replaceAll("\\{modelId[^}]*\\}?\\}", "{m}")
            .replaceAll("\\{datasetId[^}]*\\}?\\}", "{d}")
            .replaceAll("\\{taskId[^}]*\\}?\\}", "{t}")
            .replaceAll("\\{personId[^}]*\\}?\\}", "{who}")
            .replaceAll("\\{key[^}]*\\}?\\}", "{id}")
            .replaceAll("\\{memberId[^}]*\\}?\\}", "{member}")
            .replaceAll("\\{number[^}]*\\}?\\}", "{n}")
            .replaceAll("\\{sha256[^}]*\\}?\\}", "{h}");
    path =
        path.startsWith("/runs")
            ? path.replaceAll("\\{id[^}]*\\}?\\}", "{r}")
            : path.replaceAll("\\{id[^}]*\\}?\\}", "{id}");
    return method + " " + path;
  }

  private static List<String> mapped() {
    TreeSet<String> routes = new TreeSet<>();
    server
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach((info, handler) -> {
          for (String pattern : info.getPatternValues()) {
            var methods = info.getMethodsCondition().getMethods();
            if (methods.isEmpty()) {
              routes.add(plain("GET", pattern));
              routes.add(plain("POST", pattern));
            }
            methods.forEach(method -> routes.add(plain(method.name(), pattern)));
          }
        });
    return new ArrayList<>(routes);
  }

  private static String concrete(String route) {
    boolean texts = route.contains("{m}") || route.contains("{d}");
    return route
        .substring(route.indexOf(' ') + 1)
        .replace("{p}", String.valueOf(texts ? readable.projectId : project.projectId))
        .replace("{m}", String.valueOf(readable.modelId))
        .replace("{d}", String.valueOf(readable.datasetId))
        .replace("{n}", "0")
        .replace("{t}", String.valueOf(project.taskId))
        .replace("{q}", String.valueOf(project.promptId))
        .replace("{e}", String.valueOf(project.evaluationId))
        .replace("{h}", project.datasetSha)
        .replace("{r}", String.valueOf(project.finishedRun))
        .replace("{id}", "999999")
        .replace("{member}", "999999")
        // The desk's own variables.
        .replaceAll("\\{[^{}]*(\\{[^{}]*}[^{}]*)*}", "1");
  }

  @Test
  void every_route_is_in_the_table() {
    List<String> unknown =
        mapped().stream()
            // Own chains with tokens of their own, tested in SignInIT and ApiRulesIT; the desk has
            // its own table.
            .filter(route -> !route.contains(" /local/") && !route.contains(" /label"))
            .filter(route -> !route.contains(" /api/v1/"))
            .filter(route -> !ALLOWED.containsKey(route))
            .toList();
    assertThat(unknown).isEmpty();
    assertThat(mapped()).containsAll(ALLOWED.keySet());
  }

  @Test
  void nobody_reaches_more_than_the_doors() {
    Browser nobody = new Browser(server.url());
    List<String> wrong = new ArrayList<>();
    for (String route : mapped()) {
      if (route.contains(" /local/")) {
        continue;
      }
      boolean get = route.startsWith("GET");
      var answer =
          get
              ? nobody.get(concrete(route))
              : nobody.post(concrete(route), Map.of("x", "y"), nobody.csrf("/sign-in"));
      // Scripts hear 401, people are sent to the door.
      boolean turnedAway =
          answer.statusCode() == 401
              || answer.statusCode() == 302 && Browser.location(answer).endsWith("/sign-in");
      boolean open = "*".equals(ALLOWED.get(route));
      if (open == turnedAway) {
        wrong.add(route + " gave " + answer.statusCode() + " " + Browser.location(answer));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void each_role_reaches_what_the_table_says_and_the_rest_is_not_there() {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      Browser browser = BROWSERS.get(role);
      String csrf = browser.csrf("/account/password");
      String letter = role == Role.ANNOTATOR ? "N" : role.name().substring(0, 1);
      for (String route : ALLOWED.keySet()) {
        if (ALLOWED.get(route).equals("*")) {
          continue;
        }
        boolean may = ALLOWED.get(route).contains(letter);
        boolean get = route.startsWith("GET");
        int status =
            (get
                    ? browser.get(concrete(route))
                    : browser.post(concrete(route), Map.of("x", "y"), csrf))
                .statusCode();
        // What is missing in the request is told only to those who may ask; people of the pattern
        // {id} do not exist, so those rows are compared in PeopleIT.
        boolean reached = status != 404;
        if (!route.contains("{id}") && !route.equals("GET /lineage") && reached != may) {
          wrong.add(role + " " + route + " gave " + status);
        }
        if (!may && status != 404) {
          wrong.add(role + " " + route + " was answered " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void every_page_carries_the_strict_headers() {
    Browser browser = BROWSERS.get(Role.ADMIN);
    for (String route : ALLOWED.keySet()) {
      if (!route.startsWith("GET")) {
        continue;
      }
      var headers = browser.get(concrete(route)).headers();
      assertThat(headers.firstValue("Content-Security-Policy"))
          .as(route)
          .hasValue(SecurityConfiguration.CONTENT_SECURITY_POLICY);
      assertThat(headers.firstValue("X-Content-Type-Options")).as(route).hasValue("nosniff");
      assertThat(headers.firstValue("X-Frame-Options")).as(route).hasValue("DENY");
      assertThat(headers.firstValue("Referrer-Policy")).as(route).hasValue("same-origin");
    }
    assertThat(SecurityConfiguration.CONTENT_SECURITY_POLICY).doesNotContain("unsafe");
  }

  @Test
  void a_thing_of_another_project_is_not_there() {
    Browser browser = BROWSERS.get(Role.VIEWER);
    assertThat(browser.get("/projects/424242").statusCode()).isEqualTo(404);
    assertThat(browser.get("/projects/424242/prompts/" + project.promptId).statusCode())
        .isEqualTo(404);
    assertThat(browser.get("/runs/424242").statusCode()).isEqualTo(404);
    assertThat(browser.get("/lineage/" + "0".repeat(64)).statusCode()).isEqualTo(404);
    assertThat(browser.get("/runs/abc").statusCode()).isEqualTo(404);
    assertThat(browser.get("/no-such-room").statusCode()).isEqualTo(404);
  }
}
