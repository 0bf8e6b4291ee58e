package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.demo.DemoAccount;
import org.alignmentworkbench.app.demo.DemoLoop;
import org.alignmentworkbench.app.demo.DemoReport;
import org.alignmentworkbench.app.demo.LoopStopped;
import org.alignmentworkbench.app.memory.DatabaseProcess;
import org.alignmentworkbench.app.memory.PeakMemory;
import org.alignmentworkbench.app.report.LoopReport;
import org.alignmentworkbench.app.report.LoopTable;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.file.DurableFile;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `workbench demo`: the whole loop on real input.
@Command(
    name = "demo",
    description =
        "Run the whole loop on a new demo project, or go on with an unfinished one; then stay up.")
final class DemoCommand implements Callable<Integer> {
  private static final Duration LINK_LIFE = Duration.ofHours(12);

  @Option(names = "--exit", description = "End after the loop instead of staying up.")
  private boolean exit;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write the closing table as JSON.")
  private @Nullable Path report;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of a new demo project (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "${env:WORKBENCH_PORT:-8080}",
      description = "Port of the pages; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path base = Places.shippedModel("nano");
    if (!Files.isRegularFile(base.resolve("model.safetensors"))) {
      throw new CommandRefused(
          "the shipped base model is missing at " + base + "; ./workbench pretrain nano makes it");
    }
    if (report != null && !Files.isWritable(report.toAbsolutePath().getParent())) {
      throw new CommandRefused("cannot write a report to " + report);
    }
    long started = System.nanoTime();
    Clock clock = Clock.systemUTC();
    ProgressLine terminal = new ProgressLine(System.out, Places.terminal(), clock);
    ConfigurableApplicationContext server = WorkbenchApplication.start(Places.home(), port);
    String url = WorkbenchApplication.url(server);
    try (PeakMemory memory =
        PeakMemory.watch(Duration.ofSeconds(1), () -> DatabaseProcess.in(Places.home()))) {
      String link = url + "/link?token=" + DemoAccount.of(server).link(LINK_LIFE);
      terminal.say("The workbench is at " + url);
      terminal.say("Sign in once with      " + link);
      DemoLoop loop = DemoLoop.of(server, terminal, URI.create(url));
      Project project = loop.project(seed);
      loop.run(project, base);
      LoopReport figures =
          DemoReport.of(
              server,
              project,
              buildSeconds(),
              (System.nanoTime() - started) / 1e9,
              memory.peakMiB());
      terminal.say("");
      terminal.say(LoopTable.render(figures));
      if (report != null) {
        DurableFile.writeText(report.toAbsolutePath(), figures.toJson() + "\n");
        terminal.say("The report is in " + report);
      }
      if (!exit) {
        terminal.say("The workbench stays at " + url);
        terminal.say(
            "Sign in once with    "
                + url
                + "/link?token="
                + DemoAccount.of(server).link(LINK_LIFE));
        terminal.say("Stop it with Ctrl+C.");
        Thread.currentThread().join();
      }
    } catch (LoopStopped e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    } finally {
      server.close();
    }
    return 0;
  }

  /// What the start script measured; unknown when the application was started in another way.
  private static @Nullable Double buildSeconds() {
    String seconds = System.getProperty("workbench.build-seconds");
    return seconds == null || seconds.isBlank() ? null : Double.valueOf(seconds);
  }
}
