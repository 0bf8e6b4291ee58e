package org.alignmentworkbench.db.task;

/// The answer to the wish to give up slots.
public sealed interface CloseOutcome {
  /// They are given up.
  ///
  /// @param slots how many
  /// @param inHand slots of the same tasks that somebody is judging; they stay
  record Closed(int slots, int inHand) implements CloseOutcome {}

  /// No slot of that choice is free.
  ///
  /// @param inHand slots that somebody is judging
  record NothingFree(int inHand) implements CloseOutcome {}

  /// Nothing would be left for the round to learn from: no judgement is there and none would come.
  record NothingJudged() implements CloseOutcome {}
}
