package org.alignmentworkbench.db.exchange;

import java.time.Instant;
import org.alignmentworkbench.db.task.Grades;
import org.jspecify.annotations.Nullable;

/// What one person did with one comparison: a judgement, or a skip.
///
/// @param ordinal the slot's number in its comparison; null for a skip
/// @param strength -4 (A is much better) to -1, 1 to 4 (B is much better); null for a skip
/// @param aLeft whether A was shown on the left; null where that is not known
/// @param gradesA of the first response; null where none were given
/// @param gradesB of the second response; null where none were given
/// @param annotator the person's name
/// @param activeMs time spent, milliseconds; null where that is not known
/// @param decided what a lead decided of the comparison; null where none did
/// @param withdrawn why the judgement counts no more; null where it counts
/// @param language of the prompt; null where nobody said it
public record JudgedRow(
    String taskKey,
    String promptKey,
    int round,
    @Nullable Integer ordinal,
    String prompt,
    String textA,
    String textB,
    String keyA,
    String keyB,
    @Nullable Integer strength,
    @Nullable Boolean aLeft,
    @Nullable Grades gradesA,
    @Nullable Grades gradesB,
    String reason,
    String annotator,
    @Nullable Long activeMs,
    @Nullable Integer guidelineVersion,
    boolean scripted,
    Instant at,
    @Nullable Decided decided,
    @Nullable Withdrawn withdrawn,
    @Nullable String language) {
  /// What a lead decided of the comparison, the last word.
  ///
  /// @param strength as of a judgement; null where no preference can be had
  /// @param by the lead's name
  public record Decided(@Nullable Integer strength, String by, String reason) {}

  /// Whether the comparison was looked at and passed over.
  public boolean skipped() {
    return strength == null;
  }
}
