package org.alignmentworkbench.db.exchange;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one person did with one task that is no comparison: a judgement, or a skip.
///
/// @param ordinal the slot's number in its task; null for a skip
/// @param responses the texts in the task's own order, which the answer's numbers are of
/// @param answer as JSON; null for a skip
/// @param reason what was said beside it, or why it was skipped
/// @param annotator the person's name
/// @param decided what a lead decided of the task; null where none did
/// @param withdrawn why the judgement counts no more; null where it counts
public record WorkRow(
    String taskKey,
    String promptKey,
    String prompt,
    List<String> responseKeys,
    List<String> responses,
    @Nullable Integer ordinal,
    @Nullable String answer,
    String reason,
    String annotator,
    @Nullable Long activeMs,
    @Nullable Integer guidelineVersion,
    boolean scripted,
    Instant at,
    @Nullable Decided decided,
    @Nullable Withdrawn withdrawn) {
  public WorkRow {
    responseKeys = List.copyOf(responseKeys);
    responses = List.copyOf(responses);
  }

  /// What a lead decided of the task, the last word.
  ///
  /// @param answer as JSON, in the task's own order; null where none can be had
  /// @param chosen of texts whether this one is what counts; null where leads answer themselves
  /// @param by the lead's name
  /// @param named whether the lead saw who answered
  /// @param answers how many the decision is of
  public record Decided(
      @Nullable String answer,
      @Nullable Boolean chosen,
      String by,
      String reason,
      boolean named,
      int answers,
      Instant at) {}
}
