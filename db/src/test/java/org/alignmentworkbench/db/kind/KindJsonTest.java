package org.alignmentworkbench.db.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindJsonTest {
  private static final Question.Grade GRADE =
      new Question.Grade(
          List.of(
              new Dimension("concision", "Concision", List.of("Poor", "Fair", "Good")),
              new Dimension("tone", "Ton \"& Stil\"", List.of("falsch", "richtig"))));
  private static final List<Question> QUESTIONS =
      List.of(
          new Question.Pair(),
          new Question.Choice(true),
          GRADE,
          new Question.Rank(true),
          new Question.Demonstration(20),
          new Question.Edit(),
          new Question.RedTeam(Harm.SELF_HARM, List.of("Advises it")),
          new Question.Span(List.of("Wrong", "Unhöflich")));

  private static Answer.Graded graded(Map<String, Integer> levels) {
    return new Answer.Graded(new LinkedHashMap<>(levels));
  }

  @Test
  void a_question_reads_back_as_it_was_written() {
    for (Question question : QUESTIONS) {
      assertThat(KindJson.question(KindJson.write(question))).isEqualTo(question);
    }
  }

  @Test
  void an_answer_reads_back_as_it_was_written() {
    for (Answer answer :
        List.of(
            new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, List.of(1, 0)),
            graded(Map.of("concision", 2, "tone", 0)),
            new Answer.Ranked(List.of(1, 2, 1), List.of(2, 0, 1)),
            new Answer.Written("\uD83D\uDE00 \"\n"),
            new Answer.Edited("x"),
            new Answer.Attacked("ask", "said", "Advises it", 3),
            new Answer.Marked(List.of(new Passage(1, 3, "Wrong"))))) {
      assertThat(KindJson.answer(KindJson.write(answer))).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|the whole must be an object, was []",
        "{\"kind\":\"PAINT\"}|kind must be a kind of task, was 'PAINT'",
        "{\"kind\":\"RANK\",\"ties\":1}|ties must be true or false, was 1",
        "{\"kind\":\"RANK\",\"ties\":true,\"model\":\"x\"}|fields must be [kind, ties], are [kind, model, ties]",
        "{\"kind\":\"DEMONSTRATION\",\"least\":0}|least must be 1..5000 characters, was 0",
        "{\"kind\":\"DEMONSTRATION\",\"least\":1.5}|least must be a whole number, was 1.5",
        "{\"kind\":\"SPAN\",\"reasons\":[]}|reasons must be 1 to 9, are 0",
        "{\"kind\":\"SPAN\",\"reasons\":[\"a\",\"a\"]}|reasons has 'a' twice",
        "{\"kind\":\"GRADE\",\"dimensions\":[{\"key\":\"a\",\"name\":\"A\"}]}|dimensions[0].fields must be [key, levels, name], are [key, name]",
        "{\"kind\":\"GRADE\",\"dimensions\":[{\"key\":\"A\",\"name\":\"A\",\"levels\":[\"x\",\"y\"]}]}|key must be a lower-case letter and up to 39 letters, digits and hyphens, was 'A'",
        "{\"kind\":\"GRADE\",\"dimensions\":[{\"key\":\"a\",\"name\":\"A\",\"levels\":[\"x\"]}]}|a must have 2 to 7 levels, has 1",
      })
  void a_question_that_is_none_is_refused_by_value_rule_and_place(String json, String why) {
    assertThatThrownBy(() -> KindJson.question(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  private static void refused(Question question, List<String> texts, Answer answer, String why) {
    assertThatThrownBy(() -> AnswerRules.check(question, texts, answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  @Test
  void an_answer_that_does_not_answer_its_question_is_refused_by_value_rule_and_place() {
    List<String> one = List.of("a\uD83D\uDE00b");
    List<String> three = List.of("a", "b", "c");
    List<Integer> shown = List.of(0, 1, 2);
    refused(GRADE, one, new Answer.Edited("x"), "kind must be GRADE, was EDIT");
    refused(GRADE, one, graded(Map.of("concision", 1)), "levels.tone must be 0..1, was null");
    refused(
        GRADE,
        one,
        graded(Map.of("concision", 3, "tone", 1)),
        "levels.concision must be 0..2, was 3");
    refused(
        GRADE,
        one,
        graded(Map.of("concision", 1, "tone", 1, "model", 1)),
        "levels.model is no dimension");
    Question.Choice choice = new Question.Choice(false);
    List<Integer> both = List.of(0, 1);
    refused(
        choice,
        List.of("a", "b"),
        new Answer.Chosen(Answer.Choice.TIE, 1, both),
        "strength must be -3..3, 0 where neither is better, was 1 with TIE");
    refused(
        choice,
        List.of("a", "b"),
        new Answer.Chosen(Answer.Choice.PREFERS, 4, both),
        "strength must be -3..3, 0 where neither is better, was 4 with PREFERS");
    refused(
        choice,
        List.of("a", "b"),
        new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, both),
        "choice must be PREFERS or TIE, was BOTH_BAD");
    Question.Rank strict = new Question.Rank(false);
    refused(strict, three, new Answer.Ranked(List.of(1, 2), shown), "places must be 3, are 2");
    refused(
        strict,
        three,
        new Answer.Ranked(List.of(1, 1, 2), shown),
        "places must differ, are [1, 1, 2]");
    refused(
        new Question.Rank(true),
        three,
        new Answer.Ranked(List.of(1, 1, 3), shown),
        "places must begin at 1 and leave none out, are [1, 1, 3]");
    refused(
        strict,
        three,
        new Answer.Ranked(List.of(1, 2, 3), List.of(0, 0, 1)),
        "shown must be each of 0..2 once, is [0, 0, 1]");
    refused(
        new Question.Demonstration(3),
        List.of(),
        new Answer.Written(" \uD83D\uDE00a "),
        "text must have 3 characters or more, has 2");
    Question.RedTeam red = new Question.RedTeam(Harm.CRIME, List.of("Helps"));
    refused(
        red,
        List.of(),
        new Answer.Attacked("p", "r", "Hurts", 1),
        "policy must be one of [Helps], was 'Hurts'");
    refused(
        red, List.of(), new Answer.Attacked("p", "r", "Helps", 0), "severity must be 1..3, was 0");
    refused(red, List.of(), new Answer.Attacked("p", "r", "", 1), "severity must be 0..0, was 1");
    Question.Span span = new Question.Span(List.of("Rude"));
    refused(
        span,
        one,
        new Answer.Marked(List.of(new Passage(0, 1, "Rude"), new Passage(1, 4, "Rude"))),
        "passages[1] must lie within 0..3 and not be empty, was 1..4");
    refused(
        span,
        one,
        new Answer.Marked(List.of(new Passage(0, 1, "Kind"))),
        "passages[0].reason must be one of [Rude], was 'Kind'");
    // Three code points, four UTF-16 units.
    AnswerRules.check(span, one, new Answer.Marked(List.of(new Passage(0, 3, "Rude"))));
  }
}
