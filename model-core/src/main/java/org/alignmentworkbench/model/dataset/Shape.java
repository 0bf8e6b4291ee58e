package org.alignmentworkbench.model.dataset;

import java.util.Set;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// What the fields of a row are called and mean.
public enum Shape {
  /// `{id?, messages: [{role, content}]}`: dialogues as the OpenAI API has them.
  MESSAGES("messages"),
  /// `{id?, conversations: [{from, value}]}`: dialogues as ShareGPT has them.
  SHAREGPT("sharegpt"),
  /// `{instruction, input?, output}`: instructions as Alpaca has them.
  ALPACA("alpaca"),
  /// `{prompt, completion}`: texts or turns.
  PROMPT_COMPLETION("prompt-completion"),
  /// `{prompt?, chosen, rejected}`: TRL's preferences, the prompt explicit or implied.
  PREFERENCE("preference"),
  /// `{prompt, completion, label}`: TRL's unpaired preferences.
  KTO("kto"),
  /// `{chosen, rejected}`: whole dialogues as texts with `\n\nHuman:` and `\n\nAssistant:` marks.
  HH_RLHF("hh-rlhf"),
  /// A record of an Argilla export.
  ARGILLA("argilla"),
  /// A task of a Label Studio export.
  LABEL_STUDIO("label-studio"),
  /// A row of this product's own exports, by answer (`response_a`, `response_b`) or by rank
  /// (`chosen`, `rejected`).
  JUDGEMENT("judgement"),
  /// `{prompt}`: prompts alone.
  PROMPT("prompt");

  private final String title;

  Shape(String title) {
    this.title = title;
  }

  /// The name in settings and files.
  public String title() {
    return title;
  }

  /// The shape of a name, or null where there is none.
  public static @Nullable Shape named(String title) {
    for (Shape shape : values()) {
      if (shape.title.equals(title)) {
        return shape;
      }
    }
    return null;
  }

  /// The shape that a row seems to have, or null where it is like none.
  public static @Nullable Shape of(JsonObject row) {
    Set<String> names = row.members().keySet();
    if (names.contains("messages")) {
      return MESSAGES;
    }
    if (names.contains("conversations")) {
      return SHAREGPT;
    }
    if (names.contains("instruction") && names.contains("output")) {
      return ALPACA;
    }
    if (names.contains("completion")) {
      return names.contains("label") ? KTO : PROMPT_COMPLETION;
    }
    if (names.contains(JudgementColumns.FORMAT_VERSION)
        && names.contains(JudgementColumns.STRENGTH)) {
      return JUDGEMENT;
    }
    if (row.get("fields") instanceof JsonObject) {
      return ARGILLA;
    }
    if (row.get("data") instanceof JsonObject && row.get("annotations") instanceof JsonArray) {
      return LABEL_STUDIO;
    }
    if (names.contains("chosen") || names.contains("rejected")) {
      String chosen = row.text("chosen");
      return !names.contains("prompt") && chosen != null && chosen.startsWith(MarkedDialogue.HUMAN)
          ? HH_RLHF
          : PREFERENCE;
    }
    return names.contains("prompt") ? PROMPT : null;
  }
}
