package org.alignmentworkbench.app.bench.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.memory.DatabaseProcess;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.ServerFile;
import org.jspecify.annotations.Nullable;

/// The server in a process of its own, with its own database in a folder, started as the start
/// script starts it.
final class ServerProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("The workbench is at (\\S+)");
  private static final Pattern SET_UP = Pattern.compile("/setup\\?token=(\\S+)");
  private static final Pattern STOPS = Pattern.compile("Stop it with .*");
  private static final Pattern THREADS = Pattern.compile("java\\.threads\\.live=([0-9]+)");
  private static final Pattern COLLECTION = Pattern.compile(" ([0-9]+)M->([0-9]+)M\\([0-9]+M\\)");
  private static final String ARCHIVE = "-XX:SharedArchiveFile=";
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path home;
  private final URI address;
  private final @Nullable String setUpToken;

  private ServerProcess(Process process, Path home, URI address, @Nullable String setUpToken) {
    this.process = process;
    this.home = home;
    this.address = address;
    this.setUpToken = setUpToken;
  }

  /// Starts it and returns when it says that it listens.
  ///
  /// @param settings as `up --set` takes them
  static ServerProcess start(Path home, String... settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The start script's own options; but no agent of a test.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agent"))
        .filter(option -> !option.startsWith(ARCHIVE))
        .forEach(command::add);
    // The archive of classes as the script has it for a server, which writes it where there is
    // none.
    String archive = System.getProperty("workbench.archive");
    if (archive != null) {
      command.addAll(List.of("-XX:+AutoCreateSharedArchive", ARCHIVE + archive));
    }
    command.add("-Xlog:gc:file=" + heapLog(home));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.alignmentworkbench.app.Workbench", "up", "--port", "0"));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("WORKBENCH_HOME", home.toString());
    Process process = builder.start();
    try {
      return listening(process, home);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static ServerProcess listening(Process process, Path home) throws IOException {
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    @Nullable String address = null;
    @Nullable String token = null;
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      address = first(ADDRESS, line).orElse(address);
      token = first(SET_UP, line).orElse(token);
      if (address != null && STOPS.matcher(line).matches()) {
        return new ServerProcess(process, home, URI.create(address), token);
      }
    }
    throw new IOException("the server ended before it listened");
  }

  private static Optional<String> first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  URI address() {
    return address;
  }

  /// The secret of the first set-up, while there is no administrator.
  Optional<String> setUpToken() {
    return Optional.ofNullable(setUpToken);
  }

  /// The server as commands on its machine call it.
  LocalServer local() throws IOException {
    return new LocalServer(
        ServerFile.read(home).orElseThrow(() -> new IOException("no server runs on " + home)));
  }

  /// Platform threads that live now; virtual ones are none.
  int threads() throws IOException, InterruptedException {
    return Integer.parseInt(
        first(THREADS, command("PerfCounter.print"))
            .orElseThrow(() -> new IOException("the server's process does not count its threads")));
  }

  /// Processor time so far, in seconds.
  ///
  /// @param load of this process, which asks
  /// @param database of PostgreSQL's processes that live
  record Work(double load, double server, double database) {
    Work since(Work before) {
      return new Work(load - before.load, server - before.server, database - before.database);
    }
  }

  Work worked() throws IOException {
    ProcessHandle postgres =
        DatabaseProcess.in(home).stream()
            .boxed()
            .flatMap(number -> ProcessHandle.of(number).stream())
            .findAny()
            .orElseThrow(() -> new IOException("no database runs in " + home));
    return new Work(
        seconds(ProcessHandle.current()),
        seconds(process.toHandle()),
        seconds(postgres) + postgres.children().mapToDouble(ServerProcess::seconds).sum());
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() * 1e-9;
  }

  /// The heap as its collections find it, in MiB.
  ///
  /// @param peak most that was in use before a collection, garbage included
  /// @param live most that was left after one
  record Heap(double peak, double live) {}

  /// Does some work and gives what the heap held meanwhile; there is a collection at its end.
  Heap heapDuring(Asking work) throws IOException, InterruptedException {
    int before = Files.readAllLines(heapLog()).size();
    work.run();
    String _ = command("GC.run");
    double peak = 0;
    double live = 0;
    List<String> lines = Files.readAllLines(heapLog());
    for (String line : lines.subList(Math.min(before, lines.size()), lines.size())) {
      Matcher collection = COLLECTION.matcher(line);
      if (collection.find()) {
        peak = Math.max(peak, Integer.parseInt(collection.group(1)));
        live = Math.max(live, Integer.parseInt(collection.group(2)));
      }
    }
    return new Heap(peak, live);
  }

  /// Something that asks the server.
  interface Asking {
    void run() throws IOException, InterruptedException;
  }

  private Path heapLog() {
    return heapLog(home);
  }

  private static Path heapLog(Path home) {
    return home.resolveSibling("collections.log");
  }

  /// What the JDK's own tool says of the process.
  private String command(String name) throws IOException, InterruptedException {
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said;
    try (var out = tool.getInputStream()) {
      said = new String(out.readAllBytes(), UTF_8);
    }
    if (tool.waitFor() != 0) {
      throw new IOException("jcmd " + name + " failed: " + said);
    }
    return said;
  }

  /// Ends it as Ctrl+C does.
  @Override
  public void close() throws IOException {
    // Its output stays open until it has ended: what it says last would break on a closed pipe.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
