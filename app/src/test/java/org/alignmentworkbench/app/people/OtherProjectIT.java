package org.alignmentworkbench.app.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.Routes;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.app.token.ReadableProject;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Each address with a number in it, asked for by people of another project: whatever role they
/// have, what they may not see is not there.
class OtherProjectIT {
  private static RunningServer server;
  private static Routes routes;
  private static SeededProject foreign;
  private static ReadableProject texts;
  private static long ownProject;
  private static final Map<Role, Browser> OUTSIDERS = new HashMap<>();
  private static Browser admin;
  private static Browser member;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer("--workbench.worker=false");
    foreign = new SeededProject(server);
    texts = new ReadableProject(server);
    routes = new Routes(server, foreign, texts);
    ownProject = server.bean(ProjectRepository.class).create("own-project", 1, "{}").id();
    for (Role role : List.of(Role.LEAD, Role.ENGINEER, Role.ANNOTATOR, Role.VIEWER)) {
      String name = "outsider-" + role.name().toLowerCase(java.util.Locale.ROOT);
      server.person(name, role);
      OUTSIDERS.put(role, server.signedIn(name));
    }
    server.person("root-admin", Role.ADMIN);
    admin = server.signedIn("root-admin");
    server.person("insider", Role.LEAD);
    member = server.signedIn("insider");
    MembershipRepository memberships = server.bean(MembershipRepository.class);
    for (long project : List.of(foreign.projectId, texts.projectId)) {
      memberships.set(project, true, null, List.of());
      memberships.addPerson(project, "insider", null);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Every route that names something of a project.
  private static List<Routes.Call> calls(long project) {
    return routes.all(project).stream()
        .filter(call ->
            call.pattern().startsWith("/projects/{")
                || call.pattern().startsWith("/runs/{")
                || call.pattern().startsWith("/lineage/{"))
        .toList();
  }

  private static int status(Browser browser, String csrf, Routes.Call call) {
    return (call.get()
            ? call.path().endsWith(".json")
                ? browser.send("GET", call.path(), "Accept", "application/json")
                : browser.get(call.path())
            : browser.post(call.path(), Map.of("answer", "b", "username", "outsider-lead"), csrf))
        .statusCode();
  }

  @Test
  void no_address_of_a_project_is_there_for_people_of_another() {
    List<Routes.Call> calls = calls(0);
    assertThat(calls).hasSizeGreaterThan(35);
    List<String> wrong = new ArrayList<>();
    OUTSIDERS.forEach((role, browser) -> {
      String csrf = browser.csrf("/account/password");
      for (Routes.Call call : calls) {
        int status = status(browser, csrf, call);
        if (status != 404) {
          wrong.add(role + " " + call + " gave " + status);
        }
      }
    });
    assertThat(wrong).isEmpty();
  }

  @Test
  void the_same_addresses_are_there_for_a_member_and_an_administrator() {
    List<String> wrong = new ArrayList<>();
    for (Routes.Call call : calls(0)) {
      // The seeded project has no export, import or member of number 1.
      boolean unknown = call.path().startsWith("/projects/") && call.pattern().contains("{id:");
      if (!call.get() || unknown) {
        continue;
      }
      for (Browser browser : List.of(member, admin)) {
        int status = status(browser, "", call);
        if (status == 404 || status >= 500) {
          wrong.add(call + " gave " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void a_thing_of_one_project_is_not_there_under_the_address_of_another() {
    Browser lead = OUTSIDERS.get(Role.LEAD);
    String csrf = lead.csrf("/account/password");
    List<String> wrong = new ArrayList<>();
    for (Routes.Call call : calls(ownProject)) {
      // A person is a thing of no project.
      if (call.nested() && !call.pattern().contains("{personId")) {
        int status = status(lead, csrf, call);
        if (status != 404) {
          wrong.add(call + " gave " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void lists_do_not_name_what_one_may_not_see() {
    for (Role role : List.of(Role.LEAD, Role.ENGINEER, Role.VIEWER)) {
      Browser browser = OUTSIDERS.get(role);
      assertThat(browser.get("/projects").body())
          .contains("own-project")
          .doesNotContain("message-assistant");
      assertThat(browser.get("/runs").body())
          .doesNotContain("message-assistant", "mdloo-try", "reward-1");
    }
    assertThat(OUTSIDERS.get(Role.LEAD).get("/playground").body())
        .doesNotContain("message-assistant");
    assertThat(OUTSIDERS.get(Role.LEAD).get("/invitations").body())
        .contains("own-project")
        .doesNotContain("message-assistant");
    assertThat(OUTSIDERS.get(Role.ANNOTATOR).get("/label").body())
        .doesNotContain("message-assistant");
    assertThat(
            OUTSIDERS
                .get(Role.ANNOTATOR)
                .get("/label/progress?project=" + foreign.projectId)
                .statusCode())
        .isEqualTo(404);
    assertThat(
            OUTSIDERS
                .get(Role.LEAD)
                .get("/lineage?hash=" + foreign.policySha.substring(0, 16))
                .statusCode())
        .isEqualTo(404);
    assertThat(admin.get("/projects").body()).contains("message-assistant", "own-project");
    assertThat(member.get("/runs").body()).contains("mdloo-try");
  }

  @Test
  void nobody_lets_themselves_in_by_a_cohort() {
    Browser lead = OUTSIDERS.get(Role.LEAD);
    String csrf = member.csrf("/cohorts");
    member.post("/cohorts", Map.of("name", "inner circle"), csrf);
    long cohort =
        server
            .database()
            .jdbc()
            .sql("select id from cohort where name = 'inner circle'")
            .query(Long.class)
            .single();
    String people = "/projects/" + foreign.projectId + "/people";
    member.post(people + "/cohorts", Map.of("cohort", String.valueOf(cohort)), csrf);
    assertThat(
            lead.post(
                    "/cohorts/" + cohort + "/members",
                    Map.of("username", "outsider-lead"),
                    lead.csrf("/cohorts"))
                .statusCode())
        .isEqualTo(404);
    assertThat(
            lead.post(
                    "/invitations",
                    Map.of("role", "ANNOTATOR", "cohort", "inner circle", "days", "7"),
                    lead.csrf("/invitations"))
                .statusCode())
        .isEqualTo(422);
    assertThat(
            lead.post(
                    "/invitations",
                    Map.of(
                        "role",
                        "ANNOTATOR",
                        "project",
                        String.valueOf(foreign.projectId),
                        "days",
                        "7"),
                    lead.csrf("/invitations"))
                .statusCode())
        .isEqualTo(422);
    assertThat(lead.get("/projects/" + foreign.projectId).statusCode()).isEqualTo(404);
  }

  @Test
  void a_lead_restricts_a_project_from_its_page_and_stays_in_it() {
    Browser lead = OUTSIDERS.get(Role.LEAD);
    long project = server.bean(ProjectRepository.class).create("soon-closed", 1, "{}").id();
    String people = "/projects/" + project + "/people";
    assertThat(OUTSIDERS.get(Role.VIEWER).get("/projects/" + project).statusCode()).isEqualTo(200);
    var bad =
        lead.post(
            people,
            Map.of("restricted", "true", "languages", "en, klingonisch!"),
            lead.csrf(people));
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.body()).contains("klingonisch!", "Nothing was changed");
    lead.post(
        people,
        Map.of("restricted", "true", "quota", "50", "languages", "de, EN"),
        lead.csrf(people));
    assertThat(lead.get(people).body())
        .contains("outsider-lead", "value=\"50\"", "value=\"de, en\"");
    assertThat(OUTSIDERS.get(Role.VIEWER).get("/projects/" + project).statusCode()).isEqualTo(404);
    lead.post(people + "/names", Map.of("username", "Outsider-Viewer "), lead.csrf(people));
    assertThat(OUTSIDERS.get(Role.VIEWER).get("/projects/" + project).statusCode()).isEqualTo(200);
    assertThat(OUTSIDERS.get(Role.VIEWER).get(people).statusCode()).isEqualTo(404);
    assertThat(admin.get("/admin/audit").body())
        .contains("set who may label", "let into a project");
  }
}
