package org.alignmentworkbench.app.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.security.ApiTokens;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Scope;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A program that calls the API with a person's token, and remembers all that it was sent.
final class Program {
  private final String url;
  private final String secret;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> heard = new ArrayList<>();

  Program(RunningServer server, Person person, Set<Scope> scopes) {
    this.url = server.url();
    Account account =
        new Account(
            person.id(), person.username(), person.displayName(), person.role().name(), false);
    this.secret =
        server
            .bean(ApiTokens.class)
            .make(account, "program", scopes, Duration.ofDays(1))
            .secret()
            .value();
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, null);
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + secret)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (List.of(headers).indexOf("Content-Type") < 0) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString(UTF_8));
      synchronized (heard) {
        heard.add(answer.headers().map() + "\n" + answer.body());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Everything that was sent to it: headers and bodies.
  String heard() {
    return String.join("\n", heard);
  }

  /// The JSON of an answer that must have this status.
  static JsonNode json(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JsonMapper.shared().readTree(answer.body());
  }
}
