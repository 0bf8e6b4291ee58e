package org.alignmentworkbench.app.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.alignmentworkbench.app.backup.BackupWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The server on a data folder, as commands on its machine call it.
public final class LocalServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Some hundred thousand judgements take longer than a page.
  private static final Duration EXPORTING = Duration.ofMinutes(30);

  /// Large models on a slow disk.
  private static final Duration BACKING_UP = Duration.ofHours(12);

  private final ServerFile server;
  private final HttpClient http = HttpClient.newHttpClient();

  /// The server that left this file.
  public LocalServer(ServerFile server) {
    this.server = server;
  }

  /// The server refused; the message is its sentence.
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String sentence) {
      super(sentence);
    }
  }

  /// What made an artefact; empty when the server does not know it.
  public Optional<LineageAnswer> lineage(String sha256)
      throws IOException, InterruptedException, RefusedException {
    return answer(request("/local/lineage/" + sha256).build(), LineageAnswer.class);
  }

  /// Orders a run.
  public RunOrder.Standing order(RunOrder order)
      throws IOException, InterruptedException, RefusedException {
    return answer(post("/local/runs", order), RunOrder.Standing.class).orElseThrow();
  }

  /// A one-time sign-in link for an account; null for the only administrator.
  public LinkDesk.Link link(@Nullable String username)
      throws IOException, InterruptedException, RefusedException {
    return answer(post("/local/links", new LinkDesk.Order(username)), LinkDesk.Link.class)
        .orElseThrow();
  }

  /// Exports the judgements of a project.
  public JudgementDesk.ExportAnswer export(JudgementDesk.ExportOrder order)
      throws IOException, InterruptedException, RefusedException {
    return answer(
            post("/local/judgements/exports", order, EXPORTING), JudgementDesk.ExportAnswer.class)
        .orElseThrow();
  }

  /// Exports the answers to one set-up of a project.
  public JudgementDesk.ExportAnswer export(JudgementDesk.AnswersOrder order)
      throws IOException, InterruptedException, RefusedException {
    return answer(
            post("/local/answers/exports", order, EXPORTING), JudgementDesk.ExportAnswer.class)
        .orElseThrow();
  }

  /// Brings a file of judgements or pairs into a project.
  public JudgementDesk.ImportAnswer bring(JudgementDesk.ImportOrder order)
      throws IOException, InterruptedException, RefusedException {
    return answer(
            post("/local/judgements/imports", order, EXPORTING), JudgementDesk.ImportAnswer.class)
        .orElseThrow();
  }

  /// Writes a backup to a path of this machine.
  public BackupWriter.Written backup(Path file)
      throws IOException, InterruptedException, RefusedException {
    return answer(
            post("/local/backups", new BackupDesk.Order(file.toString()), BACKING_UP),
            BackupWriter.Written.class)
        .orElseThrow();
  }

  /// How far an import is; empty when there is no such import.
  public Optional<JudgementDesk.ImportAnswer> brought(long id)
      throws IOException, InterruptedException, RefusedException {
    return answer(
        request("/local/judgements/imports/" + id).build(), JudgementDesk.ImportAnswer.class);
  }

  private HttpRequest post(String path, Object body) {
    return post(path, body, PATIENCE);
  }

  private HttpRequest post(String path, Object body, Duration patience) {
    return request(path)
        .timeout(patience)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
        .build();
  }

  /// How a run stands, with its log after line `after`; empty when there is no such run.
  public Optional<RunOrder.Standing> run(long id, long after)
      throws IOException, InterruptedException, RefusedException {
    return answer(
        request("/local/runs/" + id + "?after=" + after).build(), RunOrder.Standing.class);
  }

  private HttpRequest.Builder request(String path) {
    String host = server.address().contains(":") ? "[" + server.address() + "]" : server.address();
    return HttpRequest.newBuilder(URI.create("http://" + host + ":" + server.port() + path))
        .header("Authorization", "Bearer " + server.token())
        .timeout(PATIENCE);
  }

  private <T> Optional<T> answer(HttpRequest request, Class<T> type)
      throws IOException, InterruptedException, RefusedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString(UTF_8));
    return switch (response.statusCode()) {
      case 200, 201 -> Optional.of(JsonMapper.shared().readValue(response.body(), type));
      case 404 -> Optional.empty();
      case 400 ->
          throw new RefusedException(
              JsonMapper.shared().readValue(response.body(), RunOrder.Refusal.class).error());
      default ->
          throw new RefusedException(
              "the server on this data folder answered " + response.statusCode());
    };
  }

  @Override
  public void close() {
    http.close();
  }
}
