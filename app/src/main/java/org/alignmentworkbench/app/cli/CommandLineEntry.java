package org.alignmentworkbench.app.cli;

import org.alignmentworkbench.app.bench.BenchCommand;
import org.alignmentworkbench.app.boot.StartRefused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// All commands of the workbench.
@Command(
    name = "workbench",
    description = "From a supervised baseline to an aligned, compressed small language model.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      LinkCommand.class,
      RunCommand.class,
      JudgementsCommand.class,
      AnswersCommand.class,
      PretrainCommand.class,
      ModelCommand.class,
      GenerateCommand.class,
      TokensCommand.class,
      BenchCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DoctorCommand.class,
      LineageCommand.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nCommands of the start script itself:%n",
    footer = {
      "  build  Build what has changed; every other command does so first.",
      "  test   Install what the tests need and run them all; --long adds about an hour of soaks,",
      "         kill statistics and killed demos.",
      "",
      "Data lie in `data` of the checkout, or where WORKBENCH_HOME says.",
      "`workbench help COMMAND` tells a command's options."
    })
public final class CommandLineEntry {
  private CommandLineEntry() {}

  /// Runs a command; what a person can put right is told in one sentence.
  ///
  /// @return the exit code: 0, 1 when refused or failed, 2 for a wrong call
  public static int run(String... arguments) {
    CommandLogging.quiet();
    CommandLine line = new CommandLine(new CommandLineEntry());
    line.setExecutionExceptionHandler((failure, command, _) -> {
      if (failure instanceof CommandRefused
          || failure instanceof StartRefused
          || failure instanceof IllegalArgumentException) {
        command.getErr().println("workbench: " + failure.getMessage());
      } else {
        failure.printStackTrace(command.getErr());
      }
      return 1;
    });
    return line.execute(arguments);
  }
}
