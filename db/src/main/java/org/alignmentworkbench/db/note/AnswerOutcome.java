package org.alignmentworkbench.db.note;

/// What became of a lead's answer.
public enum AnswerOutcome {
  /// It is kept, or an earlier request had brought it.
  KEPT,
  /// It is kept, and nothing more is to be done.
  CLOSED,
  /// A note that nobody has answered is not closed without a word.
  NOTHING_SAID,
  /// There is no such note in the project.
  NOT_THERE
}
