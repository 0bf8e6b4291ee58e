package org.alignmentworkbench.app.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.security.ApiTokens;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Scope;

/// A program with a person's token: it judges pairs and brings files.
final class DeskProgram implements AutoCloseable {
  private final RunningServer server;
  private final String secret;
  private final HttpClient client = HttpClient.newHttpClient();

  DeskProgram(RunningServer server, Person person) {
    this(server, person, Scope.LABEL);
  }

  private DeskProgram(RunningServer server, Person person, Scope scope) {
    this.server = server;
    Account account =
        new Account(
            person.id(), person.username(), person.displayName(), person.role().name(), false);
    this.secret =
        server
            .bean(ApiTokens.class)
            .make(account, "program " + UUID.randomUUID(), Set.of(scope), Duration.ofDays(1))
            .secret()
            .value();
  }

  void judge(long slot, String judgement) throws IOException, InterruptedException {
    post(
        "/api/v1/label/tasks/" + slot + "/judgement",
        "application/json",
        judgement,
        "Idempotency-Key",
        UUID.randomUUID().toString());
  }

  /// Brings a file as the engineer eve.
  static void bring(RunningServer server, long project, Map<String, String> wish, String file)
      throws IOException, InterruptedException {
    Person eve = server.bean(PersonRepository.class).findByUsername("eve").orElseThrow();
    try (DeskProgram program = new DeskProgram(server, eve, Scope.LEAD)) {
      String query =
          wish.entrySet().stream()
              .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
              .collect(Collectors.joining("&"));
      program.post(
          "/api/v1/projects/" + project + "/judgements/imports?name=table.csv&" + query,
          "application/octet-stream",
          file,
          "Accept",
          "application/json");
    }
  }

  private void post(String path, String type, String body, String... headers)
      throws IOException, InterruptedException {
    var answer =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", type)
                .headers(headers)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  @Override
  public void close() {
    client.close();
  }
}
