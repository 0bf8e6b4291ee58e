package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Undo.Given;
import org.alignmentworkbench.db.task.UndoOutcome.AlreadyInHand;
import org.alignmentworkbench.db.task.UndoOutcome.Closed;
import org.alignmentworkbench.db.task.UndoOutcome.Decided;
import org.alignmentworkbench.db.task.UndoOutcome.Gone;
import org.alignmentworkbench.db.task.UndoOutcome.NotLast;
import org.alignmentworkbench.db.task.UndoOutcome.TakenBack;
import org.alignmentworkbench.db.task.UndoOutcome.TakenByOther;
import org.alignmentworkbench.db.task.UndoOutcome.TooLate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Taking back what was done last. Random walks with it are in LeaseExpiryIT and QueueIT.
class UndoIT {
  private static final Duration WINDOW = Duration.ofMinutes(2);
  private static final Grades GOOD = new Grades(2, 2, 2, 2);
  private static final Grades BAD = new Grades(0, 1, 0, 2);

  @AutoClose static final TestDatabase database = TestDatabase.migrated(10);
  @TempDir Path folder;
  private final JdbcClient jdbc = database.jdbc();
  private final List<Given> given = new ArrayList<>();

  private UndoOutcome undo(CheckedProject project, long person, long slot, Instant now) {
    return new Undo(jdbc, database.transactions(), project.queue)
        .takeBack(
            person,
            slot,
            now,
            WINDOW,
            CheckedProject.LEASE,
            judgement -> {
              given.add(judgement);
              return "{\"of\": \"judgement\"}";
            });
  }

  private static ClaimedSlot claim(CheckedProject project, long person) {
    return ((Claimed) project.claim(person)).slot();
  }

  private static Submission submission(long slot, long person, UUID key) {
    return new Submission(slot, person, key, -2, GOOD, BAD, "shorter", 4000, 1, false);
  }

  private static TakenBack back(long slot, boolean skip) {
    return new TakenBack(slot, TaskKind.PAIR, skip);
  }

  private static Progress progress(CheckedProject project) {
    return new TaskRepository(project.jdbc).progress(project.id, project.now);
  }

  @Test
  void a_judgement_is_in_hand_again_as_a_draft_and_counts_no_more() {
    CheckedProject project = new CheckedProject(jdbc, 4, 1, 0);
    long ada = project.person();
    ClaimedSlot first = claim(project, ada);
    UUID key = UUID.randomUUID();
    Submission submission = submission(first.slotId(), ada, key);
    project.queue.submit(submission, project.now);
    ClaimedSlot second = claim(project, ada);
    project.queue.saveDraft(second.slotId(), ada, "{\"half\": 1}", project.now);

    assertThat(undo(project, ada, first.slotId(), project.now))
        .isEqualTo(back(first.slotId(), false));
    // Left and right as the annotator saw them, whichever response was where.
    assertThat(given).containsExactly(new Given.Compared(-2, GOOD, BAD, "shorter", 4000));
    ClaimedSlot again = claim(project, ada);
    assertThat(again.slotId()).isEqualTo(first.slotId());
    assertThat(again.draft()).isEqualTo("{\"of\": \"judgement\"}");
    assertThat(progress(project)).isEqualTo(new Progress(4, 3, 1, 0));
    // The request that brought it, sent once more, brings nothing back; a new one is new.
    assertThat(project.queue.submit(submission, project.now))
        .isEqualTo(new SubmitOutcome.KeyReused());
    assertThat(
            project.queue.submit(submission(first.slotId(), ada, UUID.randomUUID()), project.now))
        .isInstanceOf(SubmitOutcome.Accepted.class);
    // What was in hand meanwhile went back with what had been typed.
    ClaimedSlot next = claim(project, ada);
    assertThat(next.slotId()).isEqualTo(second.slotId());
    assertThat(next.draft()).isEqualTo("{\"half\": 1}");
    assertThat(
            jdbc.sql("select count(*) from audit_event where action = 'judgement.undo'")
                .query(Integer.class)
                .single())
        .isPositive();
  }

  @Test
  void a_skip_is_in_hand_again_with_its_draft_unless_somebody_has_it() {
    CheckedProject project = new CheckedProject(jdbc, 2, 1, 0);
    long ada = project.person();
    ClaimedSlot first = claim(project, ada);
    project.queue.saveDraft(first.slotId(), ada, "{\"reason\": \"a\\u0000b\"}", project.now);
    project.queue.skip(first.slotId(), ada, "broken", project.now);
    claim(project, ada);
    assertThat(undo(project, ada, first.slotId(), project.now))
        .isEqualTo(back(first.slotId(), true));
    assertThat(given).isEmpty();
    assertThat(claim(project, ada).slotId()).isEqualTo(first.slotId());
    assertThat(claim(project, ada).draft()).isEqualTo("{\"reason\": \"a\\u0000b\"}");
    assertThat(progress(project)).isEqualTo(new Progress(2, 1, 1, 0));

    project.queue.skip(first.slotId(), ada, "broken", project.now);
    ClaimedSlot second = claim(project, ada);
    assertThat(claim(project, project.person()).slotId()).isEqualTo(first.slotId());
    assertThat(undo(project, ada, first.slotId(), project.now)).isEqualTo(new TakenByOther());
    // Nothing has moved: the second task is in hand still, and the skip stands.
    assertThat(project.queue.held(second.slotId(), ada)).isPresent();
    assertThat(
            jdbc.sql("select count(*) from skip where person_id = ?")
                .param(ada)
                .query(Integer.class)
                .single())
        .isOne();
    jdbc.sql("delete from slot where id = ?").param(first.slotId()).update();
    assertThat(undo(project, ada, first.slotId(), project.now)).isEqualTo(new Gone());
  }

  @Test
  void only_the_last_act_of_the_person_within_the_time_and_once() {
    CheckedProject project = new CheckedProject(jdbc, 4, 2, 0);
    long ada = project.person();
    long ben = project.person();
    ClaimedSlot first = claim(project, ada);
    project.queue.submit(submission(first.slotId(), ada, UUID.randomUUID()), project.now);
    assertThat(undo(project, ben, first.slotId(), project.now)).isEqualTo(new NotLast());
    Instant end = project.now.plus(WINDOW);
    assertThat(undo(project, ada, first.slotId(), end.plusMillis(1))).isEqualTo(new TooLate());
    assertThat(undo(project, ada, first.slotId(), end)).isEqualTo(back(first.slotId(), false));
    assertThat(undo(project, ada, first.slotId(), end))
        .isEqualTo(new AlreadyInHand(first.slotId(), TaskKind.PAIR));
    assertThat(undo(project, ben, first.slotId(), end)).isEqualTo(new NotLast());
    project.queue.release(first.slotId(), ada);
    assertThat(undo(project, ada, first.slotId(), end)).isEqualTo(new NotLast());

    ClaimedSlot one = claim(project, ada);
    project.queue.submit(submission(one.slotId(), ada, UUID.randomUUID()), project.now);
    ClaimedSlot other = claim(project, ada);
    project.queue.skip(other.slotId(), ada, "same", project.now);
    assertThat(undo(project, ada, one.slotId(), project.now)).isEqualTo(new NotLast());
  }

  @Test
  void what_a_lead_decided_or_withdrew_is_not_taken_back_from_below_them() {
    CheckedProject project = new CheckedProject(jdbc, 2, 1, 0);
    Adjudications adjudications = new Adjudications(jdbc);
    long ada = project.person();
    ClaimedSlot first = claim(project, ada);
    project.queue.submit(submission(first.slotId(), ada, UUID.randomUUID()), project.now);
    long task = task(first);
    List<Long> seen = adjudications.said(task).stream().map(Adjudications.Said::id).toList();
    database
        .transactions()
        .executeWithoutResult(_ ->
            assertThat(
                    adjudications.decide(
                        project.id, task, 1, "the source", false, seen, project.lead, project.now))
                .isPresent());
    assertThat(undo(project, ada, first.slotId(), project.now)).isEqualTo(new Decided());
    assertThat(progress(project)).isEqualTo(new Progress(2, 1, 0, 1));

    ClaimedSlot second = claim(project, ada);
    var accepted =
        (SubmitOutcome.Accepted)
            project.queue.submit(submission(second.slotId(), ada, UUID.randomUUID()), project.now);
    new Withdrawals(jdbc, database.transactions())
        .withdraw(project.id, accepted.judgementId(), "slip", project.lead, project.now);
    assertThat(undo(project, ada, second.slotId(), project.now)).isEqualTo(new Gone());
    assertThat(project.queue.held(second.slotId(), ada)).isEmpty();
  }

  private long task(ClaimedSlot slot) {
    return jdbc.sql("select task_id from slot where id = ?")
        .param(slot.slotId())
        .query(Long.class)
        .single();
  }

  @Test
  void a_snapshot_that_was_made_in_between_stays_and_a_new_one_does_without() {
    CheckedProject project = new CheckedProject(jdbc, 2, 1, 0);
    JudgementSnapshot snapshots = new JudgementSnapshot(jdbc, new ArtifactStore(folder, jdbc));
    long ada = project.person();
    ClaimedSlot slot = null;
    for (int i = 0; i < 2; i++) {
      slot = claim(project, ada);
      project.queue.submit(submission(slot.slotId(), ada, UUID.randomUUID()), project.now);
    }
    Dataset before = snapshots.takeAll(project.id, false).orElseThrow();
    byte[] file = snapshots.again(before);
    assertThat(undo(project, ada, slot.slotId(), project.now))
        .isEqualTo(back(slot.slotId(), false));
    assertThat(snapshots.again(before)).isEqualTo(file);
    DatasetRepository datasets = new DatasetRepository(jdbc);
    assertThat(datasets.preferences(before.id())).hasSize(2);
    Dataset after = snapshots.takeAll(project.id, false).orElseThrow();
    assertThat(datasets.preferences(after.id())).hasSize(1);
  }

  /// Ada is asked known pairs alone; whatever she tries, nothing she is told moves with it.
  @Test
  void a_known_answer_that_is_taken_back_tells_nothing() {
    CheckedProject project = new CheckedProject(jdbc, 30, 1, 30);
    CheckedPeople people = new CheckedPeople(jdbc);
    Admissions admissions = new Admissions(jdbc);
    project.rule(new CheckRule(0, 0, true, 70, 4, CheckRule.Below.WARN, 0, 60));
    long ada = project.person();
    project.work(ada, 9, true);
    for (boolean right : new boolean[] {true, false, true}) {
      ClaimedSlot slot = claim(project, ada);
      project.judge(ada, slot, right);
      assertThat(people.shown(project.id, ada)).isEqualTo(new Found(0, 0));
      assertThat(admissions.of(project.id, ada)).isEqualTo(new Admission.Admitted(false));
      assertThat(undo(project, ada, slot.slotId(), project.now))
          .isEqualTo(back(slot.slotId(), false));
      assertThat(people.shown(project.id, ada)).isEqualTo(new Found(0, 0));
    }
    project.rule(new CheckRule(0, 0, true, 100, 4, CheckRule.Below.STOP, 0, 60));
    ClaimedSlot last = claim(project, ada);
    project.judge(ada, last, false);
    assertThat(undo(project, ada, last.slotId(), project.now)).isEqualTo(new Closed());
  }

  @Test
  void a_decision_and_an_undo_at_one_moment_are_not_both_kept() throws Exception {
    Adjudications adjudications = new Adjudications(jdbc);
    for (int round = 0; round < 20; round++) {
      CheckedProject project = new CheckedProject(jdbc, 1, 1, 0);
      long ada = project.person();
      ClaimedSlot slot = claim(project, ada);
      project.queue.submit(submission(slot.slotId(), ada, UUID.randomUUID()), project.now);
      long task = task(slot);
      List<Long> seen = adjudications.said(task).stream().map(Adjudications.Said::id).toList();
      try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<UndoOutcome> undone =
            people.submit(() -> undo(project, ada, slot.slotId(), project.now));
        Future<Boolean> decided =
            people.submit(() ->
                database
                    .transactions()
                    .execute(_ ->
                        adjudications
                            .decide(
                                project.id,
                                task,
                                1,
                                "the source",
                                false,
                                seen,
                                project.lead,
                                project.now)
                            .isPresent()));
        assertThat(undone.get() instanceof TakenBack).isNotEqualTo(decided.get());
      }
    }
  }

  /// Two windows: one takes back while the other claims and submits.
  @Test
  void whatever_another_window_does_at_that_moment_one_slot_is_in_hand() throws Exception {
    for (int round = 0; round < 20; round++) {
      CheckedProject project = new CheckedProject(jdbc, 5, 1, 0);
      long ada = project.person();
      ClaimedSlot first = claim(project, ada);
      project.queue.submit(submission(first.slotId(), ada, UUID.randomUUID()), project.now);
      try (ExecutorService windows = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          all.add(windows.submit(() -> undo(project, ada, first.slotId(), project.now)));
          all.add(
              windows.submit(() -> {
                if (project.claim(ada) instanceof Claimed(ClaimedSlot slot)) {
                  project.queue.submit(
                      submission(slot.slotId(), ada, UUID.randomUUID()), project.now);
                }
              }));
        }
        for (Future<?> one : all) {
          one.get();
        }
      }
      record Kept(long done, long judged, long held) {}
      Kept kept =
          jdbc.sql(
                  """
                  select count(*) filter (where s.done) as done, count(j.id) as judged,
                    count(*) filter (where s.leased_by is not null) as held
                  from slot s
                  left join judgement j on j.slot_id = s.id
                  where s.project_id = ?
                  """)
              .param(project.id)
              .query((row, number) -> new Kept(row.getLong(1), row.getLong(2), row.getLong(3)))
              .single();
      assertThat(kept.judged()).isEqualTo(kept.done());
      assertThat(kept.held()).isLessThanOrEqualTo(1);
    }
  }
}
