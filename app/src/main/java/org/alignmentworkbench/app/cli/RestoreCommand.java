package org.alignmentworkbench.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.backup.Restore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `workbench restore FILE`: a data folder of a backup.
@Command(
    name = "restore",
    description =
        "Make the data folder of a backup; it must be missing or empty. Every part is compared with"
            + " its hash.")
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "What `workbench backup` wrote.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws Exception {
    Restore.Restored restored = Restore.restore(file.toAbsolutePath(), Places.home());
    System.out.printf(
        Locale.ROOT,
        "%s is as it was at %s: %,d rows of %d tables, %,d artefacts, %,d bytes, all as they were"
            + " written.%n",
        Places.home(),
        restored.at(),
        restored.rows(),
        restored.tables(),
        restored.artifacts(),
        restored.bytes());
    return 0;
  }
}
