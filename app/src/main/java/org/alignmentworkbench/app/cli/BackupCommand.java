package org.alignmentworkbench.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.backup.BackupWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `workbench backup FILE`: everything in one file, while the server goes on working.
@Command(
    name = "backup",
    description =
        "Write database, artefacts and registered models into one file; a running server goes on.")
final class BackupCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The file to write; it must not exist.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print what was written as JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Path target = file.toAbsolutePath().normalize();
    BackupWriter.Written written = ServerAtHome.ask(server -> server.backup(target));
    System.out.println(
        json
            ? JsonMapper.shared().writeValueAsString(written)
            : String.format(
                Locale.ROOT,
                "%s: %,d rows of %d tables, %,d artefacts, %,d bytes%nSHA-256 %s",
                written.file(),
                written.rows(),
                written.tables(),
                written.artifacts(),
                written.bytes(),
                written.sha256()));
    return 0;
  }
}
