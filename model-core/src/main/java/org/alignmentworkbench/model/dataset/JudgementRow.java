package org.alignmentworkbench.model.dataset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.dataset.Example.Judged;
import org.alignmentworkbench.model.dataset.JudgedPair.Status;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Reads what [JudgementFormat] wrote: CSV and lines of JSON alike, so numbers and flags may be
/// texts.
final class JudgementRow {
  private JudgementRow() {}

  static Judged read(JsonObject row, Fields fields) {
    Faults faults = fields.faults();
    Status status =
        switch (fields.text(JudgementColumns.STATUS)) {
          case "judged" -> Status.JUDGED;
          case "skipped" -> Status.SKIPPED;
          case "withdrawn" -> Status.WITHDRAWN;
          case String other -> {
            faults.add(
                Code.WRONG_TYPE,
                "status must be judged, skipped or withdrawn, was \"" + other + "\"");
            yield Status.SKIPPED;
          }
        };
    @Nullable Integer strength = integer(fields, row, JudgementColumns.STRENGTH);
    if (status != Status.SKIPPED
        && (strength == null || strength == 0 || Math.abs((long) strength) > 4)) {
      faults.add(Code.WRONG_TYPE, "strength must be -4..-1 or 1..4, was " + strength);
      strength = 1;
    }
    if (status == Status.SKIPPED) {
      strength = null;
    }
    @Nullable Integer round = integer(fields, row, JudgementColumns.ROUND);
    boolean ranked = row.has("chosen");
    String first = text(fields, row, ranked ? "chosen" : "response_a");
    String second = text(fields, row, ranked ? "rejected" : "response_b");
    boolean aFirst = !ranked || (strength != null && strength < 0);
    SequencedMap<String, Integer> grades = new LinkedHashMap<>();
    for (String name : row.members().keySet()) {
      if (name.startsWith(JudgementColumns.GRADE)) {
        @Nullable Integer grade = integer(fields, row, name);
        if (grade != null) {
          grades.put(name.substring(JudgementColumns.GRADE.length()), grade);
        }
      }
    }
    @Nullable Long activeMs = longNumber(fields, row, JudgementColumns.ACTIVE_MS);
    return new Judged(
        new JudgedPair(
            fields.text("id"),
            fields.text(JudgementColumns.PAIR),
            fields.text(JudgementColumns.PROMPT_KEY),
            round == null ? 0 : round,
            status,
            text(fields, row, "prompt"),
            aFirst ? first : second,
            aFirst ? second : first,
            fields.text(JudgementColumns.RESPONSE_A_KEY),
            fields.text(JudgementColumns.RESPONSE_B_KEY),
            strength,
            flag(fields, row, JudgementColumns.A_LEFT),
            grades,
            fields.optionalText(JudgementColumns.REASON),
            fields.text(JudgementColumns.ANNOTATOR),
            activeMs,
            integer(fields, row, JudgementColumns.GUIDELINE_VERSION),
            Boolean.TRUE.equals(flag(fields, row, JudgementColumns.SCRIPTED)),
            fields.optionalText(JudgementColumns.CREATED_AT),
            null,
            status == Status.WITHDRAWN
                ? new JudgedPair.Withdrawal(
                    fields.optionalText(JudgementColumns.WITHDRAWN_AT),
                    fields.optionalText(JudgementColumns.WITHDRAWN_BY),
                    fields.optionalText(JudgementColumns.WITHDRAWN_WHY),
                    fields.optionalText(JudgementColumns.WITHDRAWN_NOTE))
                : null,
            language(fields)));
  }

  private static @Nullable String language(Fields fields) {
    String language = fields.optionalText(JudgementColumns.LANGUAGE);
    return language.isEmpty() ? null : language;
  }

  /// A text, or the only turn of a list.
  private static String text(Fields fields, JsonObject row, String name) {
    if (row.get(name) instanceof JsonArray) {
      List<Turn> turns = fields.messages(name);
      if (turns.size() > 1) {
        fields.faults().add(Code.ROLE_ORDER, name + " must be one turn, has " + turns.size());
      }
      return turns.isEmpty() ? "" : turns.getFirst().content();
    }
    return fields.text(name);
  }

  private static @Nullable Integer integer(Fields fields, JsonObject row, String name) {
    @Nullable Long number = longNumber(fields, row, name);
    if (number != null && (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE)) {
      fields.faults().add(Code.WRONG_TYPE, name + " is too large: " + number);
      return null;
    }
    return number == null ? null : (Integer) (int) (long) number;
  }

  private static @Nullable Long longNumber(Fields fields, JsonObject row, String name) {
    @Nullable Long number = null;
    switch (row.get(name)) {
      case null -> {
        return null;
      }
      case JsonNull _ -> {
        return null;
      }
      case JsonNumber literal -> number = literal.asLongOrNull();
      case JsonString string -> {
        if (string.text().isEmpty()) {
          return null;
        }
        if (string.text().matches("-?[0-9]{1,15}")) {
          number = Long.parseLong(string.text());
        }
      }
      case JsonValue _ -> {}
    }
    if (number == null) {
      fields.faults().add(Code.WRONG_TYPE, name + " must be a whole number");
    }
    return number;
  }

  private static @Nullable Boolean flag(Fields fields, JsonObject row, String name) {
    return switch (row.get(name)) {
      case null -> null;
      case JsonNull _ -> null;
      case JsonBoolean flag -> flag == JsonBoolean.TRUE;
      case JsonString string when string.text().isEmpty() -> null;
      case JsonString string when string.text().matches("true|false") ->
          string.text().equals("true");
      case JsonValue _ -> {
        fields.faults().add(Code.WRONG_TYPE, name + " must be true or false");
        yield null;
      }
    };
  }
}
