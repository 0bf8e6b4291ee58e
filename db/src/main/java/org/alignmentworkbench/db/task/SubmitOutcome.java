package org.alignmentworkbench.db.task;

/// The answer to a submitted judgement.
public sealed interface SubmitOutcome {
  /// It is kept.
  ///
  /// @param repeated whether an earlier request with the same key had done it
  record Accepted(long judgementId, boolean repeated) implements SubmitOutcome {}

  /// This person does not hold the slot, or there is none.
  record NotLeased() implements SubmitOutcome {}

  /// This person has judged the task before, with another key.
  record AlreadyJudged(long judgementId) implements SubmitOutcome {}

  /// The key belongs to a judgement of another slot.
  record KeyReused() implements SubmitOutcome {}
}
