package org.alignmentworkbench.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// `workbench model ...`: models by themselves, without project or database.
@Command(
    name = "model",
    description = "Import and look at models, ask one for logits or perplexity.",
    subcommands = {
      ModelImportCommand.class,
      ModelListCommand.class,
      ModelInspectCommand.class,
      ModelRemoveCommand.class,
      ModelLogitsCommand.class,
      ModelPerplexityCommand.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class ModelCommand {}
