package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FirstSetUpIT {
  @AutoClose private final RunningServer server = new RunningServer();

  private static Map<String, String> form(String token, String username, String password) {
    return Map.of(
        "token", token,
        "username", username,
        "displayName", "Ada",
        "password", password,
        "repeat", password);
  }

  @Test
  void the_link_makes_the_first_administrator_once() {
    String token = server.bean(Accounts.class).offerSetUp().orElseThrow().value();
    Browser browser = new Browser(server.url());
    assertThat(browser.get("/sign-in").body())
        .as("nobody who could send a link is named")
        .contains("There is no administrator yet.")
        .doesNotContain("An administrator can send you");
    assertThat(browser.get("/setup?token=" + token).statusCode()).isEqualTo(200);
    String csrf = browser.csrf("/setup?token=" + token);
    String before = browser.session().orElseThrow().getValue();

    var shortPassword = browser.post("/setup", form(token, "ada", "short"), csrf);
    assertThat(shortPassword.statusCode()).isEqualTo(422);
    assertThat(shortPassword.body()).contains("at least 12 characters");

    var done = browser.post("/setup", form(token, "ada", "a long enough secret"), csrf);
    assertThat(done.statusCode()).isEqualTo(302);
    assertThat(Browser.location(done)).endsWith("/");
    assertThat(browser.session().orElseThrow().getValue()).isNotEqualTo(before);
    assertThat(Browser.location(browser.get("/"))).endsWith("/projects");

    Browser other = new Browser(server.url());
    assertThat(other.get("/sign-in").body()).contains("An administrator can send you");
    assertThat(other.get("/setup?token=" + token).statusCode()).isEqualTo(404);
    assertThat(other.get("/setup?token=" + token).body()).contains("This link lets nobody in");
    assertThat(other.post("/setup", form(token, "eve", "a long enough secret")).statusCode())
        .isEqualTo(404);
    assertThat(server.bean(PersonRepository.class).all())
        .singleElement()
        .matches(p -> p.role() == Role.ADMIN && p.username().equals("ada"));
    assertThat(server.bean(Accounts.class).offerSetUp()).isEmpty();
    other.signIn("ada", "a long enough secret");
  }

  @Test
  void a_new_start_makes_an_earlier_link_useless() {
    String first = server.bean(Accounts.class).offerSetUp().orElseThrow().value();
    server.bean(Accounts.class).offerSetUp();
    assertThat(new Browser(server.url()).get("/setup?token=" + first).statusCode()).isEqualTo(404);
  }

  @Test
  void an_expired_link_is_not_there() {
    OneTimeToken token = server.bean(Accounts.class).offerSetUp().orElseThrow();
    server
        .database()
        .jdbc()
        .sql("update sign_in_link set expires_at = now() - interval '1 second'")
        .update();
    assertThat(new Browser(server.url()).get("/setup?token=" + token.value()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void the_database_keeps_only_hashes() {
    OneTimeToken token = server.bean(Accounts.class).offerSetUp().orElseThrow();
    assertThat(
            server
                .database()
                .jdbc()
                .sql("select token_hash from sign_in_link")
                .query(String.class)
                .list())
        .containsExactly(token.hash())
        .doesNotContain(token.value());
  }
}
