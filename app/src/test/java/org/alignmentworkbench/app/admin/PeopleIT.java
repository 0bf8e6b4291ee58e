package org.alignmentworkbench.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PeopleIT {
  private static final Pattern LINK = Pattern.compile("/link\\?token=([A-Za-z0-9_-]{43})");

  private static RunningServer server;
  private static Browser admin;
  private static Person adminPerson;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    adminPerson = server.person("root-admin", Role.ADMIN);
    admin = server.signedIn("root-admin");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> post(String path, Map<String, String> form) {
    return admin.post(path, form, admin.csrf("/admin/people"));
  }

  private static String token(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    Matcher link = LINK.matcher(answer.body());
    assertThat(link.find()).isTrue();
    return link.group(1);
  }

  private static Person find(String username) {
    return server.bean(PersonRepository.class).findByUsername(username).orElseThrow();
  }

  @Test
  void an_invited_person_enters_by_the_link_that_is_shown_once() {
    String token =
        token(
            post(
                "/admin/people",
                Map.of("username", "Nadia", "displayName", "Nadia N.", "role", "ANNOTATOR")));
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    """
                    select count(*)
                    from spring_session_attributes
                    where position(:token::bytea in attribute_bytes) > 0
                    """)
                .param("token", token)
                .query(Long.class)
                .single())
        .as("the token is nowhere in the database")
        .isZero();
    assertThat(admin.get("/admin/people").body()).doesNotContain(token).contains("Nadia N.");
    Browser nadia = new Browser(server.url());
    assertThat(Browser.location(nadia.post("/link", Map.of("token", token))))
        .endsWith("/account/password");
    assertThat(find("nadia").role()).isEqualTo(Role.ANNOTATOR);
    assertThat(nadia.get("/admin").statusCode()).isEqualTo(404);
  }

  @Test
  void a_bad_or_taken_name_is_refused_and_what_was_typed_stays() {
    var bad =
        post("/admin/people", Map.of("username", "a b", "displayName", "Ab", "role", "VIEWER"));
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.body()).contains("begin with a letter or digit").contains("value=\"a b\"");
    assertThat(
            post(
                    "/admin/people",
                    Map.of("username", "root-admin", "displayName", "X", "role", "VIEWER"))
                .body())
        .contains("Another person has this user name");
  }

  @Test
  void a_reset_ends_the_sessions_and_the_old_password() {
    Person person = server.person("resettable", Role.VIEWER);
    Browser own = server.signedIn("resettable");
    String token = token(post("/admin/people/" + person.id() + "/reset", Map.of()));
    assertThat(Browser.location(own.get("/account/password"))).endsWith("/sign-in");
    assertThat(
            Browser.location(
                own.post(
                    "/sign-in",
                    Map.of("username", "resettable", "password", RunningServer.PASSWORD))))
        .endsWith("?error");
    assertThat(own.post("/link", Map.of("token", token)).statusCode()).isEqualTo(302);
  }

  /// A link that somebody else may have got hold of must not outlive what is done about it.
  @Test
  void a_reset_a_closing_and_a_new_password_end_links_that_were_not_used() {
    Person person = server.person("linked", Role.VIEWER);
    String reset = "/admin/people/" + person.id() + "/reset";
    String first = token(post(reset, Map.of()));
    String second = token(post(reset, Map.of()));
    Browser somebody = new Browser(server.url());
    assertThat(somebody.get("/link?token=" + first).statusCode()).isEqualTo(404);

    Accounts accounts = server.bean(Accounts.class);
    String third = accounts.link(null, person, Duration.ofHours(1)).value();
    Browser own = new Browser(server.url());
    own.post("/link", Map.of("token", second));
    Map<String, String> fresh =
        Map.of("password", "nine loud ravens", "repeat", "nine loud ravens");
    assertThat(own.post("/account/password", fresh, own.csrf("/account/password")).statusCode())
        .isEqualTo(302);
    assertThat(somebody.post("/link", Map.of("token", third)).statusCode()).isEqualTo(404);

    String fourth = accounts.link(null, person, Duration.ofHours(1)).value();
    post("/admin/people/" + person.id() + "/active", Map.of("active", "false"));
    post("/admin/people/" + person.id() + "/active", Map.of("active", "true"));
    assertThat(somebody.post("/link", Map.of("token", fourth)).statusCode()).isEqualTo(404);
  }

  @Test
  void a_closed_account_cannot_use_a_link_it_was_given() {
    String token =
        token(
            post(
                "/admin/people",
                Map.of("username", "gone", "displayName", "Gone", "role", "VIEWER")));
    post("/admin/people/" + find("gone").id() + "/active", Map.of("active", "false"));
    assertThat(new Browser(server.url()).get("/link?token=" + token).statusCode()).isEqualTo(404);
    assertThat(new Browser(server.url()).post("/link", Map.of("token", token)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void roles_change_and_the_last_administrator_stays() {
    Person person = server.person("climber", Role.VIEWER);
    post("/admin/people/" + person.id() + "/role", Map.of("role", "ENGINEER"));
    assertThat(find("climber").role()).isEqualTo(Role.ENGINEER);
    post("/admin/people/" + adminPerson.id() + "/role", Map.of("role", "VIEWER"));
    assertThat(find("root-admin").role()).isEqualTo(Role.ADMIN);
    assertThat(admin.get("/admin/people").body()).contains("The last administrator must stay one.");
    assertThat(admin.get("/admin/audit").body()).contains("changed a role");
  }

  @Test
  void only_administrators_change_people_and_nobody_changes_who_is_not_there() {
    Person person = server.person("bystander", Role.VIEWER);
    server.person("lead", Role.LEAD);
    Browser lead = server.signedIn("lead");
    String csrf = lead.csrf("/account/password");
    for (String action : new String[] {"role", "active", "reset"}) {
      String path = "/admin/people/" + person.id() + "/" + action;
      assertThat(lead.post(path, Map.of("role", "ADMIN", "active", "false"), csrf).statusCode())
          .isEqualTo(404);
    }
    assertThat(find("bystander").active()).isTrue();
    assertThat(
            admin
                .post(
                    "/admin/people/999999/active",
                    Map.of("active", "false"),
                    admin.csrf("/admin/people"))
                .statusCode())
        .isEqualTo(404);
  }
}
