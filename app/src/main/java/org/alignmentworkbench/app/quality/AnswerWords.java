package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.springframework.stereotype.Component;

/// What somebody answered to a task that is no comparison, as leads read it.
@Component
class AnswerWords {
  private static final int QUOTE = 120;

  private final Formats formats;
  private final Words words;

  AnswerWords(Formats formats, Words words) {
    this.formats = formats;
    this.words = words;
  }

  /// @param answers the texts of the task, in its own order
  String of(Question question, List<String> answers, Answer answer) {
    return switch (answer) {
      case Answer.Chosen(var choice, int strength, var _) ->
          words.of(
              choice == Answer.Choice.BOTH_BAD ? "work.choice.bad" : "work.choice." + strength);
      case Answer.Graded(var levels) ->
          levels.entrySet().stream()
              .map(level -> level(question, level.getKey(), level.getValue()))
              .collect(Collectors.joining(", "));
      case Answer.Ranked(var places, var _) -> order(places);
      case Answer.Written(String text) -> text;
      case Answer.Edited(String text) -> text;
      case Answer.Marked(var passages) ->
          passages.isEmpty()
              ? words.of("kindQuality.nothing")
              : passages.stream()
                  .map(passage -> quoted(passage, answers.getFirst()))
                  .collect(Collectors.joining(", "));
      case Answer.Attacked(var _, var _, String policy, int severity) ->
          policy.isEmpty()
              ? words.of("work.policy.none")
              : policy + ": " + words.of("work.severity." + severity);
    };
  }

  private static String level(Question question, String key, int level) {
    if (question instanceof Question.Grade(var dimensions)) {
      for (Dimension dimension : dimensions) {
        if (dimension.key().equals(key) && level < dimension.levels().size()) {
          return dimension.name() + ": " + dimension.levels().get(level);
        }
      }
    }
    return key + ": " + level;
  }

  /// As a page of the desk shows it: the best first, what ties beside each other.
  private static String order(List<Integer> places) {
    Map<Integer, List<String>> at = new TreeMap<>();
    for (int i = 0; i < places.size(); i++) {
      at.computeIfAbsent(places.get(i), _ -> new ArrayList<>())
          .add(String.valueOf((char) ('A' + i)));
    }
    return at.values().stream()
        .map(same -> String.join(" = ", same))
        .collect(Collectors.joining(" > "));
  }

  private String quoted(Passage passage, String text) {
    int length = text.codePointCount(0, text.length());
    int from = Math.min(passage.from(), length);
    int to = Math.min(passage.to(), length);
    return words.of(
        "kindAdjudication.passage",
        formats.excerpt(
            text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to)),
            QUOTE),
        passage.reason());
  }
}
