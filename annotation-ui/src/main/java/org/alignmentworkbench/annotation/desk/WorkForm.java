package org.alignmentworkbench.annotation.desk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.alignmentworkbench.db.task.Work;
import org.jspecify.annotations.Nullable;

/// The form of a task that is no comparison, as far as it is filled in.
///
/// | field | value |
/// |---|---|
/// | `choice` | of two answers: -3 (the left is much better) to 3, 0 for a tie, or `bad` |
/// | `level.KEY` | of each dimension to grade: 0 is the worst |
/// | `place.NUMBER` | of each answer to rank, numbered from 0 as shown: 1 is the best |
/// | `text` | the answer that was written or edited |
/// | `passages` | a JSON list of `from`, `to`, `reason`, in code points of the text as shown |
/// | `attempt` | the number of what was asked of a model and answered |
/// | `policy` | 0 for none, else the broken one counted from 1 |
/// | `severity` | 1 to 3; absent where none is broken |
/// | `reason` | text, may be empty |
/// | `activeMillis`, `guidelineVersion`, `key` | as in [JudgementForm] |
///
/// @param fields by name, those of the kind and `reason`; an absent one is not filled in
public record WorkForm(
    Map<String, String> fields, long activeMillis, int guidelineVersion, @Nullable UUID key) {
  /// What a draft may hold in one field, in UTF-16 units.
  static final int LONGEST_FIELD = 40_000;

  public WorkForm {
    fields = Map.copyOf(fields);
  }

  /// Reads the fields that the kind has; what cannot be read is as good as absent.
  static WorkForm read(Work work, Function<String, @Nullable String> field) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : WorkAnswers.fields(work)) {
      String value = field.apply(name);
      if (value != null) {
        // A browser posts line ends as CRLF whatever was typed.
        fields.put(name, value.replace("\r\n", "\n"));
      }
    }
    return new WorkForm(
        fields,
        JudgementForm.activeMillis(field.apply("activeMillis")),
        JudgementForm.orZero(JudgementForm.number(field.apply("guidelineVersion"))),
        JudgementForm.uuid(field.apply("key")));
  }

  /// The field's value, empty where it is not filled in.
  public String value(String name) {
    return fields.getOrDefault(name, "");
  }

  /// The same answers where the guideline that they name is none of the project's.
  WorkForm withoutGuideline() {
    return new WorkForm(fields, activeMillis, -1, key);
  }

  /// The same answers under another key.
  WorkForm withKey(UUID other) {
    return new WorkForm(fields, activeMillis, guidelineVersion, other);
  }
}
