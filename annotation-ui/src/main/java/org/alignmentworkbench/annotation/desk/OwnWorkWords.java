package org.alignmentworkbench.annotation.desk;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.DeskReadings.OwnWork;

/// Says in a line what somebody answered to a task that was no comparison, in the terms in which
/// they saw it.
final class OwnWorkWords {
  private static final int EXCERPT = 120;

  private OwnWorkWords() {}

  /// The texts in the order in which they were shown.
  static List<String> shown(OwnWork work) {
    return switch (work.answer()) {
      case Answer.Chosen chosen -> chosen.shown().stream().map(work.answers()::get).toList();
      case Answer.Ranked ranked -> ranked.shown().stream().map(work.answers()::get).toList();
      case Answer.Graded _, Answer.Written _, Answer.Edited _, Answer.Marked _, Answer.Attacked _ ->
          work.answers();
    };
  }

  static String told(OwnWork work, DeskPages pages, Formats formats) {
    return switch (work.answer()) {
      case Answer.Chosen(var choice, int strength, var shown) -> {
        int seen = shown.getFirst() == 0 ? strength : -strength;
        yield pages.word(
            "work.choice." + (choice == Answer.Choice.BOTH_BAD ? WorkAnswers.BOTH_BAD : seen));
      }
      case Answer.Graded(var levels) ->
          dimensions(work.question()).stream()
              .map(dimension ->
                  dimension.name()
                      + ": "
                      + dimension.levels().get(levels.getOrDefault(dimension.key(), 0)))
              .collect(Collectors.joining(" · "));
      case Answer.Ranked(var places, var shown) ->
          IntStream.range(0, shown.size())
              .mapToObj(i -> (char) ('A' + i) + " " + places.get(shown.get(i)))
              .collect(Collectors.joining(" · "));
      case Answer.Written(String text) -> formats.excerpt(text, EXCERPT);
      case Answer.Edited(String text) -> formats.excerpt(text, EXCERPT);
      case Answer.Marked(var passages) ->
          passages.isEmpty()
              ? pages.word("work.done.noMarks")
              : passages.stream().map(Answer.Passage::reason).collect(Collectors.joining(" · "));
      case Answer.Attacked(String prompt, String _, String policy, int _) ->
          (policy.isEmpty() ? pages.word("work.policy.none") : policy)
              + ": "
              + formats.excerpt(prompt, EXCERPT);
    };
  }

  private static List<Dimension> dimensions(Question question) {
    return question instanceof Question.Grade(var dimensions) ? dimensions : List.of();
  }
}
