package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.remote.JudgementDesk.ExportOrder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
    TakenOut out = new TakenOut("judgements", to, withdrawn, json);
    return out.keep(server -> server.export(new ExportOrder(project, format, withdrawn)));
  }
}
