package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.ApiSecret;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiTokenIT {
  private static final Pattern SECRET = Pattern.compile("value=\"(awb_[A-Za-z0-9_-]{43})\"");
  private static final Pattern REVOKE = Pattern.compile("/account/tokens/([0-9]+)/revoke");

  private static RunningServer server;
  private static Browser lead;
  private static Browser viewer;
  private static Person admin;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    admin = server.person("ada", Role.ADMIN);
    server.person("lena", Role.LEAD);
    server.person("vera", Role.VIEWER);
    lead = server.signedIn("lena");
    viewer = server.signedIn("vera");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String make(Browser browser, String name, String scope) {
    HttpResponse<String> answer =
        browser.post(
            "/account/tokens",
            Map.of("name", name, "scope", scope, "days", "7"),
            browser.csrf("/account/tokens"));
    assertThat(answer.statusCode()).isEqualTo(200);
    Matcher secret = SECRET.matcher(answer.body());
    assertThat(secret.find()).isTrue();
    return secret.group(1);
  }

  private static HttpResponse<String> me(String authorization) {
    return new Browser(server.url()).send("GET", "/api/v1/me", "Authorization", authorization);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void a_token_is_shown_once_lets_its_program_in_and_is_nowhere_kept() throws IOException {
    String secret = make(lead, "nightly export", "READ");
    HttpResponse<String> me = me("Bearer " + secret);
    assertThat(me.statusCode()).isEqualTo(200);
    assertThat(json(me).get("username").asString()).isEqualTo("lena");
    assertThat(json(me).get("scopes").toString()).isEqualTo("[\"read\"]");
    assertThat(me.headers().firstValue("Set-Cookie")).as("no session is made").isEmpty();
    assertThat(lead.get("/account/tokens").body())
        .doesNotContain(secret)
        .contains("nightly export", "…" + secret.substring(secret.length() - 4));
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    """
                    select token_hash, last_used_at is not null as used
                    from api_token
                    where name = 'nightly export'
                    """)
                .query()
                .singleRow())
        .containsEntry("token_hash", new ApiSecret(secret).hash())
        .containsEntry("used", true);
    assertThat(
            server
                .database()
                .jdbc()
                .sql("select count(*) from audit_event where detail::text like :secret")
                .param("secret", "%" + secret + "%")
                .query(Long.class)
                .single())
        .isZero();
    try (Stream<Path> logs = Files.walk(server.home().resolve("logs"))) {
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(log)).as(log.toString()).doesNotContain(secret);
      }
    }
    assertThat(new ApiSecret(secret)).hasToString("ApiSecret");
  }

  @Test
  void what_is_no_usable_token_is_turned_away_without_a_reason() {
    String secret = make(lead, "wrong ones", "READ");
    String other = secret.substring(0, 46) + (secret.endsWith("A") ? "B" : "A");
    for (String wrong :
        new String[] {"Bearer " + other, "Bearer nonsense", "Basic " + secret, "Bearer", secret}) {
      HttpResponse<String> answer = me(wrong);
      assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/problem+json");
      assertThat(json(answer).get("detail").asString()).contains("usable API token");
    }
    assertThat(me("bearer  " + secret).statusCode()).as("the scheme's case").isEqualTo(200);
    assertThat(new Browser(server.url()).send("GET", "/api/v1/me").statusCode()).isEqualTo(401);
    assertThat(lead.send("GET", "/api/v1/me").statusCode()).as("a cookie alone").isEqualTo(401);
  }

  @Test
  void a_token_that_was_taken_back_or_has_expired_opens_nothing() {
    String secret = make(viewer, "taken back", "READ");
    Matcher id = REVOKE.matcher(viewer.get("/account/tokens").body());
    assertThat(id.find()).isTrue();
    String path = "/account/tokens/" + id.group(1) + "/revoke";
    assertThat(lead.post(path, Map.of(), lead.csrf("/account/tokens")).statusCode())
        .as("somebody else's token is not there")
        .isEqualTo(404);
    assertThat(me("Bearer " + secret).statusCode()).isEqualTo(200);
    assertThat(viewer.post(path, Map.of(), viewer.csrf("/account/tokens")).statusCode())
        .isEqualTo(302);
    assertThat(me("Bearer " + secret).statusCode()).isEqualTo(401);

    String old = make(viewer, "old", "READ");
    server
        .database()
        .jdbc()
        .sql(
            """
            update api_token
            set created_at = now() - interval '8 days', expires_at = now() - interval '1 day'
            where name = 'old'
            """)
        .update();
    assertThat(me("Bearer " + old).statusCode()).isEqualTo(401);
    assertThat(viewer.get("/account/tokens").body()).contains(">expired<", ">revoked<");
  }

  @Test
  void no_token_may_do_more_than_its_person() {
    HttpResponse<String> more =
        viewer.post(
            "/account/tokens",
            Map.of("name", "more", "scope", "ADMIN", "days", "7"),
            viewer.csrf("/account/tokens"));
    assertThat(more.statusCode()).isEqualTo(422);
    assertThat(more.body()).contains("within your role").doesNotContain("awb_");
    for (var bad : Map.of("name", "x".repeat(81), "days", "366", "scope", "SOMETHING").entrySet()) {
      Map<String, String> form = new java.util.HashMap<>();
      form.put("name", "bad");
      form.put("scope", "READ");
      form.put("days", "7");
      form.put(bad.getKey(), bad.getValue());
      assertThat(viewer.post("/account/tokens", form, viewer.csrf("/account/tokens")).statusCode())
          .as(bad.toString())
          .isIn(400, 422);
    }
  }

  @Test
  void a_reset_or_closed_account_takes_its_tokens_along() {
    Person gone = server.person("gone", Role.ENGINEER);
    Browser browser = server.signedIn("gone");
    String secret = make(browser, "script", "LEAD");
    assertThat(me("Bearer " + secret).statusCode()).isEqualTo(200);
    Accounts accounts = server.bean(Accounts.class);
    accounts.changeRole(admin.id(), gone, Role.VIEWER);
    assertThat(json(me("Bearer " + secret)).get("role").asString()).isEqualTo("VIEWER");
    accounts.changeActive(admin.id(), gone, false);
    assertThat(me("Bearer " + secret).statusCode()).isEqualTo(401);
    accounts.changeActive(admin.id(), gone, true);
    assertThat(me("Bearer " + secret).statusCode()).as("it stays taken back").isEqualTo(401);
    browser = server.signedIn("gone");
    String second = make(browser, "script two", "READ");
    accounts.reset(admin.id(), server.bean(PersonRepository.class).find(gone.id()).orElseThrow());
    assertThat(me("Bearer " + second).statusCode()).isEqualTo(401);
  }

  @Test
  void twenty_are_the_most() {
    server.person("many", Role.VIEWER);
    Browser many = server.signedIn("many");
    for (int i = 0; i < ApiTokens.MOST; i++) {
      make(many, "token " + i, "READ");
    }
    HttpResponse<String> one =
        many.post(
            "/account/tokens",
            Map.of("name", "one more", "scope", "READ", "days", "7"),
            many.csrf("/account/tokens"));
    assertThat(one.statusCode()).isEqualTo(422);
    assertThat(one.body()).contains("You have 20 usable tokens");
  }

  @Test
  void nobody_else_writes_through_the_api_by_a_cookie() {
    // No CSRF token is asked for, because a cookie opens nothing.
    assertThat(lead.send("POST", "/api/v1/projects").statusCode()).isEqualTo(401);
    assertThat(lead.send("DELETE", "/api/v1/anything").statusCode()).isEqualTo(401);
  }
}
