package org.alignmentworkbench.db.note;

/// What a note is.
public enum NoteKind {
  /// Something is wrong with the task.
  FLAG,
  /// Something is asked of the leads.
  QUESTION,
  /// Something is said of one's own judgement.
  COMMENT
}
