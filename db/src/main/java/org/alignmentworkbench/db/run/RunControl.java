package org.alignmentworkbench.db.run;

/// What a page or a command asks of whoever runs the jobs.
public interface RunControl {
  /// Asks a run to stop. One that is running stops at its next commit and says so in its state.
  RunChange stop(long runId);

  /// Puts a stopped or failed run back in its device's queue; it goes on from its last commit.
  RunChange restart(long runId);
}
