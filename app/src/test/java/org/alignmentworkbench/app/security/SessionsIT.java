package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SessionsIT {
  private static final Pattern END = Pattern.compile("/account/sessions/([0-9a-f]{64})/end");

  @AutoClose private static final RunningServer SERVER = new RunningServer();

  private static boolean signedIn(Browser browser) {
    return browser.get("/account/password").statusCode() == 200;
  }

  @Test
  void a_person_sees_where_they_are_signed_in_and_ends_one_of_them() {
    SERVER.person("wanda", Role.ANNOTATOR);
    Browser here = SERVER.signedIn("wanda");
    Browser there = SERVER.signedIn("wanda");
    String page = here.get("/account/sessions").body();
    assertThat(page).contains("(here)", "Java-http-client", "127.0.0.1");
    assertThat(page)
        .as("no page shows what a cookie holds")
        .doesNotContain(number(here), number(there));
    Matcher ends = END.matcher(page);
    assertThat(ends.find()).isTrue();
    String path = ends.group();
    assertThat(ends.find()).as("one other session").isFalse();
    here.post(path, Map.of(), here.csrf("/account/sessions"));
    assertThat(signedIn(there)).isFalse();
    assertThat(signedIn(here)).isTrue();
    assertThat(here.post(path, Map.of(), here.csrf("/account/sessions")).statusCode())
        .as("a second time")
        .isEqualTo(404);
  }

  /// The cookie holds the session's number in Base64.
  private static String number(Browser browser) {
    return new String(
        java.util.Base64.getDecoder().decode(browser.session().orElseThrow().getValue()),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void that_somebody_is_still_there_is_written_down_once_a_minute() {
    SERVER.person("samira", Role.ANNOTATOR);
    Browser browser = SERVER.signedIn("samira");
    long first = seen(browser);
    assertThat(signedIn(browser)).isTrue();
    assertThat(signedIn(browser)).isTrue();
    assertThat(seen(browser)).isEqualTo(first);
    SERVER
        .database()
        .jdbc()
        .sql("update spring_session set last_access_time = ? where session_id = ?")
        .param(first - 61_000)
        .param(number(browser))
        .update();
    // An answer may be there before its session is written: the next request comes later still.
    for (int i = 0; i < 50 && seen(browser) < first; i++) {
      assertThat(signedIn(browser)).isTrue();
    }
    assertThat(seen(browser)).isGreaterThanOrEqualTo(first);
  }

  private static long seen(Browser browser) {
    return SERVER
        .database()
        .jdbc()
        .sql("select last_access_time from spring_session where session_id = ?")
        .param(number(browser))
        .query(Long.class)
        .single();
  }

  @Test
  void nobody_ends_a_session_of_somebody_else() {
    SERVER.person("victim", Role.LEAD);
    SERVER.person("mallory", Role.ADMIN);
    Browser victim = SERVER.signedIn("victim");
    SERVER.signedIn("victim");
    Matcher ends = END.matcher(victim.get("/account/sessions").body());
    assertThat(ends.find()).isTrue();
    Browser mallory = SERVER.signedIn("mallory");
    assertThat(mallory.post(ends.group(), Map.of(), mallory.csrf("/account/sessions")).statusCode())
        .isEqualTo(404);
    assertThat(END.matcher(victim.get("/account/sessions").body()).find()).isTrue();
  }

  @Test
  void all_others_end_at_once() {
    SERVER.person("xenia", Role.VIEWER);
    Browser here = SERVER.signedIn("xenia");
    Browser one = SERVER.signedIn("xenia");
    Browser other = SERVER.signedIn("xenia");
    here.post("/account/sessions/others/end", Map.of(), here.csrf("/account/sessions"));
    assertThat(signedIn(here)).isTrue();
    assertThat(signedIn(one)).isFalse();
    assertThat(signedIn(other)).isFalse();
    assertThat(here.get("/account/sessions").body()).contains("have ended: 2");
  }

  @Test
  void guessing_the_present_password_in_an_open_session_is_slowed_down() {
    SERVER.person("yusuf", Role.ENGINEER);
    Browser browser = SERVER.signedIn("yusuf");
    String csrf = browser.csrf("/account/password");
    for (int i = 0; i < SignInThrottle.FREE; i++) {
      Map<String, String> guess =
          Map.of(
              "present",
              "guess " + i,
              "password",
              "ten calm badgers",
              "repeat",
              "ten calm badgers");
      assertThat(browser.post("/account/password", guess, csrf).body()).doesNotContain("too many");
    }
    Map<String, String> right =
        Map.of(
            "present",
            RunningServer.PASSWORD,
            "password",
            "ten calm badgers",
            "repeat",
            "ten calm badgers");
    var answer = browser.post("/account/password", right, csrf);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("too many attempts");
  }

  @Test
  void an_administrators_reset_ends_every_session_and_its_link_works_once() {
    var person = SERVER.person("zoe", Role.ANNOTATOR);
    SERVER.person("boss", Role.ADMIN);
    Browser own = SERVER.signedIn("zoe");
    String token =
        SERVER
            .bean(Accounts.class)
            .reset(
                SERVER
                    .bean(org.alignmentworkbench.db.person.PersonRepository.class)
                    .findByUsername("boss")
                    .orElseThrow()
                    .id(),
                person)
            .value();
    assertThat(signedIn(own)).isFalse();
    assertThat(own.post("/link", Map.of("token", token)).statusCode()).isEqualTo(302);
    Map<String, String> chosen =
        Map.of("password", "eleven shy lynxes", "repeat", "eleven shy lynxes");
    own.post("/account/password", chosen, own.csrf("/account/password"));
    assertThat(new Browser(SERVER.url()).post("/link", Map.of("token", token)).statusCode())
        .isEqualTo(404);
    new Browser(SERVER.url()).signIn("zoe", "eleven shy lynxes");
  }
}
