package org.alignmentworkbench.db.note;

/// What is wrong with a flagged task.
public enum FlagReason {
  UNSAFE,
  BROKEN,
  GUIDELINES,
  OTHER
}
