package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.remote.LinkDesk;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.ServerFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `workbench link [NAME]`: lets somebody in who has no password or forgot it.
@Command(
    name = "link",
    description =
        "Print a one-time sign-in link for an account of the running server, good for an hour.")
final class LinkCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The account (default: the only administrator).")
  private @Nullable String username;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Places.home();
    Optional<ServerFile> running =
        Files.isDirectory(home) ? ServerFile.read(home) : Optional.empty();
    if (running.isEmpty()) {
      throw new CommandRefused(
          "no server runs on " + home + ": start it with './workbench up' and ask again");
    }
    try (LocalServer server = new LocalServer(running.get())) {
      LinkDesk.Link link = server.link(username);
      System.err.println("Lets '" + link.username() + "' in once, within an hour:");
      System.out.println(link.url());
      return 0;
    } catch (LocalServer.RefusedException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }
}
