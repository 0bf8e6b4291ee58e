package org.alignmentworkbench.db.kind;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.kind.Answer.Attacked;
import org.alignmentworkbench.db.kind.Answer.Choice;
import org.alignmentworkbench.db.kind.Answer.Chosen;
import org.alignmentworkbench.db.kind.Answer.Edited;
import org.alignmentworkbench.db.kind.Answer.Graded;
import org.alignmentworkbench.db.kind.Answer.Marked;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Answer.Ranked;
import org.alignmentworkbench.db.kind.Answer.Written;

/// Whether an answer answers its question. Nothing that breaks a rule reaches the database.
public final class AnswerRules {
  private AnswerRules() {}

  /// Returns the answer.
  ///
  /// @param answers the texts that the task has, in its order
  /// @throws IllegalArgumentException with value, rule and place
  public static Answer check(Question question, List<String> answers, Answer answer) {
    if (question.kind() != answer.kind()) {
      throw new IllegalArgumentException(
          "kind must be %s, was %s".formatted(question.kind(), answer.kind()));
    }
    switch (question) {
      case Question.Pair _ -> throw new IllegalArgumentException("a comparison has a strength");
      case Question.Choice(boolean bothBad) -> chosen(bothBad, (Chosen) answer);
      case Question.Grade(var dimensions) -> graded(dimensions, (Graded) answer);
      case Question.Rank(boolean ties) -> ranked(answers.size(), ties, (Ranked) answer);
      case Question.Demonstration(int least) -> written(((Written) answer).text(), least);
      case Question.Edit() -> written(((Edited) answer).text(), 1);
      case Question.RedTeam(var _, var policies) -> attacked(policies, (Attacked) answer);
      case Question.Span(var reasons) -> marked(answers.getFirst(), reasons, (Marked) answer);
    }
    return answer;
  }

  private static void chosen(boolean bothBad, Chosen chosen) {
    boolean prefers = chosen.choice() == Choice.PREFERS;
    if (Math.abs(chosen.strength()) > Chosen.STRONGEST || prefers == (chosen.strength() == 0)) {
      throw new IllegalArgumentException(
          "strength must be -%d..%d, 0 where neither is better, was %d with %s"
              .formatted(Chosen.STRONGEST, Chosen.STRONGEST, chosen.strength(), chosen.choice()));
    }
    if (chosen.choice() == Choice.BOTH_BAD && !bothBad) {
      throw new IllegalArgumentException("choice must be PREFERS or TIE, was BOTH_BAD");
    }
    shown(2, chosen.shown());
  }

  private static void graded(List<Dimension> dimensions, Graded graded) {
    for (Dimension dimension : dimensions) {
      Integer level = graded.levels().get(dimension.key());
      if (level == null || level < 0 || level >= dimension.levels().size()) {
        throw new IllegalArgumentException(
            "levels.%s must be 0..%d, was %s"
                .formatted(dimension.key(), dimension.levels().size() - 1, level));
      }
    }
    for (String key : graded.levels().keySet()) {
      if (dimensions.stream().noneMatch(dimension -> dimension.key().equals(key))) {
        throw new IllegalArgumentException("levels.%s is no dimension".formatted(key));
      }
    }
  }

  private static void ranked(int answers, boolean ties, Ranked ranked) {
    if (ranked.places().size() != answers) {
      throw new IllegalArgumentException(
          "places must be %d, are %d".formatted(answers, ranked.places().size()));
    }
    List<Integer> distinct = List.copyOf(new TreeSet<>(ranked.places()));
    if (!distinct.equals(IntStream.rangeClosed(1, distinct.size()).boxed().toList())) {
      throw new IllegalArgumentException(
          "places must begin at 1 and leave none out, are " + ranked.places());
    }
    if (!ties && distinct.size() < answers) {
      throw new IllegalArgumentException("places must differ, are " + ranked.places());
    }
    shown(answers, ranked.shown());
  }

  private static void shown(int answers, List<Integer> shown) {
    if (!shown.stream().sorted().toList().equals(IntStream.range(0, answers).boxed().toList())) {
      throw new IllegalArgumentException(
          "shown must be each of 0..%d once, is %s".formatted(answers - 1, shown));
    }
  }

  private static void written(String text, int least) {
    int length = text.strip().codePointCount(0, text.strip().length());
    if (length < least) {
      throw new IllegalArgumentException(
          "text must have %d characters or more, has %d".formatted(least, length));
    }
    if (text.length() > Answer.LONGEST) {
      throw new IllegalArgumentException(
          "text must have %d characters or fewer, has %d".formatted(Answer.LONGEST, text.length()));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "text must not have a NUL, has one at " + text.indexOf('\0'));
    }
  }

  private static void attacked(List<String> policies, Attacked attacked) {
    boolean broken = !attacked.policy().isEmpty();
    if (broken && !policies.contains(attacked.policy())) {
      throw new IllegalArgumentException(
          "policy must be one of %s, was '%s'".formatted(policies, attacked.policy()));
    }
    int least = broken ? 1 : 0;
    int most = broken ? Attacked.SEVEREST : 0;
    if (attacked.severity() < least || attacked.severity() > most) {
      throw new IllegalArgumentException(
          "severity must be %d..%d, was %d".formatted(least, most, attacked.severity()));
    }
  }

  private static void marked(String text, List<String> reasons, Marked marked) {
    if (marked.passages().size() > Marked.MOST) {
      throw new IllegalArgumentException(
          "passages must be %d or fewer, are %d".formatted(Marked.MOST, marked.passages().size()));
    }
    int length = text.codePointCount(0, text.length());
    for (int i = 0; i < marked.passages().size(); i++) {
      Passage passage = marked.passages().get(i);
      if (passage.from() < 0 || passage.from() >= passage.to() || passage.to() > length) {
        throw new IllegalArgumentException(
            "passages[%d] must lie within 0..%d and not be empty, was %d..%d"
                .formatted(i, length, passage.from(), passage.to()));
      }
      if (!reasons.contains(passage.reason())) {
        throw new IllegalArgumentException(
            "passages[%d].reason must be one of %s, was '%s'"
                .formatted(i, reasons, passage.reason()));
      }
      if (marked.passages().indexOf(passage) < i) {
        throw new IllegalArgumentException("passages[%d] is there twice: %s".formatted(i, passage));
      }
    }
  }
}
