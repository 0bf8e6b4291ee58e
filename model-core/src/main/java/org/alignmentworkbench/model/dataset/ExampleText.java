package org.alignmentworkbench.model.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.model.dataset.Example.ComparedPair;
import org.alignmentworkbench.model.dataset.Example.Conversation;
import org.alignmentworkbench.model.dataset.Example.Demonstration;
import org.alignmentworkbench.model.dataset.Example.Form;
import org.alignmentworkbench.model.dataset.Example.Judged;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.Prompt;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Examples as rows of JSON lines, in the shape that reads back as the same example.
public final class ExampleText {
  private ExampleText() {}

  /// A row, to which further columns may be added.
  ///
  /// @param id null for none
  /// @throws IllegalArgumentException for judgements, which have formats of their own
  public static JsonObject.Builder of(@Nullable String id, Example example) {
    JsonObject.Builder row = new JsonObject.Builder();
    if (id != null) {
      row.with("id", id);
    }
    return switch (example) {
      case Conversation c -> row.with("messages", turns(c.turns()));
      case Prompt p -> row.with("prompt", side(p.form(), p.prompt()));
      case Demonstration d ->
          row.with("prompt", side(d.form(), d.prompt()))
              .with("completion", side(d.form(), d.completion()));
      case Preference p ->
          row.with("prompt", side(p.form(), p.prompt()))
              .with("chosen", side(p.form(), p.chosen()))
              .with("rejected", side(p.form(), p.rejected()));
      case RatedCompletion r ->
          row.with("prompt", side(r.form(), r.prompt()))
              .with("completion", side(r.form(), r.completion()))
              .with("label", r.desirable());
      case ComparedPair _, Judged _ ->
          throw new IllegalArgumentException(
              "judgements are written by a judgement format, not as a row");
    };
  }

  private static JsonValue side(Form form, List<Turn> turns) {
    return form == Form.TEXT ? new JsonString(turns.getFirst().content()) : turns(turns);
  }

  private static JsonArray turns(List<Turn> turns) {
    List<JsonValue> elements = new ArrayList<>();
    for (Turn turn : turns) {
      elements.add(
          JsonObject.with("role", new JsonString(turn.role().name().toLowerCase(Locale.ROOT)))
              .with("content", turn.content())
              .build());
    }
    return new JsonArray(elements);
  }
}
