package org.alignmentworkbench.app.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InvitationsIT {
  private static final Pattern LINK = Pattern.compile("/invitation\\?token=([A-Za-z0-9_-]{43})");
  private static final Pattern REVOKE = Pattern.compile("/invitations/(\\d+)/revoke");

  private static RunningServer server;
  private static Browser lead;
  private static long projectId;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    server.person("lena", Role.LEAD);
    lead = server.signedIn("lena");
    projectId = server.bean(ProjectRepository.class).create("letters", 1, "{}").id();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> invite(Browser by, String... more) {
    Map<String, String> form = new HashMap<>(Map.of("role", "ANNOTATOR", "days", "7"));
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    return by.post("/invitations", form, by.csrf("/invitations"));
  }

  private static String token(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    Matcher link = LINK.matcher(answer.body());
    assertThat(link.find()).isTrue();
    return link.group(1);
  }

  private static Map<String, String> account(String token, String username) {
    return Map.of(
        "token", token,
        "username", username,
        "displayName", "Shown",
        "password", "nine brave otters",
        "repeat", "nine brave otters");
  }

  private static long count(String sql) {
    return server.database().jdbc().sql(sql).query(Long.class).single();
  }

  private static Person find(String username) {
    return server.bean(PersonRepository.class).findByUsername(username).orElseThrow();
  }

  @Test
  void an_invited_person_chooses_name_and_password_and_is_where_they_belong() {
    String token =
        token(
            invite(
                lead,
                "project",
                String.valueOf(projectId),
                "cohort",
                "evening",
                "forWhom",
                "Nadia, evenings"));
    assertThat(lead.get("/invitations").body())
        .contains("Nadia, evenings", "letters", "evening", "open")
        .doesNotContain(token);
    Browser nadia = new Browser(server.url());
    assertThat(nadia.get("/invitation?token=" + token).body()).contains("project letters");
    nadia.csrf("/invitation?token=" + token);
    String before = nadia.session().orElseThrow().getValue();
    var refused =
        nadia.post(
            "/invitation",
            Map.of("token", token, "username", "a b", "displayName", "", "password", "short"),
            nadia.csrf("/sign-in"));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("at least 12 characters", "value=\"a b\"");
    var in = nadia.post("/invitation", account(token, "Nadia"), nadia.csrf("/sign-in"));
    assertThat(Browser.location(in)).endsWith("/");
    assertThat(nadia.session().orElseThrow().getValue())
        .as("a new session number")
        .isNotEqualTo(before);
    assertThat(Browser.location(nadia.get("/"))).endsWith("/label");
    assertThat(find("nadia").role()).isEqualTo(Role.ANNOTATOR);
    assertThat(
            count(
                "select count(*) from project_person m join person p on p.id = m.person_id where"
                    + " p.username = 'nadia' and m.project_id = "
                    + projectId))
        .isEqualTo(1);
    assertThat(lead.get("/invitations").body()).contains("used by nadia");
    new Browser(server.url()).signIn("nadia", "nine brave otters");
    Browser late = new Browser(server.url());
    assertThat(late.get("/invitation?token=" + token).statusCode()).isEqualTo(404);
    assertThat(late.get("/invitation?token=" + token).body())
        .as("who has used the link finds the door")
        .contains("This link lets nobody in", "sign in with your name and password");
    assertThat(late.get("/invitation?token=never-made").body())
        .as("as one that never was")
        .contains("This link lets nobody in");
    assertThat(late.post("/invitation", account(token, "eve")).statusCode()).isEqualTo(404);
  }

  @Test
  void a_taken_name_keeps_the_invitation() {
    String token = token(invite(lead));
    Browser browser = new Browser(server.url());
    var taken = browser.post("/invitation", account(token, "lena"));
    assertThat(taken.statusCode()).isEqualTo(422);
    assertThat(taken.body()).contains("Another person has this user name");
    assertThat(browser.post("/invitation", account(token, "lenas-friend")).statusCode())
        .isEqualTo(302);
  }

  @Test
  void of_ten_who_post_one_link_at_once_one_has_an_account() throws Exception {
    String token = token(invite(lead));
    List<Browser> browsers = new ArrayList<>();
    List<String> csrf = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      browsers.add(new Browser(server.url()));
      csrf.add(browsers.get(i).csrf("/sign-in"));
    }
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
      for (int i = 0; i < 10; i++) {
        int number = i;
        answers.add(
            threads.submit(() -> {
              start.await();
              return browsers
                  .get(number)
                  .post("/invitation", account(token, "racer" + number), csrf.get(number))
                  .statusCode();
            }));
      }
      start.countDown();
    }
    List<Integer> codes = new ArrayList<>();
    for (Future<Integer> answer : answers) {
      codes.add(answer.get());
    }
    assertThat(codes).containsOnly(302, 404).containsOnlyOnce(302);
    assertThat(count("select count(*) from person where username like 'racer%'")).isEqualTo(1);
  }

  @Test
  void an_invitation_that_was_taken_back_is_not_there() {
    String token = token(invite(lead, "forWhom", "taken back soon"));
    Matcher id = REVOKE.matcher(lead.get("/invitations").body());
    assertThat(id.find()).isTrue();
    String path = "/invitations/" + id.group(1) + "/revoke";
    server.person("other-lead", Role.LEAD);
    Browser other = server.signedIn("other-lead");
    assertThat(other.post(path, Map.of(), other.csrf("/invitations")).statusCode())
        .as("another lead's")
        .isEqualTo(404);
    assertThat(other.get("/invitations").body()).doesNotContain("taken back soon");
    assertThat(new Browser(server.url()).get("/invitation?token=" + token).statusCode())
        .isEqualTo(200);
    lead.post(path, Map.of(), lead.csrf("/invitations"));
    assertThat(new Browser(server.url()).get("/invitation?token=" + token).statusCode())
        .isEqualTo(404);
    assertThat(
            new Browser(server.url()).post("/invitation", account(token, "shut-out")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void a_lead_makes_no_administrator_and_no_lead() {
    assertThat(invite(lead, "role", "ADMIN").statusCode()).isEqualTo(422);
    assertThat(invite(lead, "role", "LEAD").statusCode()).isEqualTo(422);
    assertThat(lead.get("/invitations").body())
        .contains("value=\"ENGINEER\"")
        .doesNotContain("value=\"ADMIN\"", "value=\"LEAD\"");
    assertThat(invite(lead, "project", "424242").statusCode()).isEqualTo(422);
    assertThat(invite(lead, "days", "3650").statusCode()).isEqualTo(422);
    assertThat(invite(lead, "cohort", "x".repeat(81)).statusCode()).isEqualTo(422);
  }

  @Test
  void an_invitation_is_worth_no_more_than_its_inviter() {
    Person admin = server.person("fallen", Role.ADMIN);
    server.person("staying", Role.ADMIN);
    Browser browser = server.signedIn("fallen");
    String lets = token(invite(browser, "role", "ADMIN"));
    server.bean(PersonRepository.class).setRole(admin.id(), Role.LEAD);
    assertThat(new Browser(server.url()).get("/invitation?token=" + lets).statusCode())
        .isEqualTo(404);
    String other = token(invite(browser));
    server.bean(PersonRepository.class).setActive(admin.id(), false);
    assertThat(
            new Browser(server.url()).post("/invitation", account(other, "too-late")).statusCode())
        .isEqualTo(404);
    assertThat(count("select count(*) from person where username = 'too-late'")).isZero();
  }

  @Test
  void the_database_keeps_no_token_and_the_audit_trail_every_step() {
    String token = token(invite(lead));
    assertThat(count("select count(*) from invitation where token_hash = '" + token + "'"))
        .isZero();
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    "select count(*) from spring_session_attributes where position(:t::bytea in"
                        + " attribute_bytes) > 0")
                .param("t", token)
                .query(Long.class)
                .single())
        .isZero();
    new Browser(server.url()).post("/invitation", account(token, "traced"));
    assertThat(
            count(
                "select count(distinct action) from audit_event where subject = (select"
                    + " 'invitation ' || i.id from invitation i join person p on p.id = i.person_id"
                    + " where p.username = 'traced') and action in ('invitation.create',"
                    + " 'invitation.use')"))
        .isEqualTo(2);
  }
}
