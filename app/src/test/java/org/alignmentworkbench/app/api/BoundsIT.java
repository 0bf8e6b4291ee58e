package org.alignmentworkbench.app.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.alignmentworkbench.app.api.Program.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Requests that bring too much, or what no column can hold.
class BoundsIT {
  private static final int TOO_MUCH = (2 << 20) + 1;

  private static RunningServer server;
  private static Person annotator;
  private static Browser desk;
  private static Program label;
  private static Program lead;
  private static Browser admin;
  private static String project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    annotator = server.person("anna", Role.ANNOTATOR);
    desk = server.signedIn("anna");
    label = new Program(server, annotator, Set.of(Scope.LABEL));
    lead = new Program(server, server.person("lena", Role.LEAD), Set.of(Scope.READ, Scope.LEAD));
    server.person("adam", Role.ADMIN);
    admin = server.signedIn("adam");
    TestProject made = TestProject.create(server.database().jdbc(), 2);
    made.makeTasks(server.database().jdbc(), 1);
    project = String.valueOf(made.id());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// The status of a request whose body is announced and never comes: it must not be waited for.
  private static int announced(String request, String type, long length, String... headers)
      throws IOException {
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout(10_000);
      StringBuilder head = new StringBuilder();
      head.append(request).append(" HTTP/1.1\r\nHost: localhost:").append(server.port());
      head.append("\r\nContent-Type: ").append(type);
      head.append("\r\nContent-Length: ").append(length);
      for (String header : headers) {
        head.append("\r\n").append(header);
      }
      socket.getOutputStream().write((head + "\r\n\r\n").getBytes(US_ASCII));
      String status =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
      return Integer.parseInt(status.split(" ")[1]);
    }
  }

  private static String csrf() {
    return JsonMapper.shared()
        .readTree(desk.get("/session.json", "Accept", "application/json").body())
        .path("csrfToken")
        .asString();
  }

  private static HttpResponse<String> streamed(String method, String path, int bytes)
      throws Exception {
    byte[] body = "x".repeat(bytes).getBytes(UTF_8);
    return desk.client()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("X-CSRF-TOKEN", csrf())
                .method(method, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build(),
            BodyHandlers.ofString());
  }

  @Test
  void a_body_that_says_it_is_too_large_is_turned_away_unread() throws Exception {
    String session = "Cookie: SESSION=" + desk.session().orElseThrow().getValue();
    String token = "X-CSRF-TOKEN: " + csrf();
    assertThat(announced("PUT /label/1/draft", "application/json", TOO_MUCH, session, token))
        .isEqualTo(413);
    assertThat(announced("POST /playground/answers", "application/json", TOO_MUCH, session, token))
        .isEqualTo(413);
    assertThat(
            json(label.send("PUT", "/api/v1/label/harms", "x".repeat(TOO_MUCH)), 413)
                .path("detail")
                .asString())
        .contains("at most 2097152 bytes");
  }

  /// Nobody knows who it is before the session was looked at.
  @Test
  void a_form_of_a_stranger_is_not_read_before_they_are_refused() throws Exception {
    for (String method : List.of("PUT", "PATCH", "DELETE")) {
      assertThat(
              announced(
                  method + " /label/1/draft", "application/x-www-form-urlencoded", 2_000_000_000))
          .as(method)
          .isGreaterThanOrEqualTo(400);
    }
  }

  @Test
  void a_body_of_unsaid_length_ends_at_the_limit() throws Exception {
    assertThat(streamed("PUT", "/label/1/draft", TOO_MUCH + 100).statusCode()).isEqualTo(413);
    assertThat(streamed("PUT", "/label/1/draft", TOO_MUCH - 100).statusCode()).isEqualTo(400);
  }

  /// What a set-up is made of may be more, and a file as a body much more.
  @Test
  void texts_of_a_setup_and_files_may_be_larger() {
    String work =
        "{\"question\":{\"kind\":\"DEMONSTRATION\",\"least\":1},\"dryRun\":true,\"work\":[%s]}";
    String item = "{\"prompt\":\"%s\"}";
    StringBuilder items = new StringBuilder(item.formatted("first"));
    for (int i = 0; i < 40; i++) {
      items.append(',').append(item.formatted("y".repeat(60_000) + i));
    }
    json(lead.post("/api/v1/projects/" + project + "/setups", work.formatted(items)), 200);
    HttpResponse<String> brought =
        lead.post(
            "/api/v1/projects/" + project + "/datasets?name=big.jsonl",
            "{\"prompt\":\"q\",\"completion\":\"%s\"}\n".formatted("z".repeat(50_000)).repeat(60),
            "Content-Type",
            "application/octet-stream");
    json(brought, 200);
  }

  @Test
  void a_nul_in_a_text_is_the_requests_fault_and_not_the_servers() {
    String nul = "a\0b";
    Browser stranger = new Browser(server.url());
    assertThat(
            Browser.location(
                stranger.post("/sign-in", Map.of("username", nul, "password", "something long"))))
        .endsWith("/sign-in?error");
    assertThat(
            admin
                .post(
                    "/admin/people",
                    Map.of("username", "nula", "displayName", nul, "role", "VIEWER"),
                    admin.csrf("/admin/people"))
                .statusCode())
        .isEqualTo(400);
    assertThat(admin.get("/projects/" + project + "/adjudication?after=%00").statusCode())
        .isEqualTo(400);
    String body = "{\"name\":\"a\\u0000b\"}";
    for (String path : List.of("/api/v1/projects", "/api/v1/cohorts")) {
      assertThat(lead.post(path, body).statusCode()).as(path).isEqualTo(422);
    }
    assertThat(lead.get("/api/v1/projects/" + project + "/adjudication?after=%00").statusCode())
        .isEqualTo(422);
    assertThat(
            lead.post(
                    "/api/v1/projects/" + project + "/members/people",
                    "{\"username\":\"a\\u0000b\"}")
                .statusCode())
        .isEqualTo(422);
  }
}
