package org.alignmentworkbench.app.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.Metric;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RunStreamIT {
  @AutoClose
  private static final RunningServer SERVER = new RunningServer("--workbench.worker=false");

  private static final long PROJECT =
      SERVER.bean(ProjectRepository.class).create("streams", 1, "{}").id();

  private static Browser viewer;

  private static Browser viewer() {
    if (viewer == null) {
      SERVER.person("viewer", Role.VIEWER);
      viewer = SERVER.signedIn("viewer");
    }
    return viewer;
  }

  private static Run run(String name) {
    RunRepository runs = SERVER.bean(RunRepository.class);
    Run run = runs.create(new NewRun(PROJECT, name, "itecRound", "{}", 1, "test", name));
    runs.change(run.id(), RunState.RUNNING, "");
    return run;
  }

  private static HttpResponse<InputStream> open(
      RunningServer server, Browser browser, long run, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/runs/" + run + "/events"))
            .timeout(Duration.ofSeconds(30))
            .header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return browser.client().send(request.build(), BodyHandlers.ofInputStream());
  }

  /// Reads until an event of a name has come; the lines of everything read.
  private static List<String> until(BufferedReader reader, String name) throws Exception {
    List<String> lines = new ArrayList<>();
    boolean seen = false;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      seen |= line.equals("event:" + name);
      if (seen && line.isEmpty()) {
        return lines;
      }
    }
    return lines;
  }

  private static BufferedReader reader(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), UTF_8));
  }

  @Test
  void points_and_lines_arrive_and_a_nan_is_null() throws Exception {
    RunRepository runs = SERVER.bean(RunRepository.class);
    Run run = run("arrive");
    var response = open(SERVER, viewer(), run.id());
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    try (BufferedReader reader = reader(response)) {
      until(reader, "status");
      runs.metrics(run.id(), List.of(new Metric("loss", 1, .5), new Metric("loss", 2, Double.NaN)));
      assertThat(String.join("\n", until(reader, "points")))
          .contains("data:[[\"loss\",1,0.5],[\"loss\",2,null]]");
      runs.log(run.id(), Level.WARN, "a line with <b>markup</b>");
      assertThat(String.join("\n", until(reader, "log")))
          .contains("\"level\":\"warn\"")
          .contains("a line with <b>markup</b>");
    }
  }

  @Test
  void a_reader_who_was_cut_off_goes_on_where_it_stopped() throws Exception {
    RunRepository runs = SERVER.bean(RunRepository.class);
    Run run = run("again");
    runs.metrics(run.id(), List.of(new Metric("loss", 1, .5)));
    runs.log(run.id(), Level.INFO, "first");
    String lastId;
    try (BufferedReader reader = reader(open(SERVER, viewer(), run.id()))) {
      List<String> lines = until(reader, "status");
      assertThat(String.join("\n", lines)).contains("\"loss\",1,0.5").contains("first");
      lastId =
          lines.stream().filter(line -> line.startsWith("id:")).toList().getLast().substring(3);
    }
    runs.metrics(run.id(), List.of(new Metric("loss", 2, .4)));
    try (BufferedReader reader =
        reader(open(SERVER, viewer(), run.id(), "Last-Event-ID", lastId))) {
      assertThat(String.join("\n", until(reader, "status")))
          .contains("\"loss\",2,0.4")
          .doesNotContain("\"loss\",1,")
          .doesNotContain("first");
    }
  }

  @Test
  void the_stream_of_a_run_that_ends_ends() throws Exception {
    RunRepository runs = SERVER.bean(RunRepository.class);
    Run run = run("ends");
    try (BufferedReader reader = reader(open(SERVER, viewer(), run.id()))) {
      until(reader, "status");
      runs.change(run.id(), RunState.COMPLETED, "");
      assertThat(until(reader, "end")).contains("event:end");
      assertThat(reader.readLine()).isNull();
    }
  }

  @Test
  void a_server_that_ends_ends_its_streams_at_once() throws Exception {
    try (RunningServer server = new RunningServer("--workbench.worker=false")) {
      long project = server.bean(ProjectRepository.class).create("ending", 1, "{}").id();
      RunRepository runs = server.bean(RunRepository.class);
      Run run = runs.create(new NewRun(project, "r", "itecRound", "{}", 1, "test", "cpu"));
      server.person("viewer", Role.VIEWER);
      Browser browser = server.signedIn("viewer");
      try (BufferedReader reader = reader(open(server, browser, run.id()))) {
        until(reader, "status");
        long before = System.nanoTime();
        server.context().close();
        // The stream ends cleanly instead of breaking off, and well before graceful shutdown's
        // patience of 20 s; half of it leaves room for a busy machine.
        while (reader.readLine() != null) {
          // What was still under way.
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void a_closed_account_cannot_open_a_stream() throws Exception {
    Run run = run("closed");
    var nobody = open(SERVER, new Browser(SERVER.url()), run.id());
    assertThat(nobody.statusCode()).isEqualTo(302);
  }

  @Test
  void readers_who_go_away_are_forgotten() throws Exception {
    Run run = run("gone");
    RunStream stream = SERVER.bean(RunStream.class);
    var response = open(SERVER, viewer(), run.id());
    BufferedReader reader = reader(response);
    until(reader, "status");
    reader.close();
    // Noticed at the next write.
    SERVER.bean(RunRepository.class).log(run.id(), Level.INFO, "one");
    for (int i = 0; i < 100 && stream.readers(run.id()) > 0; i++) {
      Thread.sleep(100);
      SERVER.bean(RunRepository.class).log(run.id(), Level.INFO, "more");
    }
    assertThat(stream.readers(run.id())).isZero();
  }
}
