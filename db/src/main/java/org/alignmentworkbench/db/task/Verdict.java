package org.alignmentworkbench.db.task;

import org.alignmentworkbench.db.kind.Answer;

/// What a lead decides of a task that is no comparison.
public sealed interface Verdict {
  /// The lead's own answer: of grades, choices, rankings and passages.
  ///
  /// @param answer with numbers of the task's own order
  record Own(Answer answer) implements Verdict {}

  /// What one person wrote is what counts: of ideal and edited answers.
  record Counts(long judgementId) implements Verdict {}

  /// No answer can be had.
  record None() implements Verdict {}
}
