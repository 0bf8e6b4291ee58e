package org.alignmentworkbench.db.task;

import java.util.UUID;

/// A judgement as the annotator gave it: in terms of left and right.
///
/// @param key made by the client once for a judgement, and sent again with every retry
/// @param strength -4 (left is much better) to -1, 1 to 4 (right is much better); never 0
/// @param activeMs time spent on it, without pauses, milliseconds
public record Submission(
    long slotId,
    long personId,
    UUID key,
    int strength,
    Grades left,
    Grades right,
    String reason,
    long activeMs,
    int guidelineVersion,
    boolean scripted) {
  /// The largest strength.
  public static final int STRONGEST = 4;

  /// A day, milliseconds. What a client says is longer is taken for that: hours are paid by the
  /// sum, which must stay a number.
  public static final long MOST_ACTIVE_MS = 24 * 3_600_000L;

  public Submission {
    if (strength == 0 || strength < -STRONGEST || strength > STRONGEST) {
      throw new IllegalArgumentException(
          "the strength must be -4 to -1 or 1 to 4, was " + strength);
    }
    if (activeMs < 0) {
      throw new IllegalArgumentException("the active time must be >= 0 ms, was " + activeMs);
    }
    activeMs = Math.min(activeMs, MOST_ACTIVE_MS);
    // A text column cannot hold NUL.
    reason = reason.replace("\0", "");
  }
}
