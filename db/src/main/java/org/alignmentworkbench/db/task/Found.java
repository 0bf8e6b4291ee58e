package org.alignmentworkbench.db.task;

/// Known answers that somebody was asked for, and those they found.
public record Found(long right, long judged) {
  static final Found NOTHING = new Found(0, 0);
}
