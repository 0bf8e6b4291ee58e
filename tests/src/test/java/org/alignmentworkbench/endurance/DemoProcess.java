package org.alignmentworkbench.endurance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.alignmentworkbench.app.Workbench;

/// `./workbench demo --exit --report` in a data folder of its own, to be killed and started again.
final class DemoProcess {
  private final Path home;
  private final Path log;
  private final Path report;

  /// @param place an empty folder for data, log and report
  DemoProcess(Path place) throws IOException {
    this.home = Files.createDirectory(place.resolve("home"));
    this.log = place.resolve("demo.log");
    this.report = place.resolve("report.json");
  }

  /// Starts it, or goes on with what is there.
  Process start(long seed) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1536m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dworkbench.root=" + System.getProperty("workbench.root"),
                "-cp",
                System.getProperty("java.class.path"),
                Workbench.class.getName(),
                "demo",
                "--exit",
                "--port",
                "0",
                "--seed",
                Long.toString(seed),
                "--report",
                report.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("WORKBENCH_HOME", home.toString());
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().put("GOMP_SPINCOUNT", "3000");
    return builder.start();
  }

  /// Starts it and kills it with SIGKILL after a while, if it has not come to its end by then.
  void killAfter(Duration life, long seed) throws IOException, InterruptedException {
    Process process = start(seed);
    try {
      process.waitFor(life.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /// What it has said so far, all starts together.
  List<String> said() {
    try {
      return Files.exists(log) ? Files.readAllLines(log) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The last line that begins so, if there is one.
  Optional<String> said(String beginning) {
    return said().stream().filter(line -> line.startsWith(beginning)).reduce((_, last) -> last);
  }

  Path report() {
    return report;
  }

  /// Ends the database that a killed process left behind.
  void stopDatabase() throws IOException, InterruptedException {
    Path pid = home.resolve("postgres/postmaster.pid");
    if (Files.exists(pid)) {
      Optional<ProcessHandle> server =
          ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()));
      server.ifPresent(ProcessHandle::destroy);
      for (int wait = 0; wait < 100 && server.filter(ProcessHandle::isAlive).isPresent(); wait++) {
        Thread.sleep(100);
      }
    }
  }
}
