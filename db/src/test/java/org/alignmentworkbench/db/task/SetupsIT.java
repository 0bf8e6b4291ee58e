package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Setups.Made;
import org.alignmentworkbench.db.task.Setups.Source;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class SetupsIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final Setups setups = new Setups(jdbc);
  private final Queue queue = new Queue(jdbc);
  private final WorkSlots slots = new WorkSlots(jdbc, queue);
  private final long lead = TestProject.annotator(jdbc);

  private Made make(TestProject project, Question question, Source source) {
    return setups.make(
        project.id(),
        question,
        2,
        "{}",
        setups.candidates(project.id(), question.kind(), source),
        lead,
        NOON);
  }

  @Test
  void each_kind_gets_the_tasks_that_it_can_have() {
    TestProject project = TestProject.create(jdbc, 3);
    Source all = new Source(null, null, 2, 100);
    assertThat(setups.candidates(project.id(), TaskKind.EDIT, all)).hasSize(6);
    assertThat(setups.candidates(project.id(), TaskKind.DEMONSTRATION, all)).hasSize(3);
    assertThat(setups.candidates(project.id(), TaskKind.RANK, all)).hasSize(3);
    assertThat(setups.candidates(project.id(), TaskKind.PAIR, all)).hasSize(3);
    assertThat(setups.candidates(project.id(), TaskKind.RANK, new Source(null, null, 3, 100)))
        .as("nobody answered three times")
        .isEmpty();
    assertThat(setups.candidates(project.id(), TaskKind.EDIT, new Source("TRAIN", null, 2, 100)))
        .isEmpty();
    assertThat(setups.candidates(project.id(), TaskKind.EDIT, new Source(null, -1L, 2, 100)))
        .isEmpty();
    assertThat(setups.candidates(project.id(), TaskKind.EDIT, new Source(null, null, 2, 4)))
        .hasSize(4);
  }

  @Test
  void of_equal_answers_one_is_asked_about() {
    TestProject project = TestProject.create(jdbc, 2);
    jdbc.sql("update response set text = 'same' where prompt_id = ?")
        .param(project.prompts().getFirst().id())
        .update();
    Source all = new Source(null, null, 2, 100);
    assertThat(setups.candidates(project.id(), TaskKind.EDIT, all)).hasSize(3);
    assertThat(setups.candidates(project.id(), TaskKind.PAIR, all)).hasSize(1);
  }

  @Test
  void the_same_again_makes_nothing_and_more_makes_what_is_new() {
    TestProject project = TestProject.create(jdbc, 3);
    Question edit = new Question.Edit();
    assertThat(make(project, edit, new Source(null, null, 1, 4)).made()).isEqualTo(4);
    assertThat(make(project, edit, new Source(null, null, 1, 4))).isEqualTo(new Made(null, 0, 4));
    Made more = make(project, edit, new Source(null, null, 1, 100));
    assertThat(more.made()).isEqualTo(2);
    assertThat(more.there()).isEqualTo(4);
    assertThat(setups.ofProject(project.id()))
        .extracting(Setup::tasks, Setup::wanted, Setup::judged)
        .containsExactly(tuple(2, 4L, 0L), tuple(4, 8L, 0L));
  }

  @Test
  void what_a_kind_cannot_have_is_refused() {
    TestProject project = TestProject.create(jdbc, 2);
    TestProject other = TestProject.create(jdbc, 1);
    long prompt = project.prompts().getFirst().id();
    long own = project.responses().getFirst().id();
    long foreign = other.responses().getFirst().id();
    assertThatThrownBy(() -> make(project, new Question.Edit(), new NewWork(prompt, List.of())))
        .hasMessage("prompt %d: a task of kind EDIT has 1 to 1 answers, was 0", prompt);
    assertThatThrownBy(() ->
            make(project, new Question.Rank(true), new NewWork(prompt, List.of(own, foreign))))
        .hasMessageContaining("not all of [%d, %d] answer it", own, foreign);
    assertThatThrownBy(() ->
            make(
                project,
                new Question.Demonstration(1),
                new NewWork(other.prompts().getFirst().id(), List.of())))
        .hasMessageContaining("1 of 1 tasks name a prompt of another project");
    assertThatThrownBy(() -> new NewWork(prompt, List.of(own, own)))
        .hasMessageContaining("has a response twice");
  }

  private Made make(TestProject project, Question question, NewWork work) {
    return setups.make(project.id(), question, 1, "{}", List.of(work), lead, NOON);
  }

  /// A comparison that a set-up made is one like any other.
  @Test
  void comparisons_are_judged_as_ever() {
    TestProject project = TestProject.create(jdbc, 1);
    make(project, new Question.Pair(), new Source(null, null, 2, 10));
    ClaimedSlot slot =
        ((Claimed) queue.claim(project.id(), lead, NOON, Duration.ofMinutes(5))).slot();
    assertThat(slot.kind()).isEqualTo(TaskKind.PAIR);
    assertThat(List.of(slot.left(), slot.right()))
        .containsExactlyInAnyOrder("Response 0 to Prompt 0", "Response 1 to Prompt 0");
    assertThat(slots.held(slot.slotId(), lead)).isEmpty();
  }

  @Test
  void places_are_kept_in_the_tasks_own_order_whatever_order_was_shown() {
    TestProject project = TestProject.create(jdbc, 12);
    make(project, new Question.Rank(true), new Source(null, null, 2, 100));
    Set<String> shown = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      long slot =
          ((Claimed) queue.claim(project.id(), lead, NOON, Duration.ofMinutes(5))).slot().slotId();
      Work work = slots.held(slot, lead).orElseThrow();
      boolean zeroFirst = work.answers().getFirst().startsWith("Response 0");
      shown.add(work.answers().getFirst().substring(0, 10));
      // Whatever is shown first, "Response 0" is the better one.
      slots.submit(
          new WorkSubmission(
              slot,
              lead,
              UUID.randomUUID(),
              new Answer.Ranked(zeroFirst ? List.of(1, 2) : List.of(2, 1), List.of(0, 0)),
              "",
              1,
              0,
              false),
          NOON);
    }
    assertThat(shown).hasSize(2);
    assertThat(
            jdbc.sql(
                    """
                    select distinct left(r.text, 10)
                    from judgement j
                    join task t on t.id = j.task_id
                    join task_answer a on a.task_id = t.id
                    join response r on r.id = a.response_id
                    where t.project_id = ?
                      and (j.answer -> 'places' ->> a.ordinal)::int = 1
                    """)
                .param(project.id())
                .query(String.class)
                .list())
        .containsExactly("Response 0");
  }

  private void make(TestProject project, Question question, boolean mixed) {
    setups.make(
        project.id(),
        question,
        null,
        1,
        0,
        mixed,
        "{}",
        setups.candidates(project.id(), question.kind(), new Source(null, null, 2, 100)),
        lead,
        NOON);
  }

  /// Two that are mixed come before those that are not, whenever they were made.
  @Test
  void set_ups_come_one_after_another_unless_they_are_mixed() {
    TestProject project = TestProject.create(jdbc, 12);
    make(project, new Question.Edit(), false);
    make(project, new Question.Demonstration(1), true);
    make(project, new Question.Span(List.of("Rude")), false);
    make(project, new Question.Rank(true), true);
    List<TaskKind> kinds = new ArrayList<>();
    List<Long> edited = new ArrayList<>();
    while (queue.claim(project.id(), lead, NOON, Duration.ofMinutes(5))
        instanceof Claimed(ClaimedSlot slot)) {
      kinds.add(slot.kind());
      if (slot.kind() == TaskKind.EDIT) {
        edited.add(slot.slotId());
      }
      queue.skip(slot.slotId(), lead, "x", NOON);
    }
    assertThat(kinds).hasSize(72);
    List<TaskKind> mixed = kinds.subList(0, 24);
    assertThat(mixed).containsOnly(TaskKind.DEMONSTRATION, TaskKind.RANK);
    assertThat(mixed.subList(0, 12)).contains(TaskKind.DEMONSTRATION, TaskKind.RANK);
    assertThat(kinds.subList(24, 48)).containsOnly(TaskKind.EDIT);
    assertThat(kinds.subList(48, 72)).containsOnly(TaskKind.SPAN);
    assertThat(edited)
        .as("shuffled among themselves")
        .isNotEqualTo(edited.stream().sorted().toList());
    assertThat(setups.ofProject(project.id()))
        .extracting(Setup::mixed)
        .containsExactly(true, false, true, false);
  }
}
