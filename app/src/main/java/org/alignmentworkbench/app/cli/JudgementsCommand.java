package org.alignmentworkbench.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// `workbench judgements`: a project's judgements, out and in.
@Command(
    name = "judgements",
    description = "Take a project's judgements out, and bring others in.",
    subcommands = {JudgementsExportCommand.class, JudgementsImportCommand.class, HelpCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class JudgementsCommand {}
