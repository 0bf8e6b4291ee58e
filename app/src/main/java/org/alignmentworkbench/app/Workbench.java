package org.alignmentworkbench.app;

import org.alignmentworkbench.app.cli.CommandLineEntry;

/// The process's entry point. Plain Java: Spring starts only for what needs the server.
public final class Workbench {
  private Workbench() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] arguments) {
    System.exit(CommandLineEntry.run(arguments));
  }
}
