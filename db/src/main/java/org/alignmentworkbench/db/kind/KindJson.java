package org.alignmentworkbench.db.kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Questions and answers as the database keeps them. Reading is strict: a field too many, too few
/// or of another type is refused by its path.
///
/// | kind | question | answer |
/// |---|---|---|
/// | `PAIR` | | |
/// | `CHOICE` | `bothBad` | `choice`, `strength`, `shown`: numbers |
/// | `GRADE` | `dimensions`: objects of `key`, `name`, `levels` | `levels`: a number by key |
/// | `RANK` | `ties` | `places`, `shown`: numbers |
/// | `DEMONSTRATION` | `least` | `text` |
/// | `EDIT` | | `text` |
/// | `RED_TEAM` | `harm`, `policies` | `prompt`, `response`, `policy`, `severity` |
/// | `SPAN` | `reasons` | `passages`: objects of `from`, `to`, `reason` |
///
/// Each has its `kind` besides.
public final class KindJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private KindJson() {}

  public static String write(Question question) {
    ObjectNode node = node(question.kind());
    switch (question) {
      case Question.Pair _, Question.Edit _ -> {}
      case Question.Choice(boolean bothBad) -> node.put("bothBad", bothBad);
      case Question.Grade(var dimensions) -> {
        ArrayNode array = node.putArray("dimensions");
        for (Dimension dimension : dimensions) {
          ObjectNode one = array.addObject();
          one.put("key", dimension.key()).put("name", dimension.name());
          dimension.levels().forEach(one.putArray("levels")::add);
        }
      }
      case Question.Rank(boolean ties) -> node.put("ties", ties);
      case Question.Demonstration(int least) -> node.put("least", least);
      case Question.RedTeam(var harm, var policies) -> {
        node.put("harm", harm.name());
        policies.forEach(node.putArray("policies")::add);
      }
      case Question.Span(var reasons) -> reasons.forEach(node.putArray("reasons")::add);
    }
    return JSON.writeValueAsString(node);
  }

  /// @throws IllegalArgumentException with value, rule and place
  public static Question question(String json) {
    JsonNode node = tree(json);
    return switch (kind(node)) {
      case PAIR -> {
        fields("", node, Set.of("kind"));
        yield new Question.Pair();
      }
      case CHOICE -> {
        fields("", node, Set.of("kind", "bothBad"));
        yield new Question.Choice(truth("bothBad", node.get("bothBad")));
      }
      case GRADE -> {
        fields("", node, Set.of("kind", "dimensions"));
        yield new Question.Grade(dimensions(array("dimensions", node)));
      }
      case RANK -> {
        fields("", node, Set.of("kind", "ties"));
        yield new Question.Rank(truth("ties", node.get("ties")));
      }
      case DEMONSTRATION -> {
        fields("", node, Set.of("kind", "least"));
        yield new Question.Demonstration(number("least", node.get("least")));
      }
      case EDIT -> {
        fields("", node, Set.of("kind"));
        yield new Question.Edit();
      }
      case SPAN -> {
        fields("", node, Set.of("kind", "reasons"));
        yield new Question.Span(texts("reasons", array("reasons", node)));
      }
      case RED_TEAM -> {
        fields("", node, Set.of("kind", "harm", "policies"));
        yield new Question.RedTeam(
            one("harm", Harm.values(), node.get("harm")),
            texts("policies", array("policies", node)));
      }
    };
  }

  public static String write(Answer answer) {
    ObjectNode node = node(answer.kind());
    switch (answer) {
      case Answer.Chosen(var choice, int strength, var shown) -> {
        node.put("choice", choice.name()).put("strength", strength);
        shown.forEach(node.putArray("shown")::add);
      }
      case Answer.Graded(var levels) -> {
        ObjectNode object = node.putObject("levels");
        levels.forEach(object::put);
      }
      case Answer.Ranked(var places, var shown) -> {
        places.forEach(node.putArray("places")::add);
        shown.forEach(node.putArray("shown")::add);
      }
      case Answer.Written(String text) -> node.put("text", text);
      case Answer.Edited(String text) -> node.put("text", text);
      case Answer.Attacked(String prompt, String response, String policy, int severity) ->
          node.put("prompt", prompt)
              .put("response", response)
              .put("policy", policy)
              .put("severity", severity);
      case Answer.Marked(var passages) -> {
        ArrayNode array = node.putArray("passages");
        for (Passage passage : passages) {
          array
              .addObject()
              .put("from", passage.from())
              .put("to", passage.to())
              .put("reason", passage.reason());
        }
      }
    }
    return JSON.writeValueAsString(node);
  }

  /// @throws IllegalArgumentException with value, rule and place
  public static Answer answer(String json) {
    JsonNode node = tree(json);
    return switch (kind(node)) {
      case CHOICE -> {
        fields("", node, Set.of("kind", "choice", "strength", "shown"));
        yield new Answer.Chosen(
            one("choice", Answer.Choice.values(), node.get("choice")),
            number("strength", node.get("strength")),
            numbers("shown", array("shown", node)));
      }
      case GRADE -> {
        fields("", node, Set.of("kind", "levels"));
        var levels = new LinkedHashMap<String, Integer>();
        object("levels", node.get("levels"))
            .properties()
            .forEach(e -> levels.put(e.getKey(), number("levels." + e.getKey(), e.getValue())));
        yield new Answer.Graded(levels);
      }
      case RANK -> {
        fields("", node, Set.of("kind", "places", "shown"));
        yield new Answer.Ranked(
            numbers("places", array("places", node)), numbers("shown", array("shown", node)));
      }
      case DEMONSTRATION -> {
        fields("", node, Set.of("kind", "text"));
        yield new Answer.Written(text("text", node.get("text")));
      }
      case EDIT -> {
        fields("", node, Set.of("kind", "text"));
        yield new Answer.Edited(text("text", node.get("text")));
      }
      case SPAN -> {
        fields("", node, Set.of("kind", "passages"));
        yield new Answer.Marked(passages(array("passages", node)));
      }
      case RED_TEAM -> {
        fields("", node, Set.of("kind", "prompt", "response", "policy", "severity"));
        yield new Answer.Attacked(
            text("prompt", node.get("prompt")),
            text("response", node.get("response")),
            text("policy", node.get("policy")),
            number("severity", node.get("severity")));
      }
      case PAIR -> throw new IllegalArgumentException("kind PAIR has no answer");
    };
  }

  /// The passages of an answer by themselves, as a form has them.
  ///
  /// @throws IllegalArgumentException with value, rule and place
  public static List<Passage> passages(String json) {
    return passages(list("passages", tree(json)));
  }

  private static List<Dimension> dimensions(JsonNode array) {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String place = "dimensions[%d]".formatted(i);
      JsonNode one = object(place, array.get(i));
      fields(place + ".", one, Set.of("key", "name", "levels"));
      dimensions.add(
          new Dimension(
              text(place + ".key", one.get("key")),
              text(place + ".name", one.get("name")),
              texts(place + ".levels", list(place + ".levels", one.get("levels")))));
    }
    return dimensions;
  }

  private static List<Passage> passages(JsonNode array) {
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String place = "passages[%d]".formatted(i);
      JsonNode one = object(place, array.get(i));
      fields(place + ".", one, Set.of("from", "to", "reason"));
      passages.add(
          new Passage(
              number(place + ".from", one.get("from")),
              number(place + ".to", one.get("to")),
              text(place + ".reason", one.get("reason"))));
    }
    return passages;
  }

  private static ObjectNode node(TaskKind kind) {
    return JSON.createObjectNode().put("kind", kind.name());
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static TaskKind kind(JsonNode node) {
    String name = text("kind", object("the whole", node).get("kind"));
    try {
      return TaskKind.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "kind must be a kind of task, was '%s'".formatted(name), e);
    }
  }

  private static <E extends Enum<E>> E one(String place, E[] all, @Nullable JsonNode node) {
    String name = text(place, node);
    for (E one : all) {
      if (one.name().equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "%s must be one of %s, was '%s'".formatted(place, List.of(all), name));
  }

  private static void fields(String place, JsonNode node, Set<String> names) {
    Set<String> there = new TreeSet<>(node.propertyNames());
    if (!there.equals(names)) {
      throw new IllegalArgumentException(
          "%sfields must be %s, are %s".formatted(place, new TreeSet<>(names), there));
    }
  }

  private static JsonNode object(String place, @Nullable JsonNode node) {
    return as(place, "an object", node, node != null && node.isObject());
  }

  private static JsonNode array(String name, JsonNode parent) {
    return list(name, parent.get(name));
  }

  private static JsonNode list(String place, @Nullable JsonNode node) {
    return as(place, "a list", node, node != null && node.isArray());
  }

  private static String text(String place, @Nullable JsonNode node) {
    return as(place, "a text", node, node != null && node.isString()).asString();
  }

  private static int number(String place, @Nullable JsonNode node) {
    return as(
            place,
            "a whole number",
            node,
            node != null && node.isIntegralNumber() && node.canConvertToInt())
        .asInt();
  }

  private static boolean truth(String place, @Nullable JsonNode node) {
    return as(place, "true or false", node, node != null && node.isBoolean()).asBoolean();
  }

  private static JsonNode as(String place, String rule, @Nullable JsonNode node, boolean is) {
    if (node == null || !is) {
      throw new IllegalArgumentException("%s must be %s, was %s".formatted(place, rule, node));
    }
    return node;
  }

  private static List<String> texts(String place, JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      texts.add(text("%s[%d]".formatted(place, i), array.get(i)));
    }
    return texts;
  }

  private static List<Integer> numbers(String place, JsonNode array) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      numbers.add(number("%s[%d]".formatted(place, i), array.get(i)));
    }
    return numbers;
  }
}
