package org.alignmentworkbench.app.bench.desk;

/// How large everything is.
///
/// @param units that are judged five times each for the agreement
/// @param battles among 64 players
/// @param resamples of the battles
/// @param repetitions of what is arithmetic alone
/// @param tasks comparisons of a project
/// @param overlap judgements wanted of each
/// @param exports how often all judgements are taken out
/// @param starts how often the server is started again
/// @param annotators at work at once
/// @param submits of all of them together, at least
/// @param thinkingSeconds mean time between a pair's page and its submit
/// @param streams of events, open at once
record Scale(
    int units,
    int battles,
    int resamples,
    int repetitions,
    int tasks,
    int overlap,
    int exports,
    int starts,
    int annotators,
    int submits,
    double thinkingSeconds,
    int streams) {
  /// What the limits are about.
  static final Scale FULL =
      new Scale(60_000, 100_000, 1_000, 7, 100_000, 3, 3, 5, 50, 20_000, 2, 200);

  /// For a test, and to see that it works: its figures say nothing.
  static final Scale SHORT = new Scale(600, 5_000, 20, 1, 60, 3, 1, 1, 5, 60, 0.02, 10);

  /// The same with another number of submits.
  Scale submitting(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("--submits must be >= 1, was " + number);
    }
    return new Scale(
        units,
        battles,
        resamples,
        repetitions,
        tasks,
        overlap,
        exports,
        starts,
        annotators,
        number,
        thinkingSeconds,
        streams);
  }
}
