package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.security.FirstSetUp;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `workbench up`: the web application alone.
@Command(name = "up", description = "Start the web application and stay until it is stopped.")
final class UpCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "${env:WORKBENCH_PORT:-8080}",
      description = "Port of the pages; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting, such as workbench.address=0.0.0.0; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ConfigurableApplicationContext server =
        WorkbenchApplication.start(
            Places.home(), port, settings.stream().map(s -> "--" + s).toArray(String[]::new));
    System.out.println("The workbench is at " + WorkbenchApplication.url(server));
    System.out.println(
        server
            .getBean(FirstSetUp.class)
            .offer()
            .orElse("No password at hand? './workbench link' prints a one-time sign-in link."));
    System.out.println("Stop it with Ctrl+C.");
    archiveWillBeWhole();
    // The server's own threads are daemons; its shutdown hook closes it.
    Thread.currentThread().join();
    return 0;
  }

  /// Says to the start script that the classes which Java archives when it ends are those of a
  /// whole start.
  private static void archiveWillBeWhole() throws IOException {
    String archive = System.getProperty("workbench.archive");
    if (archive != null) {
      Files.write(Path.of(archive + ".whole"), new byte[0]);
    }
  }
}
