package org.alignmentworkbench.model.dataset;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Judgements as Label Studio's JSON: a list of tasks, each with its annotations.
///
/// A pair becomes `data.prompt`, `data.answer1` (A) and `data.answer2` (B). A judgement becomes the
/// results `pref` (pairwise), `strength` (number), one number a grade and `reason` (text); what
/// Label Studio has no result for stands in the annotation's `meta`.
final class LabelStudioTasks implements JudgementWriter {
  /// Columns without another place.
  private static final Set<String> ONLY_IN_META =
      Set.of(
          JudgementColumns.STATUS,
          JudgementColumns.A_LEFT,
          JudgementColumns.ACTIVE_MS,
          JudgementColumns.GUIDELINE_VERSION,
          JudgementColumns.SCRIPTED,
          JudgementColumns.DECIDED,
          JudgementColumns.DECIDED_STRENGTH,
          JudgementColumns.DECIDED_BY,
          JudgementColumns.DECIDED_REASON,
          JudgementColumns.FORMAT_VERSION);

  private final BufferedWriter out;
  private final List<JudgedPair> ofPair = new ArrayList<>();
  private long tasks;
  private boolean begun;

  LabelStudioTasks(Writer out) {
    this.out = new BufferedWriter(out, 1 << 16);
  }

  @Override
  public boolean write(JudgedPair pair) throws IOException {
    // An annotation of Label Studio's counts, or was cancelled before it was one.
    if (pair.status() == JudgedPair.Status.WITHDRAWN) {
      return false;
    }
    if (!ofPair.isEmpty() && !ofPair.getFirst().pair().equals(pair.pair())) {
      task();
    }
    ofPair.add(pair);
    return true;
  }

  private void task() throws IOException {
    out.write(begun ? ",\n" : "[\n");
    begun = true;
    if (!ofPair.isEmpty()) {
      JudgedPair pair = ofPair.getFirst();
      List<JsonValue> annotations = new ArrayList<>();
      for (JudgedPair judgement : ofPair) {
        annotations.add(annotation(judgement));
      }
      JsonText.write(
          JsonObject.with("id", JsonNumber.of(++tasks))
              .with(
                  "data",
                  JsonObject.with("prompt", new JsonString(pair.prompt()))
                      .with("answer1", pair.responseA())
                      .with("answer2", pair.responseB())
                      .with("pair", pair.pair())
                      .with("prompt_key", pair.promptKey())
                      .with(
                          JudgementColumns.LANGUAGE,
                          pair.language() == null ? JsonNull.NULL : new JsonString(pair.language()))
                      .with("round", JsonNumber.of((long) pair.round()))
                      .with("response_a_key", pair.responseAKey())
                      .with("response_b_key", pair.responseBKey())
                      .build())
              .with("annotations", new JsonArray(annotations))
              .with("predictions", new JsonArray(List.of()))
              .build(),
          out);
      ofPair.clear();
    }
  }

  private static JsonObject annotation(JudgedPair judgement) {
    List<JsonValue> results = new ArrayList<>();
    @Nullable Integer strength = judgement.strength();
    if (strength != null) {
      results.add(
          result(
              "pref",
              "pairwise",
              JsonObject.with("selected", new JsonString(judgement.prefersA() ? "left" : "right"))
                  .build()));
      results.add(number(JudgementColumns.STRENGTH, strength));
    }
    judgement
        .grades()
        .forEach((name, grade) -> results.add(number(JudgementColumns.GRADE + name, grade)));
    if (!judgement.reason().isEmpty()) {
      results.add(
          result(
              JudgementColumns.REASON,
              "textarea",
              JsonObject.with("text", new JsonArray(List.of(new JsonString(judgement.reason()))))
                  .build()));
    }
    JsonObject.Builder meta = new JsonObject.Builder().with("id", judgement.id());
    new JudgementColumns(List.of())
        .of(judgement)
        .forEach((name, value) -> {
          if (ONLY_IN_META.contains(name)) {
            meta.with(name, value);
          }
        });
    JsonObject.Builder annotation =
        new JsonObject.Builder()
            .with("completed_by", judgement.annotator())
            .with("was_cancelled", judgement.status() == JudgedPair.Status.SKIPPED);
    if (judgement.activeMs() != null) {
      annotation.with("lead_time", JsonNumber.of(judgement.activeMs() / 1000.0));
    }
    return annotation
        .with("created_at", judgement.createdAt())
        .with("result", new JsonArray(results))
        .with("meta", meta.build())
        .build();
  }

  private static JsonObject number(String name, int number) {
    return result(name, "number", JsonObject.with("number", JsonNumber.of((long) number)).build());
  }

  private static JsonObject result(String name, String type, JsonObject value) {
    return new JsonObject.Builder()
        .with("from_name", name)
        .with("to_name", "pair")
        .with("type", type)
        .with("value", value)
        .build();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (!ofPair.isEmpty()) {
      task();
    }
    out.write(begun ? "\n]\n" : "[]\n");
    out.close();
  }
}
