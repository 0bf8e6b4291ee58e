package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `workbench model remove NAME`.
@Command(
    name = "remove",
    description = "Remove a registered model or adapter; projects keep what they took of it.")
final class ModelRemoveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "What to remove.")
  private String name = "";

  @Override
  public Integer call() throws IOException {
    if (!ModelSource.registry().remove(name)) {
      throw new CommandRefused(
          "there is no registered '"
              + name
              + "'; there are the models "
              + ModelSource.registry().names()
              + " and the adapters "
              + ModelSource.registry().adapterNames());
    }
    System.err.println("Removed " + name);
    return 0;
  }
}
