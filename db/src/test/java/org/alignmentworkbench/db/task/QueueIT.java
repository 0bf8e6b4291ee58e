package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Claim.AllDoneByYou;
import org.alignmentworkbench.db.task.Claim.AllLeased;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Claim.NotAdmitted;
import org.alignmentworkbench.db.task.Claim.NothingLeft;
import org.alignmentworkbench.db.task.Claim.QuotaReached;
import org.alignmentworkbench.db.task.SubmitOutcome.Accepted;
import org.alignmentworkbench.db.task.SubmitOutcome.AlreadyJudged;
import org.alignmentworkbench.db.task.SubmitOutcome.KeyReused;
import org.alignmentworkbench.db.task.SubmitOutcome.NotLeased;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

class QueueIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Grades GOOD = new Grades(2, 2, 2, 2);
  private static final Grades BAD = new Grades(0, 1, 0, 2);

  @AutoClose static final TestDatabase database = TestDatabase.migrated(20);
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);
  private final TaskRepository tasks = new TaskRepository(jdbc);
  private final Judgements judgements = new Judgements(jdbc);
  private final long ada = TestProject.annotator(jdbc);
  private final long bob = TestProject.annotator(jdbc);

  private TestProject project(int taskCount, int overlap) {
    TestProject project = TestProject.create(jdbc, taskCount);
    assertThat(project.makeTasks(jdbc, overlap)).isEqualTo(taskCount);
    return project;
  }

  private ClaimedSlot claim(TestProject project, long person, Instant now) {
    return ((Claimed) queue.claim(project.id(), person, now, LEASE)).slot();
  }

  private static Submission submission(long slot, long person, UUID key) {
    return new Submission(slot, person, key, -2, GOOD, BAD, "shorter", 4000, 1, true);
  }

  private SubmitOutcome submit(long slot, long person, Instant now) {
    return queue.submit(submission(slot, person, UUID.randomUUID()), now);
  }

  @Test
  void nothing_is_compared_with_itself() {
    TestProject project = TestProject.create(database.jdbc(), 1);
    long prompt = project.prompts().getFirst().id();
    long response = project.responses().getFirst().id();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Comparison(prompt, response, response))
        .withMessage("response " + response + " compared with itself");
    assertThatThrownBy(() ->
            database
                .jdbc()
                .sql(
                    """
                    insert into task (project_id, key, round, prompt_id, response_a, response_b,
                      shuffle_key, overlap)
                    values (:p, 'itself', 1, :q, :r, :r, 1, 1)
                    """)
                .param("p", project.id())
                .param("q", prompt)
                .param("r", response)
                .update())
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void forty_annotators_at_once_give_each_of_900_slots_one_judgement() throws Exception {
    TestProject project = project(300, 3);
    List<Future<Integer>> work = new ArrayList<>();
    int accepted = 0;
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        long person = TestProject.annotator(jdbc);
        work.add(people.submit(() -> label(project, person, people)));
      }
      for (Future<Integer> one : work) {
        accepted += one.get();
      }
    }

    assertThat(accepted).isEqualTo(900);
    List<Judgement> all = judgements.ofProject(project.id());
    assertThat(all).hasSize(900);
    assertThat(all.stream().map(Judgement::slotId).distinct()).hasSize(900);
    Set<List<Long>> personAndTask = new HashSet<>();
    all.forEach(j -> personAndTask.add(List.of(j.personId(), j.taskId())));
    assertThat(personAndTask).hasSize(900);
    assertThat(tasks.progress(project.id(), NOON)).isEqualTo(new Progress(300, 0, 0, 900));
    assertThat(tasks.page(project.id(), "", 1000)).allMatch(task -> task.judged() == 3);
    assertThat(
            jdbc.sql("select count(*) from withdrawn_judgement where why = 'UNDO'")
                .query(Integer.class)
                .single())
        .isGreaterThan(100);
  }

  /// Labels until nothing is left and returns how many judgements were accepted. Every seventh is
  /// sent twice at once, as an impatient double click does.
  ///
  /// Every fifth is taken back and given again, while the second request of a double click may
  /// still be under way.
  private int label(TestProject project, long person, ExecutorService people) throws Exception {
    int accepted = 0;
    Undo undo = new Undo(jdbc, database.transactions(), queue);
    for (int turn = 0; ; turn++) {
      switch (queue.claim(project.id(), person, NOON, LEASE)) {
        case Claimed(ClaimedSlot slot) -> {
          Submission submission = submission(slot.slotId(), person, UUID.randomUUID());
          Future<SubmitOutcome> second =
              turn % 7 == 0 ? people.submit(() -> queue.submit(submission, NOON)) : null;
          Accepted first = (Accepted) queue.submit(submission, NOON);
          boolean undone = turn % 5 == 0;
          if (undone) {
            assertThat(undo.takeBack(person, slot.slotId(), NOON, LEASE, LEASE, given -> "{}"))
                .isEqualTo(new UndoOutcome.TakenBack(slot.slotId(), TaskKind.PAIR, false));
          } else {
            accepted++;
          }
          if (second != null) {
            switch (second.get()) {
              case Accepted other -> {
                assertThat(other.judgementId()).isEqualTo(first.judgementId());
                assertThat(other.repeated()).isNotEqualTo(first.repeated());
              }
              case KeyReused() -> assertThat(undone).isTrue();
              case NotLeased(), AlreadyJudged(long _) -> throw new AssertionError(second.get());
            }
          }
          if (undone) {
            assertThat(queue.submit(submission, NOON)).isEqualTo(new KeyReused());
          }
        }
        case AllLeased _ -> Thread.sleep(5);
        case NothingLeft(), AllDoneByYou(), QuotaReached(int _) -> {
          return accepted;
        }
        case NotAdmitted(Admission why) -> throw new AssertionError(why);
      }
    }
  }

  @Test
  void fifty_parallel_claims_on_fifty_tasks_give_fifty_slots() throws Exception {
    TestProject project = project(50, 1);
    List<Future<Claim>> claims = new ArrayList<>();
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        long person = TestProject.annotator(jdbc);
        claims.add(people.submit(() -> queue.claim(project.id(), person, NOON, LEASE)));
      }
    }
    Set<Long> slots = new HashSet<>();
    for (Future<Claim> claim : claims) {
      slots.add(((Claimed) claim.get()).slot().slotId());
    }
    assertThat(slots).hasSize(50);
  }

  @Test
  void two_windows_of_one_person_get_the_same_slot() throws Exception {
    for (int round = 0; round < 10; round++) {
      TestProject project = project(5, 1);
      Set<Long> slots = new HashSet<>();
      List<Future<ClaimedSlot>> claims = new ArrayList<>();
      try (ExecutorService windows = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          claims.add(windows.submit(() -> claim(project, ada, NOON)));
        }
      }
      for (Future<ClaimedSlot> claim : claims) {
        slots.add(claim.get().slotId());
      }
      assertThat(slots).hasSize(1);
    }
  }

  @Test
  void the_slot_somebody_holds_is_given_again_with_its_draft_even_after_lunch() {
    TestProject project = project(3, 1);
    ClaimedSlot slot = claim(project, ada, NOON);
    assertThat(slot.draft()).isNull();
    assertThat(queue.saveDraft(slot.slotId(), ada, "{\"reason\": \"a\\u0000b\"}", NOON)).isTrue();
    assertThat(queue.saveDraft(slot.slotId(), bob, "{}", NOON)).isFalse();

    ClaimedSlot again = claim(project, ada, NOON.plusSeconds(3600));
    assertThat(again.slotId()).isEqualTo(slot.slotId());
    assertThat(again.draft()).isEqualTo("{\"reason\": \"a\\u0000b\"}");
    assertThat(again.leasedUntil()).isEqualTo(NOON.plusSeconds(3600).plus(LEASE));
    assertThat(queue.held(slot.slotId(), bob)).isEmpty();
    assertThat(tasks.progress(project.id(), NOON)).isEqualTo(new Progress(3, 2, 1, 0));
  }

  @Test
  void what_an_annotator_sees_has_the_sides_of_the_slot_and_no_model() {
    TestProject project = project(40, 2);
    int aLeft = 0;
    for (int i = 0; i < 40; i++) {
      ClaimedSlot slot = claim(project, ada, NOON);
      boolean left = slot.left().startsWith("Response 0");
      aLeft += left ? 1 : 0;
      assertThat(slot.right()).startsWith(left ? "Response 1" : "Response 0");
      assertThat(slot.left()).endsWith(slot.prompt());
      Accepted accepted = (Accepted) submit(slot.slotId(), ada, NOON);

      // "Left is better by 2": in the task's order that is A by 2 where A was left, else B by 2.
      Judgement judgement = judgements.find(accepted.judgementId()).orElseThrow();
      assertThat(judgement.aLeft()).isEqualTo(left);
      assertThat(judgement.strength()).isEqualTo(left ? -2 : 2);
      assertThat(judgement.gradesA()).isEqualTo(left ? GOOD : BAD);
      assertThat(judgement.gradesB()).isEqualTo(left ? BAD : GOOD);
    }
    // Both sides occur. 40 fair coins fall outside 6..34 about once in a million.
    assertThat(aLeft).isBetween(6, 34);
  }

  @Test
  void the_slots_of_a_task_alternate_sides() {
    TestProject project = project(1, 2);
    boolean first = claim(project, ada, NOON).left().startsWith("Response 0");
    boolean second = claim(project, bob, NOON).left().startsWith("Response 0");
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void what_is_left_is_told_apart() {
    TestProject project = project(1, 2);
    ClaimedSlot adas = claim(project, ada, NOON);
    ClaimedSlot bobs = claim(project, bob, NOON.plusSeconds(60));
    long cleo = TestProject.annotator(jdbc);
    assertThat(queue.claim(project.id(), cleo, NOON.plusSeconds(90), LEASE))
        .isEqualTo(new AllLeased(NOON.plus(LEASE)));

    submit(adas.slotId(), ada, NOON);
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isEqualTo(new AllDoneByYou());
    assertThat(queue.claim(project.id(), cleo, NOON.plusSeconds(90), LEASE))
        .isEqualTo(new AllLeased(NOON.plusSeconds(60).plus(LEASE)));
    submit(bobs.slotId(), bob, NOON);
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isEqualTo(new NothingLeft());
    assertThat(queue.claim(project.id(), cleo, NOON, LEASE)).isEqualTo(new NothingLeft());
  }

  @Test
  void a_skipped_task_is_not_offered_again_and_keeps_its_overlap() {
    TestProject project = project(1, 2);
    ClaimedSlot slot = claim(project, ada, NOON);
    assertThat(queue.skip(slot.slotId(), bob, "not mine", NOON)).isFalse();
    assertThat(queue.skip(slot.slotId(), ada, "both wrong\0", NOON)).isTrue();
    assertThat(queue.skip(slot.slotId(), ada, "again", NOON)).isFalse();
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isEqualTo(new AllDoneByYou());
    assertThat(tasks.progress(project.id(), NOON)).isEqualTo(new Progress(1, 2, 0, 0));
    assertThat(tasks.page(project.id(), "", 10).getFirst().skipped()).isEqualTo(1);
  }

  @Test
  void a_judgement_for_a_slot_of_somebody_else_is_refused() {
    TestProject project = project(2, 1);
    ClaimedSlot slot = claim(project, ada, NOON);
    assertThat(submit(slot.slotId(), bob, NOON)).isEqualTo(new NotLeased());
    assertThat(submit(-1, ada, NOON)).isEqualTo(new NotLeased());
    queue.release(slot.slotId(), ada);
    assertThat(submit(slot.slotId(), ada, NOON)).isEqualTo(new NotLeased());
    assertThat(judgements.ofProject(project.id())).isEmpty();
  }

  @Test
  void the_same_key_gives_the_same_answer_and_one_row() {
    TestProject project = project(2, 1);
    ClaimedSlot slot = claim(project, ada, NOON);
    UUID key = UUID.randomUUID();
    Accepted first = (Accepted) queue.submit(submission(slot.slotId(), ada, key), NOON);
    assertThat(first.repeated()).isFalse();
    assertThat(queue.submit(submission(slot.slotId(), ada, key), NOON.plusSeconds(5)))
        .isEqualTo(new Accepted(first.judgementId(), true));
    assertThat(submit(slot.slotId(), ada, NOON)).isEqualTo(new AlreadyJudged(first.judgementId()));
    ClaimedSlot next = claim(project, ada, NOON);
    assertThat(queue.submit(submission(next.slotId(), ada, key), NOON)).isEqualTo(new KeyReused());
    ClaimedSlot other = claim(project(1, 1), bob, NOON);
    assertThat(queue.submit(submission(other.slotId(), bob, key), NOON)).isEqualTo(new KeyReused());
    assertThat(judgements.ofProject(project.id())).hasSize(1);
  }

  @Test
  void a_late_judgement_counts_while_nobody_else_has_the_slot() {
    TestProject project = project(1, 1);
    ClaimedSlot slot = claim(project, ada, NOON);
    Instant late = NOON.plus(LEASE).plusSeconds(1);
    assertThat(submit(slot.slotId(), ada, late)).isInstanceOf(Accepted.class);

    TestProject taken = project(1, 1);
    ClaimedSlot adas = claim(taken, ada, NOON);
    queue.saveDraft(adas.slotId(), ada, "\"half\"", NOON);
    assertThat(queue.claim(taken.id(), bob, NOON.plus(LEASE), LEASE))
        .as("a lease lasts through its last moment")
        .isEqualTo(new AllLeased(NOON.plus(LEASE)));
    assertThat(claim(taken, bob, late).slotId()).isEqualTo(adas.slotId());
    assertThat(submit(adas.slotId(), ada, late)).isEqualTo(new NotLeased());
    assertThat(queue.extend(adas.slotId(), ada, late)).isFalse();
    submit(adas.slotId(), bob, late);
    assertThat(
            jdbc.sql("select body from draft where slot_id = ?")
                .param(adas.slotId())
                .query(String.class)
                .single())
        .as("what was typed is not thrown away")
        .isEqualTo("\"half\"");
  }

  @Test
  void a_sign_of_life_keeps_the_lease() {
    TestProject project = project(1, 1);
    ClaimedSlot slot = claim(project, ada, NOON);
    Instant later = NOON.plus(LEASE).plus(LEASE);
    assertThat(queue.extend(slot.slotId(), ada, later)).isTrue();
    assertThat(queue.claim(project.id(), bob, NOON.plus(LEASE).plusSeconds(1), LEASE))
        .isEqualTo(new AllLeased(later));
  }

  @Test
  void making_the_same_tasks_again_makes_nothing() {
    TestProject project = project(4, 3);
    assertThat(project.makeTasks(jdbc, 3)).isZero();
    assertThat(tasks.progressOfRound(project.id(), 1, NOON)).isEqualTo(new Progress(4, 12, 0, 0));
    assertThat(tasks.progressOfRound(project.id(), 2, NOON)).isEqualTo(new Progress(0, 0, 0, 0));
  }

  @Test
  void a_response_to_another_prompt_is_refused() {
    TestProject project = TestProject.create(jdbc, 2);
    Comparison wrong =
        new Comparison(
            project.prompts().get(0).id(),
            project.responses().get(0).id(),
            project.responses().get(2).id());
    assertThatThrownBy(() -> tasks.make(project.id(), 1, 1, 1, List.of(wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 of 1 comparisons");
    assertThatThrownBy(() -> new Comparison(1, 5, 5)).hasMessage("response 5 compared with itself");
  }
}
