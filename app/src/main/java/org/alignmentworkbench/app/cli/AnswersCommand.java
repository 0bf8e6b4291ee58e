package org.alignmentworkbench.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// `workbench answers`: answers to tasks that are no comparisons.
@Command(
    name = "answers",
    description = "Take a project's answers to tasks that are no comparisons out.",
    subcommands = {AnswersExportCommand.class, HelpCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class AnswersCommand {}
