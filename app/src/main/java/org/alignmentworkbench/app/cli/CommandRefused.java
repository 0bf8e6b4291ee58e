package org.alignmentworkbench.app.cli;

/// A command that cannot be carried out, for a reason that its message tells in one sentence. The
/// command line prints it and ends with exit code 1.
final class CommandRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  CommandRefused(String message) {
    super(message);
  }
}
