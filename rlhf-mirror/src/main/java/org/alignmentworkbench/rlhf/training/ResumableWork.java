package org.alignmentworkbench.rlhf.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A training as an iterator of units, each small enough to lose.
///
/// The contract that restarts rest on: `restore` of what `save` wrote, into a training made from
/// the same inputs, continues with exactly the bits of the training that was saved.
public interface ResumableWork extends AutoCloseable {
  /// Does the next unit; false, and nothing done, once the work is complete.
  boolean advance();

  /// How far it is.
  Progress progress();

  /// Tokens of the rows whose gradient this object has computed; 0 for work that trains nothing.
  /// Only its growth means something: it says how fast a unit was and is no part of the state.
  default long trainedTokens() {
    return 0;
  }

  /// The figures of the units since the last call.
  List<Metric> takeMetrics();

  /// Writes the exact state as files of a folder, which is made if it is missing.
  void save(Path folder) throws IOException;

  /// Takes up the state that `save` wrote.
  void restore(Path folder) throws IOException;

  @Override
  void close();

  /// How far it is: steps done, steps in all, and what it is doing.
  record Progress(String stage, long step, long steps) {}

  /// One figure of one step. `value` may be NaN where the figure is undefined.
  record Metric(String series, long step, double value) {}
}
