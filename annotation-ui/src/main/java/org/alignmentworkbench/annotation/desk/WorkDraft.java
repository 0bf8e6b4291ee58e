package org.alignmentworkbench.annotation.desk;

import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.db.task.Work;
import org.jspecify.annotations.Nullable;

/// What an annotator has entered so far for a task that is no comparison: the body of a draft.
///
/// @param fields as in [WorkForm]
public record WorkDraft(@Nullable Map<String, String> fields, @Nullable Long activeMillis) {
  static final WorkDraft EMPTY = new WorkDraft(Map.of(), 0L);

  /// Whether it is a draft of this task: it has no field that the form has not, and none too long.
  public boolean of(Work work) {
    Map<String, String> given = fields;
    if (given == null) {
      return false;
    }
    Set<String> names = Set.copyOf(WorkAnswers.fields(work));
    return names.containsAll(given.keySet())
        && given.values().stream()
            .allMatch(value -> value != null && value.length() <= WorkForm.LONGEST_FIELD)
        && (activeMillis == null || activeMillis >= 0);
  }
}
