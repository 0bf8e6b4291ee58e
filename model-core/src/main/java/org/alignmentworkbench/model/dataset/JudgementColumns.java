package org.alignmentworkbench.model.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// The columns of a judgement besides its texts: the same ones, in the same order, on every row of
/// every format.
///
/// @param gradeNames the grades that judgements may have
record JudgementColumns(List<String> gradeNames) {
  static final String PAIR = "pair";
  static final String PROMPT_KEY = "prompt_key";
  static final String LANGUAGE = "language";
  static final String ROUND = "round";
  static final String STATUS = "status";
  static final String STRENGTH = "strength";
  static final String A_LEFT = "a_left";
  static final String GRADE = "grade_";
  static final String REASON = "reason";
  static final String ANNOTATOR = "annotator";
  static final String ACTIVE_MS = "active_ms";
  static final String GUIDELINE_VERSION = "guideline_version";
  static final String SCRIPTED = "scripted";
  static final String CREATED_AT = "created_at";
  static final String RESPONSE_A_KEY = "response_a_key";
  static final String RESPONSE_B_KEY = "response_b_key";
  static final String DECIDED = "decided";
  static final String DECIDED_STRENGTH = "decided_strength";
  static final String DECIDED_BY = "decided_by";
  static final String DECIDED_REASON = "decided_reason";
  static final String FORMAT_VERSION = "format_version";
  static final String WITHDRAWN_AT = "withdrawn_at";
  static final String WITHDRAWN_BY = "withdrawn_by";
  static final String WITHDRAWN_WHY = "withdrawn_why";
  static final String WITHDRAWN_NOTE = "withdrawn_note";

  /// What tables have of withdrawn judgements, after all other columns.
  static final List<String> OF_WITHDRAWN =
      List.of(WITHDRAWN_AT, WITHDRAWN_BY, WITHDRAWN_WHY, WITHDRAWN_NOTE);

  JudgementColumns {
    gradeNames = List.copyOf(gradeNames);
  }

  List<String> names() {
    List<String> names =
        new ArrayList<>(List.of(PAIR, PROMPT_KEY, LANGUAGE, ROUND, STATUS, STRENGTH, A_LEFT));
    gradeNames.forEach(grade -> names.add(GRADE + grade));
    names.addAll(
        List.of(
            REASON,
            ANNOTATOR,
            ACTIVE_MS,
            GUIDELINE_VERSION,
            SCRIPTED,
            CREATED_AT,
            RESPONSE_A_KEY,
            RESPONSE_B_KEY,
            DECIDED,
            DECIDED_STRENGTH,
            DECIDED_BY,
            DECIDED_REASON,
            FORMAT_VERSION));
    return names;
  }

  /// Values by name, in the order of the names.
  SequencedMap<String, JsonValue> of(JudgedPair pair) {
    SequencedMap<String, JsonValue> values = new LinkedHashMap<>();
    values.put(PAIR, new JsonString(pair.pair()));
    values.put(PROMPT_KEY, new JsonString(pair.promptKey()));
    values.put(LANGUAGE, pair.language() == null ? JsonNull.NULL : new JsonString(pair.language()));
    values.put(ROUND, number(pair.round()));
    values.put(STATUS, new JsonString(pair.status().name().toLowerCase(Locale.ROOT)));
    values.put(STRENGTH, number(pair.strength()));
    values.put(A_LEFT, pair.aLeft() == null ? JsonNull.NULL : flag(pair.aLeft()));
    for (String grade : gradeNames) {
      values.put(GRADE + grade, number(pair.grades().get(grade)));
    }
    values.put(REASON, new JsonString(pair.reason()));
    values.put(ANNOTATOR, new JsonString(pair.annotator()));
    values.put(ACTIVE_MS, pair.activeMs() == null ? JsonNull.NULL : JsonNumber.of(pair.activeMs()));
    values.put(GUIDELINE_VERSION, number(pair.guidelineVersion()));
    values.put(SCRIPTED, flag(pair.scripted()));
    values.put(CREATED_AT, new JsonString(pair.createdAt()));
    values.put(RESPONSE_A_KEY, new JsonString(pair.responseAKey()));
    values.put(RESPONSE_B_KEY, new JsonString(pair.responseBKey()));
    JudgedPair.@Nullable Decision decision = pair.decision();
    values.put(DECIDED, flag(decision != null));
    values.put(DECIDED_STRENGTH, number(decision == null ? null : decision.strength()));
    values.put(DECIDED_BY, decision == null ? JsonNull.NULL : new JsonString(decision.by()));
    values.put(
        DECIDED_REASON, decision == null ? JsonNull.NULL : new JsonString(decision.reason()));
    values.put(FORMAT_VERSION, new JsonString(JudgementFormat.VERSION));
    return values;
  }

  /// The values of [#OF_WITHDRAWN].
  static List<JsonValue> ofWithdrawn(JudgedPair pair) {
    JudgedPair.@Nullable Withdrawal withdrawal = pair.withdrawal();
    return withdrawal == null
        ? List.of(JsonNull.NULL, JsonNull.NULL, JsonNull.NULL, JsonNull.NULL)
        : List.of(
            new JsonString(withdrawal.at()),
            new JsonString(withdrawal.by()),
            new JsonString(withdrawal.why()),
            new JsonString(withdrawal.note()));
  }

  private static JsonBoolean flag(boolean flag) {
    return flag ? JsonBoolean.TRUE : JsonBoolean.FALSE;
  }

  private static JsonValue number(@Nullable Integer number) {
    return number == null ? JsonNull.NULL : JsonNumber.of((long) number);
  }
}
