package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SignInIT {
  @AutoClose private static final RunningServer SERVER = new RunningServer();

  private static HttpResponse<String> attempt(Browser browser, String username, String password) {
    return browser.post("/sign-in", Map.of("username", username, "password", password));
  }

  @Test
  void the_right_password_signs_in_with_a_new_session_number() {
    SERVER.person("grace", Role.ENGINEER);
    Browser browser = new Browser(SERVER.url());
    browser.get("/sign-in");
    String before = browser.session().orElseThrow().getValue();
    browser.signIn("grace", RunningServer.PASSWORD);
    assertThat(browser.session().orElseThrow().getValue()).isNotEqualTo(before);
    assertThat(browser.get("/account/password").statusCode()).isEqualTo(200);
  }

  @Test
  void the_session_cookie_is_strict_and_hidden_from_scripts() {
    var answer = new Browser(SERVER.url()).get("/sign-in");
    assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("SESSION=")
        .contains("HttpOnly")
        .contains("SameSite=Strict");
  }

  @Test
  void a_wrong_password_and_an_unknown_name_read_the_same() {
    SERVER.person("known", Role.VIEWER);
    Browser browser = new Browser(SERVER.url());
    assertThat(Browser.location(attempt(browser, "known", "wrong password")))
        .isEqualTo(Browser.location(attempt(browser, "unknown", "wrong password")))
        .endsWith("/sign-in?error");
    assertThat(browser.get("/sign-in?error").body()).contains("The name or the password is wrong.");
  }

  @Test
  void guessing_is_slowed_down_even_for_the_right_password() {
    SERVER.person("target", Role.ADMIN);
    Browser browser = new Browser(SERVER.url());
    for (int i = 0; i < SignInThrottle.FREE; i++) {
      assertThat(Browser.location(attempt(browser, "target", "guess " + i))).endsWith("?error");
    }
    assertThat(Browser.location(attempt(browser, "Target ", RunningServer.PASSWORD)))
        .containsPattern("/sign-in\\?wait=1?[0-9]$");
    // Another person at the same address is not held up.
    SERVER.person("bystander", Role.VIEWER);
    browser.signIn("bystander", RunningServer.PASSWORD);
  }

  @Test
  void a_closed_account_and_a_changed_role_count_from_the_next_request() {
    Person person = SERVER.person("mutable", Role.ADMIN);
    SERVER.person("otheradmin", Role.ADMIN);
    Browser browser = SERVER.signedIn("mutable");
    assertThat(browser.get("/account/password").body()).contains("administrator");
    SERVER.bean(PersonRepository.class).setRole(person.id(), Role.VIEWER);
    assertThat(browser.get("/account/password").body()).contains("viewer");
    SERVER.bean(PersonRepository.class).setActive(person.id(), false);
    assertThat(Browser.location(browser.get("/account/password"))).endsWith("/sign-in");
  }

  @Test
  void a_post_without_the_token_is_refused() {
    SERVER.person("csrf", Role.VIEWER);
    Browser browser = SERVER.signedIn("csrf");
    assertThat(browser.send("POST", "/sign-out").statusCode()).isEqualTo(403);
    assertThat(browser.get("/account/password").statusCode()).isEqualTo(200);
    var out = browser.post("/sign-out", Map.of(), browser.csrf("/account/password"));
    assertThat(Browser.location(out)).endsWith("/sign-in?out");
    assertThat(Browser.location(browser.get("/account/password"))).endsWith("/sign-in");
  }

  @Test
  void a_script_without_a_session_hears_401_and_where_to_go() {
    var answer = new Browser(SERVER.url()).send("GET", "/projects", "HX-Request", "true");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("HX-Redirect")).hasValue("/sign-in");
    assertThat(answer.body()).contains("signed-out");
  }

  @Test
  void a_one_time_link_signs_in_once_and_then_offers_a_password() {
    Person person = SERVER.bean(Accounts.class).create(null, "invited", "Ida", Role.LEAD, false);
    String token = SERVER.bean(Accounts.class).link(null, person, Duration.ofMinutes(5)).value();
    Browser browser = new Browser(SERVER.url());
    // Looking does not spend it.
    assertThat(browser.get("/link?token=" + token).body()).contains("Sign in as Ida");
    assertThat(browser.get("/link?token=" + token).statusCode()).isEqualTo(200);
    var entered = browser.post("/link", Map.of("token", token));
    assertThat(Browser.location(entered)).endsWith("/account/password");
    String csrf = browser.csrf("/account/password");
    var chosen =
        browser.post(
            "/account/password",
            Map.of("password", "nine brave otters", "repeat", "nine brave otters"),
            csrf);
    assertThat(chosen.statusCode()).isEqualTo(302);

    Browser other = new Browser(SERVER.url());
    assertThat(other.get("/link?token=" + token).statusCode()).isEqualTo(404);
    assertThat(other.get("/link?token=" + token).body()).contains("This link lets nobody in");
    assertThat(other.post("/link", Map.of("token", token)).statusCode()).isEqualTo(404);
    other.signIn("invited", "nine brave otters");
  }

  @Test
  void changing_a_password_needs_the_present_one_and_ends_other_sessions() {
    SERVER.person("careful", Role.VIEWER);
    Browser one = SERVER.signedIn("careful");
    Browser other = SERVER.signedIn("careful");
    Map<String, String> wrong =
        Map.of("present", "not it", "password", "ten calm badgers", "repeat", "ten calm badgers");
    String csrf = one.csrf("/account/password");
    assertThat(one.post("/account/password", wrong, csrf).statusCode()).isEqualTo(422);
    Map<String, String> right =
        Map.of(
            "present",
            RunningServer.PASSWORD,
            "password",
            "ten calm badgers",
            "repeat",
            "ten calm badgers");
    assertThat(one.post("/account/password", right, csrf).statusCode()).isEqualTo(302);
    assertThat(one.get("/account/password").statusCode()).isEqualTo(200);
    assertThat(Browser.location(other.get("/account/password"))).endsWith("/sign-in");
  }

  @Test
  void a_local_command_shows_the_token_of_the_data_folder() throws Exception {
    var file = org.alignmentworkbench.app.remote.ServerFile.read(SERVER.home()).orElseThrow();
    assertThat(file.port()).isEqualTo(SERVER.port());
    assertThat(
            java.nio.file.Files.getPosixFilePermissions(SERVER.home().resolve("server.properties")))
        .hasSize(2);
    Browser command = new Browser(SERVER.url());
    assertThat(command.send("GET", "/local/status").statusCode()).isEqualTo(401);
    assertThat(
            command
                .send("GET", "/local/status", "Authorization", "Bearer " + "x".repeat(43))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            command
                .send("GET", "/local/status", "Authorization", "Bearer " + file.token())
                .statusCode())
        .isEqualTo(200);
    assertThat(command.session()).isEmpty();
  }

  @Test
  void who_owns_the_data_folder_gets_a_link_for_an_account() throws Exception {
    SERVER.person("locked-out", Role.LEAD);
    var file = org.alignmentworkbench.app.remote.ServerFile.read(SERVER.home()).orElseThrow();
    try (var local = new org.alignmentworkbench.app.remote.LocalServer(file)) {
      var link = local.link("locked-out");
      assertThat(link.username()).isEqualTo("locked-out");
      String token = link.url().substring(link.url().indexOf("/link?token="));
      Browser browser = new Browser(SERVER.url());
      assertThat(browser.get(token).body()).contains("locked-out");
      assertThatThrownBy(() -> local.link("nobody-here"))
          .hasMessage("there is no account 'nobody-here'");
    }
  }

  @Test
  void many_requests_at_once_in_a_fresh_session_all_succeed() throws Exception {
    SERVER.person("busy", Role.VIEWER);
    for (int round = 0; round < 5; round++) {
      Browser browser = SERVER.signedIn("busy");
      try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
        var answers =
            java.util.stream.IntStream.range(0, 12)
                .mapToObj(i -> threads.submit(() -> browser.get("/account/password").statusCode()))
                .toList();
        for (var answer : answers) {
          assertThat(answer.get()).isEqualTo(200);
        }
      }
    }
  }
}
