package org.alignmentworkbench.model.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// What a file calls the parts of a preference, in whatever script; null where it calls one as the
/// readers do.
///
/// @param prompt the file's name of what was asked
/// @param chosen of the better answer
/// @param rejected of the other one
public record FieldNames(
    @Nullable String prompt, @Nullable String chosen, @Nullable String rejected) {
  /// A file that calls everything as the readers do.
  public static final FieldNames USUAL = new FieldNames(null, null, null);

  private static final int LONGEST = 200;

  /// Blank names are none.
  public FieldNames {
    prompt = given(prompt);
    chosen = given(chosen);
    rejected = given(rejected);
    long given = Stream.of(prompt, chosen, rejected).filter(Objects::nonNull).count();
    if (Stream.of(prompt, chosen, rejected).filter(Objects::nonNull).distinct().count() < given) {
      throw new IllegalArgumentException(
          "prompt, chosen and rejected must be three columns, were '%s', '%s' and '%s'"
              .formatted(prompt, chosen, rejected));
    }
  }

  private static @Nullable String given(@Nullable String name) {
    String stripped = name == null ? "" : name.strip();
    if (stripped.codePointCount(0, stripped.length()) > LONGEST || stripped.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "the name of a column must have at most %d characters and no NUL, had %d"
              .formatted(LONGEST, stripped.codePointCount(0, stripped.length())));
    }
    return stripped.isEmpty() ? null : stripped;
  }

  /// A name that a row should have and has not, or null.
  @Nullable String missing(JsonObject row) {
    return Stream.of(prompt, chosen, rejected)
        .filter(name -> name != null && !row.has(name))
        .findFirst()
        .orElse(null);
  }

  /// A row under the readers' names; what stood under one of them before is gone.
  JsonObject usual(JsonObject row) {
    if (equals(USUAL)) {
      return row;
    }
    Map<String, String> byName = new LinkedHashMap<>();
    put(byName, prompt, "prompt");
    put(byName, chosen, "chosen");
    put(byName, rejected, "rejected");
    SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
    row.members()
        .forEach((name, value) -> {
          @Nullable String usual = byName.get(name);
          if (usual != null) {
            members.put(usual, value);
          } else if (!byName.containsValue(name)) {
            members.put(name, value);
          }
        });
    return new JsonObject(members);
  }

  private static void put(Map<String, String> byName, @Nullable String name, String usual) {
    if (name != null) {
      byName.put(name, usual);
    }
  }
}
