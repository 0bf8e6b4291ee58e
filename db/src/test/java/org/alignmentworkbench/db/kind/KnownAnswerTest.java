package org.alignmentworkbench.db.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownAnswerTest {
  private static final Question GRADE =
      new Question.Grade(List.of(new Dimension("tone", "Tone", List.of("rude", "plain", "warm"))));

  @Test
  void what_is_known_is_read_and_written_alike() {
    for (String json : List.of("{\"levels\":{\"tone\":2}}")) {
      assertThat(KnownAnswer.read(GRADE, 1, json).json()).isEqualTo(json);
    }
    assertThat(KnownAnswer.read(new Question.Choice(true), 2, "{\"choice\":\"BOTH_BAD\"}").json())
        .isEqualTo("{\"choice\":\"BOTH_BAD\"}");
    assertThat(KnownAnswer.read(new Question.Rank(false), 3, "{\"places\":[2,1,2]}").json())
        .isEqualTo("{\"places\":[2,1,2]}");
  }

  @Test
  void what_breaks_a_rule_is_refused_by_value_and_place() {
    refused(GRADE, 1, "{\"levels\":{\"tone\":3}}", "known.levels.tone must be 0..2, was 3");
    refused(GRADE, 1, "{\"levels\":{}}", "known.levels must name one of [tone] or more");
    refused(GRADE, 1, "{\"choice\":\"A\"}", "known must have levels alone, has [choice]");
    refused(
        new Question.Choice(false),
        2,
        "{\"choice\":\"BOTH_BAD\"}",
        "known.choice must be A, B, TIE, was \"BOTH_BAD\"");
    refused(new Question.Rank(true), 2, "{\"places\":[1,1]}", "known.places must be 2");
    refused(new Question.Rank(true), 2, "{\"places\":[1,3]}", "are [1, 3]");
    refused(new Question.Edit(), 1, "{}", "kind must be GRADE, CHOICE or RANK, was EDIT");
    refused(GRADE, 1, "nonsense", "not JSON");
  }

  private static void refused(Question question, int answers, String json, String why) {
    assertThatThrownBy(() -> KnownAnswer.read(question, answers, json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
