package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Choice;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.KindAdjudications.Compared;
import org.alignmentworkbench.db.task.KindAdjudications.Figures;
import org.alignmentworkbench.model.statistics.Estimate;
import org.junit.jupiter.api.Test;

/// What answers have in common with what leads decided, by hand.
class KindDecisionsTest {
  private static final Figures COUNTS = new Figures(2, 0, 0, 0);
  private static final List<String> LEVELS = List.of("poor", "good");

  private static Map<String, Estimate> agreement(Question question, Compared... compared) {
    return KindDecisions.of(question, COUNTS, List.of(compared)).agreement();
  }

  private static Answer graded(int a, int b) {
    var levels = new LinkedHashMap<String, Integer>();
    levels.put("a", a);
    levels.put("b", b);
    return new Answer.Graded(levels);
  }

  private static Answer chosen(Choice choice, int strength) {
    return new Answer.Chosen(choice, strength, List.of(0, 1));
  }

  private static Answer ranked(Integer... places) {
    return new Answer.Ranked(List.of(places), List.of(0, 1, 2));
  }

  private static double value(Estimate estimate) {
    return switch (estimate) {
      case Estimate.Known known -> known.value();
      case Estimate.Point point -> point.value();
      case Estimate.Undefined(String why) -> throw new AssertionError(why);
    };
  }

  @Test
  void grades_agree_dimension_by_dimension() {
    Question question =
        new Question.Grade(
            List.of(new Dimension("a", "A", LEVELS), new Dimension("b", "B", LEVELS)));
    var agreement =
        agreement(
            question,
            new Compared(1, graded(1, 0), graded(1, 1)),
            new Compared(1, graded(1, 0), graded(1, 0)),
            new Compared(2, graded(0, 0), graded(1, 1)));
    assertThat(value(agreement.get("a"))).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(value(agreement.get("b"))).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(agreement(question).get("a"))
        .isEqualTo(new Estimate.Undefined("no answered task was decided"));
  }

  /// A side agrees however strong; a tie is not both bad.
  @Test
  void choices_agree_on_the_side() {
    var agreement =
        agreement(
            new Question.Choice(true),
            new Compared(1, chosen(Choice.PREFERS, -3), chosen(Choice.PREFERS, -1)),
            new Compared(1, chosen(Choice.PREFERS, -3), chosen(Choice.PREFERS, 3)),
            new Compared(2, chosen(Choice.TIE, 0), chosen(Choice.BOTH_BAD, 0)),
            new Compared(2, chosen(Choice.TIE, 0), chosen(Choice.TIE, 0)));
    assertThat(value(agreement.get("choice"))).isEqualTo(0.5);
  }

  /// What was decided to tie may stand in any order; where everything ties there is none.
  @Test
  void rankings_agree_when_they_turn_and_tie_nothing_that_was_decided_apart() {
    Question question = new Question.Rank(true);
    var agreement =
        agreement(
            question,
            new Compared(1, ranked(1, 2, 2), ranked(1, 2, 3)),
            new Compared(1, ranked(1, 2, 2), ranked(1, 1, 2)),
            new Compared(1, ranked(1, 2, 2), ranked(2, 1, 3)),
            new Compared(2, ranked(1, 1, 1), ranked(1, 2, 3)));
    assertThat(value(agreement.get("order"))).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(agreement(question, new Compared(2, ranked(1, 1, 1), ranked(1, 2, 3))).get("order"))
        .isInstanceOf(Estimate.Undefined.class);
  }

  /// Task 1: 4 and 2 characters, 2 common, is 4/6; and 1. Task 2: nothing in common. The mean of
  /// 5/6 and 0. Two that mark nothing count for nothing.
  @Test
  void passages_agree_by_characters_in_the_mean_over_tasks() {
    Answer four = new Answer.Marked(List.of(new Passage(0, 4, "x")));
    Answer two = new Answer.Marked(List.of(new Passage(0, 2, "y")));
    Answer none = new Answer.Marked(List.of());
    var agreement =
        agreement(
            new Question.Span(List.of("x", "y")),
            new Compared(1, four, two),
            new Compared(1, four, four),
            new Compared(2, none, two),
            new Compared(3, none, none));
    assertThat(value(agreement.get("f1"))).isCloseTo(5 / 12.0, within(1e-12));
    assertThat(agreement(new Question.Edit())).isEmpty();
  }
}
