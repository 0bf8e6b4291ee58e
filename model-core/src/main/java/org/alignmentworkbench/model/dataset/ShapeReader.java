package org.alignmentworkbench.model.dataset;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.dataset.Example.Choice;
import org.alignmentworkbench.model.dataset.Example.ComparedPair;
import org.alignmentworkbench.model.dataset.Example.Conversation;
import org.alignmentworkbench.model.dataset.Example.Demonstration;
import org.alignmentworkbench.model.dataset.Example.Form;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.Prompt;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;
import org.alignmentworkbench.model.dataset.Example.Verdict;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Makes an [Example] of a row's fields, by shape.
final class ShapeReader {
  private final Shape shape;
  private final PairFields pairFields;

  ShapeReader(Shape shape, @Nullable PairFields pairFields) {
    this.shape = shape;
    this.pairFields =
        pairFields != null
            ? pairFields
            : shape == Shape.ARGILLA ? PairFields.ARGILLA : PairFields.LABEL_STUDIO;
  }

  /// What a row came to.
  ///
  /// @param example meaningless where there are faults
  record Read(Example example, JsonObject metadata, Set<Code> warnings) {}

  Read read(JsonObject row, Faults faults) {
    Fields fields = new Fields(row, faults);
    Set<Code> warnings = EnumSet.noneOf(Code.class);
    Example example =
        switch (shape) {
          case MESSAGES -> conversation("messages", fields.messages("messages"), faults);
          case SHAREGPT ->
              conversation("conversations", fields.conversations("conversations"), faults);
          case ALPACA -> alpaca(fields);
          case PROMPT_COMPLETION -> {
            Sides sides = sides(row, fields, "prompt", "completion");
            yield new Demonstration(sides.form, sides.of("prompt"), sides.of("completion"));
          }
          case PREFERENCE -> preference(row, fields, warnings);
          case KTO -> kto(row, fields);
          case HH_RLHF -> hhRlhf(fields);
          case ARGILLA -> argilla(fields);
          case LABEL_STUDIO -> labelStudio(fields);
          case JUDGEMENT -> JudgementRow.read(row, fields);
          case PROMPT -> {
            Sides sides = sides(row, fields, "prompt");
            yield new Prompt(sides.form, sides.of("prompt"));
          }
        };
    if (reversesText(example)) {
      warnings.add(Code.WARN_BIDI_CONTROL);
    }
    return new Read(example, metadata(row), warnings);
  }

  private static Conversation conversation(String place, List<Turn> turns, Faults faults) {
    if (!turns.isEmpty()) {
      Dialogues.checkWhole(place, turns, faults);
    }
    return new Conversation(turns);
  }

  private static Conversation alpaca(Fields fields) {
    String instruction = fields.text("instruction");
    String input = fields.optionalText("input");
    String output = fields.text("output");
    return new Conversation(
        List.of(
            Turn.user(input.isBlank() ? instruction : instruction + "\n\n" + input),
            Turn.assistant(output)));
  }

  /// Some fields of a row, all texts or all lists of turns.
  private record Sides(Form form, SequencedMap<String, List<Turn>> turns) {
    List<Turn> of(String name) {
      return turns.getOrDefault(name, List.of());
    }
  }

  /// The first field, `prompt`, is what the user says; the others are answers to it.
  private static Sides sides(JsonObject row, Fields fields, String... names) {
    boolean anyList = false;
    boolean anyText = false;
    for (String name : names) {
      anyList |= row.get(name) instanceof JsonArray;
      anyText |= row.get(name) instanceof JsonString;
    }
    if (anyList && anyText) {
      fields
          .faults()
          .add(
              Code.MIXED_FORMS,
              String.join(", ", names) + " must all be texts or all be lists of turns");
    }
    SequencedMap<String, List<Turn>> turns = new LinkedHashMap<>();
    for (String name : names) {
      boolean prompt = name.equals("prompt");
      JsonValue value = row.get(name);
      if (anyList && !(value instanceof JsonString)) {
        List<Turn> list = fields.messages(name);
        if (prompt) {
          Dialogues.checkPrompt(name, list, fields.faults());
        } else {
          Dialogues.checkAnswer(name, list, fields.faults());
        }
        turns.put(name, list);
      } else {
        String text = fields.text(name);
        turns.put(name, List.of(prompt ? Turn.user(text) : Turn.assistant(text)));
      }
    }
    return new Sides(anyList ? Form.MESSAGES : Form.TEXT, turns);
  }

  private static Preference preference(JsonObject row, Fields fields, Set<Code> warnings) {
    Faults faults = fields.faults();
    Preference preference;
    if (row.has("prompt")) {
      Sides sides = sides(row, fields, "prompt", "chosen", "rejected");
      preference =
          new Preference(sides.form, sides.of("prompt"), sides.of("chosen"), sides.of("rejected"));
    } else if (row.get("chosen") instanceof JsonArray || row.get("rejected") instanceof JsonArray) {
      if (row.get("chosen") instanceof JsonString || row.get("rejected") instanceof JsonString) {
        faults.add(Code.MIXED_FORMS, "chosen, rejected must all be texts or all be lists of turns");
        return new Preference(Form.MESSAGES, List.of(), List.of(), List.of());
      }
      preference = split(fields.messages("chosen"), fields.messages("rejected"), faults);
    } else {
      preference = split(fields.text("chosen"), fields.text("rejected"), faults, warnings);
    }
    if (preference.chosen().equals(preference.rejected())) {
      faults.add(Code.CHOSEN_EQUALS_REJECTED, "chosen and rejected are the same");
    }
    return preference;
  }

  private static Preference split(List<Turn> chosen, List<Turn> rejected, Faults faults) {
    if (chosen.equals(rejected)) {
      faults.add(Code.CHOSEN_EQUALS_REJECTED, "chosen and rejected are the same");
      return new Preference(Form.MESSAGES, List.of(), chosen, rejected);
    }
    int common = ImplicitPrompt.turns(chosen, rejected);
    List<Turn> prompt = chosen.subList(0, common);
    List<Turn> better = chosen.subList(common, chosen.size());
    List<Turn> worse = rejected.subList(common, rejected.size());
    if (common == 0) {
      faults.add(Code.NO_COMMON_PROMPT, "chosen and rejected do not begin with the same turn");
    } else {
      Dialogues.checkPrompt("the common beginning", prompt, faults);
      if (better.isEmpty() || worse.isEmpty()) {
        faults.add(Code.EMPTY_CONTENT, "one dialogue is the beginning of the other");
      }
      Dialogues.checkAnswer("chosen after the common beginning", better, faults);
      Dialogues.checkAnswer("rejected after the common beginning", worse, faults);
    }
    return new Preference(Form.MESSAGES, prompt, better, worse);
  }

  private static Preference split(
      String chosen, String rejected, Faults faults, Set<Code> warnings) {
    int end = chosen.equals(rejected) ? 0 : ImplicitPrompt.length(chosen, rejected);
    if (!chosen.equals(rejected) && chosen.substring(0, end).isBlank()) {
      faults.add(Code.NO_COMMON_PROMPT, "chosen and rejected do not begin with the same text");
    } else if (chosen.substring(end).isBlank() || rejected.substring(end).isBlank()) {
      faults.add(Code.EMPTY_CONTENT, "nothing is left of one text after the common beginning");
    } else if (chosen.startsWith(rejected) || rejected.startsWith(chosen)) {
      warnings.add(Code.WARN_ANSWER_CUT_SHORT);
    } else if (ImplicitPrompt.cutsWord(chosen, end) || ImplicitPrompt.cutsWord(rejected, end)) {
      warnings.add(Code.WARN_PROMPT_CUT_IN_WORD);
    }
    return new Preference(
        Form.TEXT,
        List.of(Turn.user(chosen.substring(0, end))),
        List.of(Turn.assistant(chosen.substring(end))),
        List.of(Turn.assistant(rejected.substring(end))));
  }

  private static RatedCompletion kto(JsonObject row, Fields fields) {
    Sides sides = sides(row, fields, "prompt", "completion");
    JsonValue label = fields.required("label");
    if (label != null && !(label instanceof JsonBoolean)) {
      fields.wrongType("label", "true or false", label);
    }
    return new RatedCompletion(
        sides.form, sides.of("prompt"), sides.of("completion"), label == JsonBoolean.TRUE);
  }

  private static Preference hhRlhf(Fields fields) {
    Faults faults = fields.faults();
    List<Turn> chosen = MarkedDialogue.parse("chosen", fields.text("chosen"), faults);
    List<Turn> rejected = MarkedDialogue.parse("rejected", fields.text("rejected"), faults);
    Dialogues.checkWhole("chosen", chosen, faults);
    Dialogues.checkWhole("rejected", rejected, faults);
    return split(chosen, rejected, faults);
  }

  private ComparedPair argilla(Fields fields) {
    Faults faults = fields.faults();
    JsonValue texts = fields.required("fields");
    if (!(texts instanceof JsonObject named)) {
      return notAnObject(fields, "fields", texts);
    }
    Fields ofTexts = new Fields(named, faults);
    List<Verdict> verdicts = new ArrayList<>();
    if (fields.optionalText("status").equals("completed")
        && fields.required("responses") instanceof JsonObject responses) {
      verdicts.addAll(argillaVerdicts(responses, faults));
    }
    return pair(ofTexts, verdicts);
  }

  /// One verdict a person who submitted: the answer to the pair's question, with numbers given to
  /// other questions beside it.
  private List<Verdict> argillaVerdicts(JsonObject responses, Faults faults) {
    SequencedMap<String, Choice> choices = new LinkedHashMap<>();
    SequencedMap<String, SequencedMap<String, Double>> ratings = new LinkedHashMap<>();
    for (var question : responses.members().entrySet()) {
      String place = "responses." + question.getKey();
      if (!(question.getValue() instanceof JsonArray answers)) {
        new Fields(responses, faults).wrongType(place, "a list", question.getValue());
        continue;
      }
      for (JsonValue answer : answers.elements()) {
        if (!(answer instanceof JsonObject given) || !"submitted".equals(given.text("status"))) {
          continue;
        }
        String person = orEmpty(given.text("user_id"));
        if (question.getKey().equals(pairFields.question())) {
          @Nullable Choice choice = choice(place, given.get("value"), faults);
          if (choice != null) {
            choices.put(person, choice);
          }
        } else if (given.number("value") != null) {
          ratings
              .computeIfAbsent(person, _ -> new LinkedHashMap<>())
              .put(question.getKey(), number(given, "value"));
        }
      }
    }
    List<Verdict> verdicts = new ArrayList<>();
    choices.forEach((person, choice) ->
        verdicts.add(
            new Verdict(
                person,
                choice,
                null,
                ratings.getOrDefault(person, new LinkedHashMap<>()),
                "",
                null,
                null,
                JsonObject.EMPTY)));
    return verdicts;
  }

  private ComparedPair labelStudio(Fields fields) {
    Faults faults = fields.faults();
    JsonValue data = fields.required("data");
    if (!(data instanceof JsonObject named)) {
      return notAnObject(fields, "data", data);
    }
    List<Verdict> verdicts = new ArrayList<>();
    JsonValue annotations = fields.required("annotations");
    if (annotations instanceof JsonArray array) {
      for (int i = 0; i < array.elements().size(); i++) {
        String place = "annotations[" + i + "]";
        if (array.elements().get(i) instanceof JsonObject annotation) {
          @Nullable Verdict verdict = labelStudioVerdict(place, annotation, faults);
          if (verdict != null) {
            verdicts.add(verdict);
          }
        } else {
          fields.wrongType(place, "an object", array.elements().get(i));
        }
      }
    } else if (annotations != null) {
      fields.wrongType("annotations", "a list", annotations);
    }
    return pair(new Fields(named, faults), verdicts);
  }

  /// An annotation with its results; null where it says nothing about the pair.
  private @Nullable Verdict labelStudioVerdict(String place, JsonObject annotation, Faults faults) {
    boolean cancelled = annotation.get("was_cancelled") == JsonBoolean.TRUE;
    @Nullable Choice choice = null;
    @Nullable Integer strength = null;
    String reason = "";
    SequencedMap<String, Double> ratings = new LinkedHashMap<>();
    if (annotation.get("result") instanceof JsonArray results) {
      for (JsonValue result : results.elements()) {
        if (!(result instanceof JsonObject given)
            || !(given.get("value") instanceof JsonObject value)) {
          continue;
        }
        String name = orEmpty(given.text("from_name"));
        String type = orEmpty(given.text("type"));
        switch (type) {
          case "pairwise" -> choice = choice(place + ", " + name, value.get("selected"), faults);
          case "rating" -> {
            if (value.number("rating") != null) {
              ratings.put(name, number(value, "rating"));
            }
          }
          case "number" -> {
            if (value.number("number") != null) {
              double number = number(value, "number");
              if (name.equals(JudgementColumns.STRENGTH)) {
                strength = (int) Math.rint(number);
              } else {
                ratings.put(name, number);
              }
            }
          }
          case "textarea" -> reason = firstText(value.get("text"));
          default -> {}
        }
      }
    }
    if (choice == null && !cancelled) {
      return null;
    }
    return new Verdict(
        name(annotation.get("completed_by")),
        cancelled ? null : choice,
        strength,
        ratings,
        reason,
        annotation.number("lead_time"),
        annotation.text("created_at"),
        annotation.get("meta") instanceof JsonObject details ? details : JsonObject.EMPTY);
  }

  private ComparedPair pair(Fields texts, List<Verdict> verdicts) {
    return new ComparedPair(
        texts.text(pairFields.prompt()),
        texts.text(pairFields.first()),
        texts.text(pairFields.second()),
        verdicts);
  }

  private static ComparedPair notAnObject(Fields fields, String name, @Nullable JsonValue value) {
    if (value != null) {
      fields.wrongType(name, "an object", value);
    }
    return new ComparedPair("", "", "", List.of());
  }

  private @Nullable Choice choice(String place, @Nullable JsonValue value, Faults faults) {
    if (value instanceof JsonString string) {
      String said = string.text();
      switch (said.toLowerCase(Locale.ROOT)) {
        case "a", "left", "first" -> {
          return Choice.FIRST;
        }
        case "b", "right", "second" -> {
          return Choice.SECOND;
        }
        case "tie" -> {
          return Choice.TIE;
        }
        default -> {
          if (said.equals(pairFields.first()) || said.equals(pairFields.second())) {
            return said.equals(pairFields.first()) ? Choice.FIRST : Choice.SECOND;
          }
        }
      }
      faults.add(
          Code.WRONG_TYPE, place + " must be a, b or tie (or left, right), was \"" + said + "\"");
    } else {
      faults.add(Code.WRONG_TYPE, place + " must be a string");
    }
    return null;
  }

  /// A number that is there.
  private static double number(JsonObject object, String name) {
    Double number = object.number(name);
    if (number == null) {
      throw new IllegalArgumentException(name + " is no number");
    }
    return number;
  }

  private static String firstText(@Nullable JsonValue value) {
    if (value instanceof JsonArray array
        && !array.elements().isEmpty()
        && array.elements().getFirst() instanceof JsonString string) {
      return string.text();
    }
    return value instanceof JsonString string ? string.text() : "";
  }

  private static String name(@Nullable JsonValue value) {
    return switch (value) {
      case JsonNumber number -> number.literal();
      case JsonString string -> string.text();
      case JsonObject person -> orEmpty(person.text("email"));
      case null -> "";
      case JsonValue _ -> "";
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private JsonObject metadata(JsonObject row) {
    Set<String> known =
        switch (shape) {
          case MESSAGES -> Set.of("id", "messages");
          case SHAREGPT -> Set.of("id", "conversations");
          case ALPACA -> Set.of("id", "instruction", "input", "output");
          case PROMPT_COMPLETION -> Set.of("id", "prompt", "completion");
          case PREFERENCE -> Set.of("id", "prompt", "chosen", "rejected");
          case KTO -> Set.of("id", "prompt", "completion", "label");
          case HH_RLHF -> Set.of("id", "chosen", "rejected");
          case ARGILLA -> Set.of("id", "fields", "responses");
          case LABEL_STUDIO -> Set.of("id", "annotations", "predictions", "data");
          case JUDGEMENT -> row.members().keySet();
          case PROMPT -> Set.of("id", "prompt");
        };
    SequencedMap<String, JsonValue> unknown = new LinkedHashMap<>();
    row.members()
        .forEach((name, value) -> {
          if (!known.contains(name)) {
            unknown.put(name, value);
          }
        });
    if (shape == Shape.LABEL_STUDIO && row.get("data") instanceof JsonObject data) {
      data.members()
          .forEach((name, value) -> {
            if (!Set.of(pairFields.prompt(), pairFields.first(), pairFields.second())
                .contains(name)) {
              unknown.put(name, value);
            }
          });
    }
    return new JsonObject(unknown);
  }

  /// The row's own id: a string or a number.
  static @Nullable String id(JsonObject row, Faults faults) {
    return switch (row.get("id")) {
      case null -> null;
      case JsonNull _ -> null;
      case JsonString string -> string.text();
      case JsonNumber number -> number.literal();
      case JsonValue other -> {
        faults.add(Code.WRONG_TYPE, "id must be a string or a number, is " + other.kind());
        yield null;
      }
    };
  }

  private static boolean reversesText(Example example) {
    return Texts.of(example).stream()
        .anyMatch(text ->
            text.chars()
                .anyMatch(c -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)));
  }
}
