package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.remote.JudgementDesk.ExportAnswer;
import org.alignmentworkbench.app.remote.JudgementDesk.ExportOrder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `workbench judgements export PROJECT`: all judgements of a project as a file.
@Command(
    name = "export",
    description = "Write all judgements of a project into a file for other programs.")
final class JudgementsExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PROJECT", description = "The project's name.")
  private String project = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "trl-preference",
      description =
          "trl-preference, kto, soft-label, csv, spreadsheet, label-studio or parquet (default:"
              + " ${DEFAULT-VALUE}).")
  private String format = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "The file to write; it must not exist (default: a name with the file's hash).")
  private @Nullable Path to;

  @Option(
      names = "--withdrawn",
      description =
          "Withdrawn judgements are in it too, marked as such (csv, spreadsheet and parquet).")
  private boolean withdrawn;

  @Option(names = "--json", description = "Print what was written as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (to != null && Files.exists(to)) {
      throw new CommandRefused(to + " exists already");
    }
    ExportAnswer answer =
        ServerAtHome.ask(server -> server.export(new ExportOrder(project, format, withdrawn)));
    Path target = to == null ? Path.of(answer.name()) : to;
    if (Files.exists(target)) {
      throw new CommandRefused(target + " exists already");
    }
    Files.copy(Path.of(answer.path()), target);
    System.out.println(
        json
            ? JsonMapper.shared().writeValueAsString(answer)
            : String.format(
                Locale.ROOT,
                "%s: %,d judgements, %,d skips%s, %,d bytes%nSHA-256 %s, which './workbench lineage'"
                    + " traces",
                target,
                answer.judged(),
                answer.skipped(),
                withdrawn ? String.format(Locale.ROOT, ", %,d withdrawn", answer.withdrawn()) : "",
                answer.bytes(),
                answer.sha256()));
    return 0;
  }
}
