package org.alignmentworkbench.db.run;

/// The answer to a request to change a run's state.
public sealed interface RunChange {
  /// It is done.
  record Changed(Run run) implements RunChange {}

  /// The run is in a state that does not allow it.
  record Refused(RunState actual) implements RunChange {}

  /// There is no such run.
  record NoSuchRun() implements RunChange {}
}
