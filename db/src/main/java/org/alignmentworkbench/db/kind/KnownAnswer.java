package org.alignmentworkbench.db.kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.kind.Answer.Passage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a lead knows of a task that is no comparison of eight points, for answers to be held
/// against. When an answer is right the database says: `gold_right`.
public sealed interface KnownAnswer {
  /// Levels of some of a question's dimensions: an answer must have each of them.
  record Levels(SequencedMap<String, Integer> levels) implements KnownAnswer {
    public Levels {
      levels = new LinkedHashMap<>(levels);
    }
  }

  /// Which of two answers is better, however much, or that neither is.
  record Side(Better choice) implements KnownAnswer {}

  /// Places of answers: no two that differ may be turned or tied.
  record Places(List<Integer> places) implements KnownAnswer {
    public Places {
      places = List.copyOf(places);
    }
  }

  /// Passages that are to be marked, none where nothing is. A character counts as marked by both
  /// where both give it the same reason; who marks nothing where nothing is to be marked is right.
  ///
  /// @param atLeast the F1 by characters, in per cent, that an answer must have with them
  record Passages(List<Passage> passages, int atLeast) implements KnownAnswer {
    /// Below it two answers to a task are usually disputed as well.
    public static final int USUAL = 50;

    public Passages {
      passages = List.copyOf(passages);
      if (atLeast < 1 || atLeast > 100) {
        throw new IllegalArgumentException("known.atLeast must be 1..100, was " + atLeast);
      }
    }
  }

  /// What may be known of a choice.
  enum Better {
    A,
    B,
    TIE,
    BOTH_BAD
  }

  /// As the database keeps it.
  default String json() {
    Object json =
        switch (this) {
          case Levels(var levels) -> Map.of("levels", levels);
          case Side(Better choice) -> Map.of("choice", choice.name());
          case Places(var places) -> Map.of("places", places);
          case Passages known -> known;
        };
    return JsonMapper.shared().writeValueAsString(json);
  }

  /// @param answers the texts that the task has, in its order
  /// @throws IllegalArgumentException with value, rule and place; where the kind has nothing that
  ///   may be known, too
  static KnownAnswer read(Question question, List<String> answers, String json) {
    JsonNode node;
    try {
      node = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    return switch (question) {
      case Question.Grade(var dimensions) -> levels(dimensions, only(node, "levels"));
      case Question.Choice(boolean bothBad) -> side(bothBad, only(node, "choice"));
      case Question.Rank _ -> places(answers.size(), only(node, "places"));
      case Question.Span span -> passages(span, answers, node);
      case Question.Pair _, Question.Demonstration _, Question.Edit _, Question.RedTeam _ ->
          throw new IllegalArgumentException(
              "kind must be GRADE, CHOICE, RANK or SPAN, was " + question.kind());
    };
  }

  private static JsonNode only(JsonNode node, String field) {
    Set<String> names = new TreeSet<>(node.propertyNames());
    if (!names.equals(Set.of(field))) {
      throw new IllegalArgumentException(
          "known must have %s alone, has %s".formatted(field, names));
    }
    return node.get(field);
  }

  private static Levels levels(List<Dimension> dimensions, JsonNode node) {
    var levels = new LinkedHashMap<String, Integer>();
    Set<String> left = new TreeSet<>(node.propertyNames());
    for (Dimension dimension : dimensions) {
      if (!left.remove(dimension.key())) {
        continue;
      }
      int level = number(node.get(dimension.key()));
      if (level < 0 || level >= dimension.levels().size()) {
        throw new IllegalArgumentException(
            "known.levels.%s must be 0..%d, was %s"
                .formatted(
                    dimension.key(), dimension.levels().size() - 1, node.get(dimension.key())));
      }
      levels.put(dimension.key(), level);
    }
    if (levels.isEmpty() || !left.isEmpty()) {
      throw new IllegalArgumentException(
          "known.levels must name one of %s or more and nothing else, named %s"
              .formatted(dimensions.stream().map(Dimension::key).toList(), node.propertyNames()));
    }
    return new Levels(levels);
  }

  private static Side side(boolean bothBad, JsonNode node) {
    for (Better better : Better.values()) {
      if (node.asString("").equals(better.name()) && (bothBad || better != Better.BOTH_BAD)) {
        return new Side(better);
      }
    }
    throw new IllegalArgumentException(
        "known.choice must be A, B, TIE%s, was %s".formatted(bothBad ? " or BOTH_BAD" : "", node));
  }

  private static Places places(int answers, JsonNode node) {
    List<Integer> places = new ArrayList<>();
    node.forEach(place -> places.add(number(place)));
    List<Integer> distinct = List.copyOf(new TreeSet<>(places));
    if (places.size() != answers
        || distinct.size() < 2
        || !distinct.equals(IntStream.rangeClosed(1, distinct.size()).boxed().toList())) {
      throw new IllegalArgumentException(
          "known.places must be %d, begin at 1, leave none out and not all be the same, are %s"
              .formatted(answers, places));
    }
    return new Places(places);
  }

  private static Passages passages(Question.Span question, List<String> answers, JsonNode node) {
    Set<String> names = new TreeSet<>(node.propertyNames());
    if (!names.contains("passages") || !Set.of("passages", "atLeast").containsAll(names)) {
      throw new IllegalArgumentException(
          "known must have passages and may have atLeast, has " + names);
    }
    List<Passage> passages = KindJson.passages(node.get("passages").toString());
    AnswerRules.check(question, answers, new Answer.Marked(passages));
    return new Passages(
        passages, node.has("atLeast") ? number(node.get("atLeast")) : Passages.USUAL);
  }

  private static int number(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt() ? node.asInt() : -1;
  }
}
