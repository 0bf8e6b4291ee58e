package org.alignmentworkbench.db.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownAnswerTest {
  private static final Question GRADE =
      new Question.Grade(List.of(new Dimension("tone", "Tone", List.of("rude", "plain", "warm"))));

  private static final Question SPAN = new Question.Span(List.of("Wrong", "Rude"));
  private static final List<String> ONE = List.of("A b😀 c");
  private static final List<String> TWO = List.of("a", "b");

  @Test
  void what_is_known_is_read_and_written_alike() {
    for (String json : List.of("{\"levels\":{\"tone\":2}}")) {
      assertThat(KnownAnswer.read(GRADE, ONE, json).json()).isEqualTo(json);
    }
    assertThat(KnownAnswer.read(new Question.Choice(true), TWO, "{\"choice\":\"BOTH_BAD\"}").json())
        .isEqualTo("{\"choice\":\"BOTH_BAD\"}");
    assertThat(
            KnownAnswer.read(
                    new Question.Rank(false), List.of("a", "b", "c"), "{\"places\":[2,1,2]}")
                .json())
        .isEqualTo("{\"places\":[2,1,2]}");
  }

  /// An emoji is one character. Half of what is to be found is enough where nothing else is said.
  @Test
  void passages_are_known_with_the_least_f1_of_an_answer() {
    String known = "{\"passages\":[{\"from\":2,\"to\":4,\"reason\":\"Rude\"}]";
    KnownAnswer half = new KnownAnswer.Passages(List.of(new Answer.Passage(2, 4, "Rude")), 50);
    assertThat(KnownAnswer.read(SPAN, ONE, known + "}")).isEqualTo(half);
    for (KnownAnswer each : List.of(half, new KnownAnswer.Passages(List.of(), 100))) {
      assertThat(KnownAnswer.read(SPAN, ONE, each.json())).isEqualTo(each);
    }
    refused(SPAN, ONE, known + ",\"atLeast\":0}", "known.atLeast must be 1..100, was 0");
    refused(SPAN, ONE, known + ",\"atLeast\":\"80\"}", "known.atLeast must be 1..100");
    refused(SPAN, ONE, "{\"atLeast\":80}", "known must have passages and may have atLeast");
    refused(SPAN, ONE, "{\"passages\":[],\"f1\":1}", "has [f1, passages]");
    refused(SPAN, ONE, "{\"passages\":{}}", "passages must be a list");
    refused(
        SPAN,
        ONE,
        "{\"passages\":[{\"from\":4,\"to\":7,\"reason\":\"Rude\"}]}",
        "passages[0] must lie within 0..6 and not be empty, was 4..7");
    refused(
        SPAN,
        ONE,
        "{\"passages\":[{\"from\":0,\"to\":1,\"reason\":\"Odd\"}]}",
        "passages[0].reason must be one of [Wrong, Rude], was 'Odd'");
  }

  @Test
  void what_breaks_a_rule_is_refused_by_value_and_place() {
    refused(GRADE, ONE, "{\"levels\":{\"tone\":3}}", "known.levels.tone must be 0..2, was 3");
    refused(GRADE, ONE, "{\"levels\":{}}", "known.levels must name one of [tone] or more");
    refused(GRADE, ONE, "{\"choice\":\"A\"}", "known must have levels alone, has [choice]");
    refused(
        new Question.Choice(false),
        TWO,
        "{\"choice\":\"BOTH_BAD\"}",
        "known.choice must be A, B, TIE, was \"BOTH_BAD\"");
    refused(new Question.Rank(true), TWO, "{\"places\":[1,1]}", "known.places must be 2");
    refused(new Question.Rank(true), TWO, "{\"places\":[1,3]}", "are [1, 3]");
    refused(new Question.Edit(), ONE, "{}", "kind must be GRADE, CHOICE, RANK or SPAN, was EDIT");
    refused(GRADE, ONE, "nonsense", "not JSON");
  }

  private static void refused(Question question, List<String> answers, String json, String why) {
    assertThatThrownBy(() -> KnownAnswer.read(question, answers, json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
