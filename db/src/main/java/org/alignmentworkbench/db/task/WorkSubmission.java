package org.alignmentworkbench.db.task;

import java.util.UUID;
import org.alignmentworkbench.db.kind.Answer;

/// A judgement of a task that is no comparison, as the annotator gave it: answers are numbered in
/// the order in which they were shown.
///
/// @param key made by the client once for a judgement, and sent again with every retry
/// @param activeMs time spent on it, without pauses, milliseconds
public record WorkSubmission(
    long slotId,
    long personId,
    UUID key,
    Answer answer,
    String reason,
    long activeMs,
    int guidelineVersion,
    boolean scripted) {
  public WorkSubmission {
    if (activeMs < 0) {
      throw new IllegalArgumentException("the active time must be >= 0 ms, was " + activeMs);
    }
    activeMs = Math.min(activeMs, Submission.MOST_ACTIVE_MS);
    // A text column cannot hold NUL.
    reason = reason.replace("\0", "");
  }
}
