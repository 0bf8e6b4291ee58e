package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.ServerFile;
import org.springframework.context.ConfigurableApplicationContext;

/// The server on the data folder: the one that runs, or one of the command's own on a free port.
final class ServerAtHome {
  private ServerAtHome() {}

  /// Something that is asked of a server.
  interface Question<T> {
    T ask(LocalServer server)
        throws IOException, InterruptedException, LocalServer.RefusedException;
  }

  /// Asks it; what it refuses is told in its words.
  static <T> T ask(Question<T> question) throws IOException, InterruptedException {
    Path home = Places.home();
    Optional<ServerFile> running =
        Files.isDirectory(home) ? ServerFile.read(home) : Optional.empty();
    if (running.isPresent()) {
      return ask(running.get(), question);
    }
    try (ConfigurableApplicationContext _ = WorkbenchApplication.start(home, 0)) {
      return ask(ServerFile.read(home).orElseThrow(), question);
    }
  }

  private static <T> T ask(ServerFile file, Question<T> question)
      throws IOException, InterruptedException {
    try (LocalServer server = new LocalServer(file)) {
      return question.ask(server);
    } catch (LocalServer.RefusedException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }
}
