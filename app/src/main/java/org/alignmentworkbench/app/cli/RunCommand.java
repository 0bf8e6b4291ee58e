package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.RunOrder;
import org.alignmentworkbench.app.remote.ServerFile;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.RunState;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `workbench run JOB key=value ...`: one run, from its order to its end.
///
/// A server that runs on the same data folder takes the run; without one the command starts one for
/// itself on a free port.
@Command(
    name = "run",
    description =
        "Run a job with settings and wait for its end; the exit code is 0 when it is completed.")
final class RunCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(300);

  @Parameters(index = "0", paramLabel = "JOB", description = "The job, such as evaluation.")
  private String job = "";

  @Parameters(
      index = "1..*",
      paramLabel = "KEY=VALUE",
      description = "A setting, such as training.optimizer.learningRate=1e-4.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Settings as YAML or JSON; KEY=VALUE goes over them.")
  private @Nullable Path file;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description =
          "The project (default: the newest; where there is none, one named work is made).")
  private @Nullable String project;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call the run (default: the job's name and a number).")
  private @Nullable String name;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the run (default: the project's).")
  private @Nullable Long seed;

  @Option(names = "--json", description = "Print the finished run as JSON, progress to the side.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode given =
        file == null ? JsonMapper.shared().createObjectNode() : SettingsFile.read(file);
    settings.forEach(setting -> SettingsFile.put(given, setting));
    RunOrder order = new RunOrder(project, name, job, given, seed, dataFile(given));
    Path home = Places.home();
    Optional<ServerFile> running =
        Files.isDirectory(home) ? ServerFile.read(home) : Optional.empty();
    if (running.isPresent()) {
      return carryOut(order, running.get());
    }
    try (ConfigurableApplicationContext _ = WorkbenchApplication.start(home, 0)) {
      return carryOut(order, ServerFile.read(home).orElseThrow());
    }
  }

  /// The file that the setting `data` names, if it names one; otherwise a dataset has that name.
  private static @Nullable String dataFile(ObjectNode settings) {
    String data = settings.path("data").asString("");
    if (data.isBlank()) {
      return null;
    }
    Path path = Path.of(data).toAbsolutePath().normalize();
    if (Files.isRegularFile(path)) {
      return path.toString();
    }
    if (data.matches("(?i).*(/|\\\\|\\.(jsonl|json|csv|tsv)(\\.gz)?$).*")) {
      throw new CommandRefused("there is no file " + path);
    }
    return null;
  }

  private int carryOut(RunOrder order, ServerFile file) throws IOException, InterruptedException {
    ProgressLine terminal = new ProgressLine(System.err, Places.terminal(), Clock.systemUTC());
    try (LocalServer server = new LocalServer(file)) {
      RunOrder.Standing run = server.order(order);
      terminal.say("Run " + run.id() + " '" + run.name() + "' of project '" + run.project() + "'.");
      long lastLine = 0;
      while (true) {
        for (LogLine line : run.log()) {
          terminal.say(line.message());
          lastLine = line.id();
        }
        if (run.state().ended() && run.log().isEmpty()) {
          break;
        }
        show(terminal, run);
        Thread.sleep(POLL);
        run = server.run(run.id(), lastLine).orElseThrow();
      }
      if (json) {
        System.out.println(JsonMapper.shared().writeValueAsString(run));
      }
      if (run.state() == RunState.COMPLETED) {
        return 0;
      }
      throw new CommandRefused(
          "run '%s' is %s: %s".formatted(run.name(), run.state(), run.detail()));
    } catch (LocalServer.RefusedException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  static void show(ProgressLine terminal, RunOrder.Standing run) {
    Heartbeat beat = run.heartbeat();
    terminal.show(
        beat == null
            ? new Progress(run.name() + ": queued", 0, null, null, null, null)
            : new Progress(
                run.name() + ": " + beat.stage(),
                beat.step(),
                beat.steps(),
                beat.rate(),
                beat.rateUnit() == null ? null : beat.rateUnit() + "/s",
                beat.secondsLeft()));
  }
}
