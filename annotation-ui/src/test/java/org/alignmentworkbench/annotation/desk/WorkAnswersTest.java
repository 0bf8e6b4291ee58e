package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Work;
import org.junit.jupiter.api.Test;

class WorkAnswersTest {
  private static Work work(Question question, String... answers) {
    return new Work(
        1, 1, 0, 1, question, "?", List.of(answers), Instant.EPOCH, null, null, 0, List.of());
  }

  private static Answer again(Work work, Answer answer) {
    Map<String, String> fields = WorkAnswers.filled(work, answer);
    WorkForm form = WorkForm.read(work, fields::get).withKey(UUID.randomUUID());
    return WorkAnswers.read(work, form).answer();
  }

  @Test
  void a_form_that_was_filled_with_an_answer_is_that_answer() {
    Work pair = work(new Question.Choice(true), "One.", "Two.");
    for (int strength = -3; strength <= 3; strength++) {
      Answer chosen =
          new Answer.Chosen(
              strength == 0 ? Answer.Choice.TIE : Answer.Choice.PREFERS, strength, List.of(0, 1));
      assertThat(again(pair, chosen)).isEqualTo(chosen);
    }
    Answer bad = new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, List.of(0, 1));
    assertThat(again(pair, bad)).isEqualTo(bad);
    Dimension tone = new Dimension("tone", "Tone", List.of("rude", "plain", "warm"));
    Answer graded = new Answer.Graded(new LinkedHashMap<>(Map.of("tone", 2)));
    assertThat(again(work(new Question.Grade(List.of(tone)), "One."), graded)).isEqualTo(graded);
    assertThat(
            again(
                work(new Question.Rank(true), "One.", "Two.", "Three."),
                new Answer.Ranked(List.of(2, 1, 2), List.of(0, 1, 2))))
        .isInstanceOfSatisfying(
            Answer.Ranked.class, ranked -> assertThat(ranked.places()).isEqualTo(List.of(2, 1, 2)));
  }

  /// CR LF are two code points of the text and one of what a browser shows; an emoji is one of
  /// both.
  @Test
  void passages_are_where_they_were_beyond_line_ends_and_emojis() {
    Work marks = work(new Question.Span(List.of("Wrong", "Rude")), "a\r\n😀 b\r\n\r\nc");
    Answer marked =
        new Answer.Marked(
            List.of(
                new Passage(0, 3, "Wrong"),
                new Passage(3, 6, "Rude"),
                new Passage(8, 11, "Wrong")));
    assertThat(WorkAnswers.filled(marks, marked).get("passages"))
        .contains("{\"from\":0,\"to\":2,", "{\"from\":2,\"to\":5,", "{\"from\":6,\"to\":8,");
    assertThat(again(marks, marked)).isEqualTo(marked);
    Answer nothing = new Answer.Marked(List.of());
    assertThat(again(marks, nothing)).isEqualTo(nothing);
  }
}
