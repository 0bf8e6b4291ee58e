package org.alignmentworkbench.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PseudonymIT {
  private static final Grades GOOD = new Grades(2, 2, 2, 2);
  private static final Grades POOR = new Grades(0, 1, 0, 1);

  private static RunningServer server;
  private static JdbcClient jdbc;
  private static Browser admin;
  private static Person adminPerson;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    jdbc = server.database().jdbc();
    adminPerson = server.person("root-admin", Role.ADMIN);
    admin = server.signedIn("root-admin");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void judge(TestProject project, Person person, int tasks) {
    Queue queue = server.bean(Queue.class);
    for (int i = 0; i < tasks; i++) {
      Instant now = Instant.now();
      long slot =
          ((Claimed) queue.claim(project.id(), person.id(), now, Duration.ofMinutes(5)))
              .slot()
              .slotId();
      int strength = (i * 7 + person.username().length()) % 3 == 0 ? -2 : 3;
      queue.submit(
          new Submission(
              slot,
              person.id(),
              UUID.randomUUID(),
              strength,
              GOOD,
              i % 2 == 0 ? GOOD : POOR,
              "",
              1000 + i,
              1,
              false),
          now);
    }
  }

  private static JsonNode quality(TestProject project) {
    var answer =
        admin.send(
            "GET", "/projects/" + project.id() + "/quality.json", "Accept", "application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static String path(Person person) {
    return "/admin/people/" + person.id() + "/pseudonym";
  }

  /// Tables and columns of which some row has the text in any letters.
  private static List<String> placesWith(String text) {
    List<String> places = new ArrayList<>();
    jdbc.sql(
            """
            select table_name, column_name, data_type
            from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where table_schema = 'public'
              and table_type = 'BASE TABLE'
              and data_type in ('text', 'jsonb', 'json', 'character varying', 'bytea')
            """)
        .query((row, number) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
        .list()
        .forEach(column -> {
          String value =
              column.get(2).equals("bytea")
                  ? "position(:bytes::bytea in " + column.get(1) + ") > 0"
                  : column.get(1) + "::text ilike '%' || :text || '%'";
          long found =
              jdbc.sql("select count(*) from " + column.get(0) + " where " + value)
                  .param("text", text)
                  .param("bytes", text.getBytes(StandardCharsets.UTF_8))
                  .query(Long.class)
                  .single();
          if (found > 0) {
            places.add(column.get(0) + "." + column.get(1));
          }
        });
    return places;
  }

  @Test
  void names_go_everywhere_and_every_figure_stays() {
    Person leaver = server.person("wilhelmine.k", Role.ANNOTATOR);
    Person stayer = server.person("stayer", Role.ANNOTATOR);
    CohortRepository cohorts = server.bean(CohortRepository.class);
    cohorts.add(cohorts.named("evening"), "wilhelmine.k");
    TestProject project = TestProject.create(jdbc, 12);
    project.makeTasks(jdbc, 2);
    judge(project, leaver, 12);
    judge(project, stayer, 12);
    Browser own = server.signedIn("wilhelmine.k");
    own.get("/account/sessions");
    assertThat(placesWith("wilhelmine.k")).as("before").contains("person.username");
    JsonNode before = quality(project);
    String hours = admin.get("/admin/hours").body();
    assertThat(hours).contains("wilhelmine.k");

    assertThat(admin.get(path(leaver)).body()).contains("Shown wilhelmine.k");
    admin.post(path(leaver), Map.of(), admin.csrf(path(leaver)));

    assertThat(placesWith("wilhelmine")).isEmpty();
    JsonNode after = quality(project);
    for (String part :
        List.of(
            "judgements",
            "comparisons",
            "dimensions",
            "weeks",
            "kinds",
            "histogram",
            "confusion",
            "position",
            "time",
            "votes")) {
      assertThat(after.get(part)).as(part).isEqualTo(before.get(part));
    }
    assertThat(before.get("dimensions").toString()).contains("alphaOrdinal");
    assertThat(after.get("people").size()).isEqualTo(before.get("people").size());
    Person gone = server.bean(PersonRepository.class).find(leaver.id()).orElseThrow();
    assertThat(gone.username()).startsWith("former-").isEqualTo(gone.displayName());
    assertThat(gone.active()).isFalse();
    assertThat(Browser.location(own.get("/account/password"))).endsWith("/sign-in");
    for (String name : List.of("wilhelmine.k", gone.username())) {
      assertThat(
              Browser.location(
                  new Browser(server.url())
                      .post(
                          "/sign-in",
                          Map.of("username", name, "password", RunningServer.PASSWORD))))
          .endsWith("?error");
    }
    assertThat(admin.get("/admin/audit").body())
        .contains("took names away", "person " + gone.username());
    assertThat(admin.get("/admin/hours").body()).contains(gone.username());
  }

  @Test
  void nobody_opens_such_an_account_again() {
    Person leaver = server.person("gone-for-good", Role.LEAD);
    String csrf = admin.csrf("/admin/people");
    admin.post(path(leaver), Map.of(), csrf);
    assertThat(admin.get("/admin/people").body()).contains("is called former-");
    String root = "/admin/people/" + leaver.id();
    admin.post(root + "/active", Map.of("active", "true"), csrf);
    admin.get("/admin/people");
    assertThat(server.bean(PersonRepository.class).find(leaver.id()).orElseThrow().active())
        .isFalse();
    String answer = admin.post(root + "/reset", Map.of(), csrf).body();
    var link = java.util.regex.Pattern.compile("/link\\?token=([A-Za-z0-9_-]{43})").matcher(answer);
    assertThat(link.find()).isTrue();
    assertThat(new Browser(server.url()).post("/link", Map.of("token", link.group(1))).statusCode())
        .isEqualTo(404);
    admin.post(path(leaver), Map.of(), csrf);
    assertThat(admin.get("/admin/people").body()).contains("Nothing was changed");
  }

  @Test
  void the_last_administrator_keeps_their_names_and_nobody_takes_their_own() {
    assertThat(admin.get(path(adminPerson)).statusCode()).isEqualTo(404);
    assertThat(admin.post(path(adminPerson), Map.of(), admin.csrf("/admin/people")).statusCode())
        .isEqualTo(404);
  }
}
