package org.alignmentworkbench.db.dataset;

import org.alignmentworkbench.db.task.Grades;
import org.jspecify.annotations.Nullable;

/// One row of a preference dataset with everything a training needs.
///
/// @param task the prompt's generated task, a JSON object
/// @param taskKey names the comparison
/// @param ordinal the slot's number in its comparison
/// @param strength -4 (A is much better) to -1, 1 to 4 (B is much better)
public record Preference(
    long promptId,
    String promptKey,
    String prompt,
    String task,
    String taskKey,
    int ordinal,
    Answer a,
    Answer b,
    int strength,
    boolean scripted) {
  /// A response with its grades.
  ///
  /// @param tokenIds empty where no model of the project gave it: who needs tokens makes them of
  ///   the text
  /// @param grades null where none were given
  public record Answer(
      long responseId, String key, String text, int[] tokenIds, @Nullable Grades grades) {}
}
