package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.remote.JudgementDesk.AnswersOrder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `workbench answers export PROJECT SETUP`: all answers to one set-up as a file.
@Command(
    name = "export",
    description =
        "Write all answers to one set-up of tasks that are no comparisons into a file for other"
            + " programs.")
final class AnswersExportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "PROJECT", description = "The project's name.")
  private String project = "";

  @Parameters(
      index = "1",
      paramLabel = "SETUP",
      description = "The set-up's number, as the Quality pages of the project name it.")
  private long setup;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "jsonl",
      description =
          "jsonl, csv (for spreadsheets), csv-data (for programs) or parquet (default:"
              + " ${DEFAULT-VALUE}).")
  private String format = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "The file to write; it must not exist (default: a name with the file's hash).")
  private @Nullable Path to;

  @Option(names = "--withdrawn", description = "Withdrawn answers are in it too, marked as such.")
  private boolean withdrawn;

  @Option(names = "--json", description = "Print what was written as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TakenOut out = new TakenOut("answers", to, withdrawn, json);
    return out.keep(server -> server.export(new AnswersOrder(project, setup, format, withdrawn)));
  }
}
