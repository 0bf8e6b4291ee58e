package org.alignmentworkbench.synthetic.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// The ways in which a person would answer, before any constraint of form is thought of.
public final class Answers {
  private Answers() {}

  /// Good answers to what is asked about these facts, from short to long.
  public static List<String> of(TaskKind kind, Facts facts) {
    return switch (kind) {
      case EXTRACT_JSON -> records(facts);
      case LIST_ITEMS -> lists(facts);
      case SUMMARISE_NOTIFICATION, SUMMARISE_THREAD, REPLY, REWRITE, ARITHMETIC ->
          wordings(facts, facts.request());
    };
  }

  /// What somebody writes who did not heed the form that was asked for: plain words for a JSON
  /// record or a list, the other answer for a reply, the message as it is for a rewrite, a sentence
  /// without the main thing for the rest.
  public static List<String> offTheMark(TaskKind kind, Facts facts) {
    return switch (kind) {
      case EXTRACT_JSON -> {
        List<String> values = facts.requestedKeys().stream().map(facts::slot).toList();
        List<String> keys = facts.requestedKeys();
        yield List.of(
            Lexicon.joined(values),
            keys.getFirst() + ": " + values.getFirst(),
            json(facts, keys.subList(0, keys.size() - 1), ", ", "{", "}"));
      }
      case LIST_ITEMS -> {
        List<String> items = Lexicon.parts(facts.slot("items"));
        yield List.of(
            Lexicon.capital(Lexicon.joined(items)) + ".", lines(items.subList(1, items.size())));
      }
      case REPLY -> wordings(facts, facts.request().equals("yes") ? "no" : "yes");
      case REWRITE -> List.of(facts.message());
      case SUMMARISE_NOTIFICATION -> List.of("You have a new message.", "There is some news.");
      case SUMMARISE_THREAD -> List.of("They talk about a plan.", "They want to meet.");
      case ARITHMETIC -> List.of("I do not know.", "That is a lot.");
    };
  }

  private static List<String> wordings(Facts facts, String request) {
    List<String> patterns = facts.family().answers().get(request);
    if (patterns == null) {
      throw new IllegalArgumentException("scene " + facts.scene() + " has no request " + request);
    }
    return patterns.stream().map(pattern -> SceneFamily.fill(pattern, facts.slots())).toList();
  }

  private static List<String> records(Facts facts) {
    List<String> keys = facts.requestedKeys();
    return List.of(json(facts, keys, ", ", "{", "}"), json(facts, keys, ",\n", "{\n", "\n}"));
  }

  private static String json(
      Facts facts, List<String> keys, String between, String open, String close) {
    return keys.stream()
        .map(key -> '"' + key + "\": \"" + facts.slot(key) + '"')
        .collect(Collectors.joining(between, open, close));
  }

  private static List<String> lists(Facts facts) {
    List<String> items = Lexicon.parts(facts.slot("items"));
    List<String> capitals = new ArrayList<>();
    for (String item : items) {
      capitals.add(item.substring(0, 1).toUpperCase(Locale.ROOT) + item.substring(1));
    }
    return items.equals(capitals) ? List.of(lines(items)) : List.of(lines(items), lines(capitals));
  }

  private static String lines(List<String> items) {
    return items.stream().map(item -> "- " + item).collect(Collectors.joining("\n"));
  }
}
