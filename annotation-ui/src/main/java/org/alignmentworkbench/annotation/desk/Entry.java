package org.alignmentworkbench.annotation.desk;

import org.alignmentworkbench.db.task.Submission;
import org.jspecify.annotations.Nullable;

/// What an annotator has entered for a pair so far, complete or not: the body of a draft.
///
/// @param strength -4 (left significantly better) to -1, 1 to 4 (right significantly better)
/// @param activeMillis time spent on it while the page was visible and in use
public record Entry(
    @Nullable Integer strength,
    @Nullable SideGrades left,
    @Nullable SideGrades right,
    @Nullable String reason,
    @Nullable Long activeMillis) {
  /// Longest reason, in UTF-16 units as a browser's `maxlength` counts them.
  static final int REASON_LIMIT = 4000;

  static final Entry EMPTY = new Entry(null, SideGrades.NONE, SideGrades.NONE, "", 0L);

  /// Whether everything that is given is within its range.
  boolean valid() {
    return (strength == null || validStrength(strength))
        && (left == null || left.valid())
        && (right == null || right.valid())
        && (reason == null || reason.length() <= REASON_LIMIT)
        && (activeMillis == null || activeMillis >= 0);
  }

  static boolean validStrength(int strength) {
    return strength != 0 && Math.abs(strength) <= Submission.STRONGEST;
  }
}
