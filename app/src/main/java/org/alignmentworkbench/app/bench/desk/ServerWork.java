package org.alignmentworkbench.app.bench.desk;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.alignmentworkbench.app.bench.BenchReport.Figure;
import org.alignmentworkbench.app.remote.JudgementDesk.ExportAnswer;
import org.alignmentworkbench.app.remote.JudgementDesk.ExportOrder;
import org.alignmentworkbench.app.remote.JudgementDesk.ImportAnswer;
import org.alignmentworkbench.app.remote.JudgementDesk.ImportOrder;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.LocalServer.RefusedException;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is measured of a server: one data folder for all of it, made when it is first needed and
/// taken away at the end.
final class ServerWork implements AutoCloseable {
  private static final String PAIRS = "Pairs";
  private static final String JUDGED = "Judged";
  private static final String STREAMED = "Streamed";
  private static final String LEAD = "lead";
  private static final String PASSWORD = "a bench is no secret";
  private static final String SECONDS = "s";
  private static final long LOOK_MILLIS = 50;

  private final Scale scale;
  private final Path folder;
  private final Path home;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private @Nullable ServerProcess running;
  private @Nullable Figure importedPairs;
  private long pairsProject;

  ServerWork(Scale scale) throws IOException {
    this.scale = scale;
    this.folder = Files.createTempDirectory("workbench-bench-");
    this.home = folder.resolve("home");
  }

  /// Imports preferences without judgements, which makes as many pairs to judge.
  List<Figure> importing() throws IOException, InterruptedException {
    return List.of(pairs());
  }

  private Figure pairs() throws IOException, InterruptedException {
    @Nullable Figure known = importedPairs;
    if (known != null) {
      return known;
    }
    pairsProject = project(PAIRS);
    Path file = ProjectFiles.preferences(folder, scale.tasks());
    double seconds = bring(PAIRS, file, Purpose.PAIRS, scale.overlap());
    Figure made = Figure.alone(Part.IMPORT.figure(), SECONDS, new double[] {seconds});
    importedPairs = made;
    return made;
  }

  /// Imports judged pairs and takes all judgements out again, twice the same content.
  List<Figure> exporting() throws IOException, InterruptedException {
    project(JUDGED);
    // Two files: one would be larger than an import takes.
    int half = scale.tasks() / 2;
    double brought =
        bring(
                JUDGED,
                ProjectFiles.judgements(folder, 0, half, scale.overlap()),
                Purpose.JUDGEMENTS,
                scale.overlap())
            + bring(
                JUDGED,
                ProjectFiles.judgements(folder, half, scale.tasks(), scale.overlap()),
                Purpose.JUDGEMENTS,
                scale.overlap());
    double[] seconds = new double[scale.exports()];
    ServerProcess.Heap heap =
        server()
            .heapDuring(() -> {
              for (int i = 0; i < seconds.length; i++) {
                seconds[i] = exported((long) scale.tasks() * scale.overlap());
              }
            });
    List<String> names = Part.EXPORT.figures();
    return List.of(
        Figure.alone(names.get(0), SECONDS, seconds),
        Figure.alone(names.get(1), "MiB", new double[] {heap.peak()}),
        Figure.alone(names.get(2), "MiB", new double[] {heap.live()}),
        Figure.alone(names.get(3), SECONDS, new double[] {brought}));
  }

  private double exported(long expected) throws IOException, InterruptedException {
    long start = System.nanoTime();
    ExportAnswer answer = export(JUDGED);
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (answer.judged() != expected) {
      throw new IOException(
          "an export must hold %d judgements, holds %d".formatted(expected, answer.judged()));
    }
    return seconds;
  }

  /// From the start of the process to the first page, with a database that is there already.
  List<Figure> starting() throws IOException, InterruptedException {
    ServerProcess first = server();
    stop(first);
    double[] seconds = new double[scale.starts()];
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      ServerProcess again = ServerProcess.start(home);
      Visitor.expect(200, new Visitor(http, again.address()).get("/sign-in"));
      seconds[i] = (System.nanoTime() - start) * 1e-9;
      again.close();
    }
    return List.of(Figure.alone(Part.START.figure(), SECONDS, seconds));
  }

  /// Annotators at work on the imported pairs. At the end every judgement that was acknowledged is
  /// there once.
  List<Figure> labelling() throws IOException, InterruptedException {
    Figure _ = pairs();
    Visitor lead = signedIn(LEAD);
    List<Visitor> annotators = new ArrayList<>();
    for (int i = 0; i < scale.annotators(); i++) {
      String name = "judge-" + i;
      Visitor.expect(
          200,
          lead.post(
              "/admin/people",
              Map.of("username", name, "displayName", "Judge " + i, "role", "ANNOTATOR")));
      annotators.add(signedIn(name));
    }
    DeskLoad load = new DeskLoad(scale, pairsProject, annotators, lead);
    ServerProcess.Work before = server().worked();
    long start = System.nanoTime();
    List<Figure> figures = new ArrayList<>(load.run());
    double seconds = (System.nanoTime() - start) * 1e-9;
    figures.addAll(cores(server().worked().since(before), seconds));
    check(load.judgements().size());
    return figures;
  }

  /// How many processors each was busy on: what they share with the load programme, and what others
  /// on the machine leave them, belongs beside any latency.
  private static List<Figure> cores(ServerProcess.Work work, double seconds) {
    List<String> names = Part.DESK.figures().subList(4, 7);
    double[] busy = {work.load(), work.server(), work.database()};
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < busy.length; i++) {
      figures.add(Figure.alone(names.get(i), "cores", new double[] {busy[i] / seconds}));
    }
    return figures;
  }

  /// Each acknowledged judgement is one row, and nobody judged a pair twice.
  private void check(int acknowledged) throws IOException, InterruptedException {
    ExportAnswer answer = export(PAIRS);
    Set<String> rows = new HashSet<>();
    Set<String> pairsOfPeople = new HashSet<>();
    long lines = 0;
    try (Stream<String> all = Files.lines(Path.of(answer.path()))) {
      for (String line : (Iterable<String>) all::iterator) {
        JsonNode row = JsonMapper.shared().readTree(line);
        rows.add(row.path("id").asString());
        pairsOfPeople.add(row.path("pair").asString() + "\n" + row.path("annotator").asString());
        lines++;
      }
    }
    if (lines != acknowledged || rows.size() != lines || pairsOfPeople.size() != lines) {
      throw new IOException(
          "%d judgements were acknowledged; %d rows, %d of them different and %d by different people"
              .formatted(acknowledged, lines, rows.size(), pairsOfPeople.size()));
    }
  }

  /// Opens streams of a run's events and counts the threads they take.
  List<Figure> streaming() throws IOException, InterruptedException {
    long _ = project(STREAMED);
    stop(server());
    // Without a worker the run waits, so that its streams stay open.
    running = ServerProcess.start(home, "workbench.worker=false");
    Path file =
        Files.writeString(
            folder.resolve("one.jsonl"),
            "{\"prompt\":\"p\",\"chosen\":\"yes\",\"rejected\":\"no\"}\n");
    ImportAnswer waiting = ask(server -> server.bring(order(STREAMED, file, Purpose.PAIRS, 1)));
    Visitor lead = signedIn(LEAD);
    String path = "/runs/" + waiting.runId() + "/events";
    try (InputStream warm = lead.events(path)) {
      awaitByte(warm);
    }
    int before = settledThreads();
    List<InputStream> streams = new ArrayList<>();
    try {
      for (int i = 0; i < scale.streams(); i++) {
        streams.add(lead.events(path));
      }
      for (InputStream stream : streams) {
        awaitByte(stream);
      }
      int with = settledThreads();
      return List.of(Figure.alone(Part.STREAMS.figure(), "threads", new double[] {with - before}));
    } finally {
      for (InputStream stream : streams) {
        stream.close();
      }
      stop(server());
    }
  }

  private static void awaitByte(InputStream stream) throws IOException {
    if (stream.read() < 0) {
      throw new IOException("a stream of a run that waits must stay open");
    }
  }

  /// The most threads over two seconds.
  private int settledThreads() throws IOException, InterruptedException {
    int most = 0;
    for (int look = 0; look < 20; look++) {
      Thread.sleep(100);
      most = Math.max(most, server().threads());
    }
    return most;
  }

  private double bring(String project, Path file, Purpose purpose, int overlap)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    ImportAnswer answer = ask(server -> server.bring(order(project, file, purpose, overlap)));
    await(answer.id());
    return (System.nanoTime() - start) * 1e-9;
  }

  private static ImportOrder order(String project, Path file, Purpose purpose, int overlap) {
    return new ImportOrder(project, file.toString(), purpose, overlap, 3, false, FieldNames.USUAL);
  }

  private void await(long importId) throws IOException, InterruptedException {
    while (true) {
      ImportAnswer answer = ask(server -> server.brought(importId)).orElseThrow();
      if (answer.state() == State.TAKEN) {
        return;
      }
      if (answer.state() != State.WAITING) {
        throw new IOException("an import of the bench ended as " + answer);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private ExportAnswer export(String project) throws IOException, InterruptedException {
    return ask(server -> server.export(new ExportOrder(project, "trl-preference", false)));
  }

  private interface Question<T> {
    T ask(LocalServer server) throws IOException, InterruptedException, RefusedException;
  }

  private <T> T ask(Question<T> question) throws IOException, InterruptedException {
    try (LocalServer local = server().local()) {
      return question.ask(local);
    } catch (RefusedException e) {
      throw new IOException("the server refused: " + e.getMessage(), e);
    }
  }

  private long project(String name) throws IOException, InterruptedException {
    Visitor lead = signedIn(LEAD);
    String place =
        Visitor.expect(302, lead.post("/projects/new", Map.of("name", name, "seed", "1")))
            .headers()
            .firstValue("Location")
            .orElse("");
    return Long.parseLong(place.replaceFirst("^.*/projects/([0-9]+).*$", "$1"));
  }

  private Visitor signedIn(String username) throws IOException, InterruptedException {
    ServerProcess server = server();
    String link = ask(local -> local.link(username)).url();
    Visitor visitor = new Visitor(http, server.address());
    visitor.enter(URI.create(link));
    return visitor;
  }

  private ServerProcess server() throws IOException, InterruptedException {
    @Nullable ServerProcess there = running;
    if (there != null) {
      return there;
    }
    ServerProcess started = ServerProcess.start(home);
    running = started;
    if (started.setUpToken().isPresent()) {
      new Visitor(http, started.address())
          .setUp(started.setUpToken().orElseThrow(), LEAD, PASSWORD);
    }
    return started;
  }

  private void stop(ServerProcess server) throws IOException {
    running = null;
    server.close();
  }

  @Override
  public void close() throws IOException {
    if (running != null) {
      stop(running);
    }
    http.shutdownNow();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
