package org.alignmentworkbench.db.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.task.Adjudications.Counts;
import org.alignmentworkbench.db.task.Adjudications.Disputed;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Decisions of leads and withdrawn judgements: what a new snapshot holds, and that old ones stay.
class AdjudicationIT {
  private static final Grades GRADES = new Grades(1, 1, 1, 1);

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir Path folder;
  private final JdbcClient jdbc = database.jdbc();
  private final Adjudications adjudications = new Adjudications(jdbc);
  private final Withdrawals withdrawals = new Withdrawals(jdbc, database.transactions());
  private CheckedProject project;
  private JudgementSnapshot snapshots;
  private long ada;
  private long ben;

  /// Ada and Ben judge three comparisons alike but for the first, which has no majority, and the
  /// second, which Ada finds far clearer.
  @BeforeEach
  void twoPeople() {
    project = new CheckedProject(jdbc, 3, 2, 0);
    snapshots = new JudgementSnapshot(jdbc, new ArtifactStore(folder, jdbc));
    ada = project.person();
    ben = project.person();
    int[] adas = {-2, 4, 2};
    int[] bens = {1, 1, 2};
    for (int i = 0; i < 3; i++) {
      judge(ada, adas);
      judge(ben, bens);
    }
  }

  private void judge(long person, int[] strengths) {
    ClaimedSlot slot = ((Claimed) project.claim(person)).slot();
    CheckedProject.Seen seen = project.seen(slot);
    int strength = strengths[keys().indexOf(seen.taskKey())];
    project.queue.submit(
        new Submission(
            slot.slotId(),
            person,
            UUID.randomUUID(),
            seen.aLeft() ? strength : -strength,
            GRADES,
            GRADES,
            "",
            1000,
            1,
            false),
        project.now);
  }

  private List<String> keys() {
    return new TaskRepository(jdbc).page(project.id, "", 10).stream().map(Task::key).toList();
  }

  private long task(int number) {
    return new TaskRepository(jdbc).page(project.id, "", 10).get(number).id();
  }

  private List<Long> judgements(long task) {
    return adjudications.said(task).stream().map(Adjudications.Said::id).toList();
  }

  private Dataset snapshot() {
    return snapshots.takeAll(project.id, false).orElseThrow();
  }

  private List<Integer> strengths(Dataset dataset) {
    return new DatasetRepository(jdbc)
        .preferences(dataset.id()).stream().map(preference -> preference.strength()).toList();
  }

  @Test
  void disputed_is_what_has_no_majority_or_lies_too_far_apart() {
    assertThat(adjudications.open(project.id, 4, "", 10))
        .extracting(Disputed::taskId)
        .containsExactly(task(0));
    assertThat(adjudications.open(project.id, 3, "", 10))
        .extracting(Disputed::taskId, Disputed::distance)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(task(0), 3),
            org.assertj.core.api.Assertions.tuple(task(1), 3));
    assertThat(adjudications.open(project.id, 3, keys().get(0), 10)).hasSize(1);
    assertThat(adjudications.counts(project.id, 3)).isEqualTo(new Counts(2, 0));
  }

  @Test
  void a_new_snapshot_uses_the_decision_and_the_old_one_stays() {
    Dataset before = snapshot();
    assertThat(strengths(before)).containsExactlyInAnyOrder(-2, 1, 4, 1, 2, 2);
    byte[] file = snapshots.again(before);
    assertThat(org.alignmentworkbench.db.artifact.ContentHash.ofBytes(file))
        .isEqualTo(before.artifactSha256());
    assertThat(decide(0, -3)).isPresent();
    Dataset after = snapshot();
    assertThat(after.artifactSha256()).isNotEqualTo(before.artifactSha256());
    assertThat(strengths(after)).containsExactlyInAnyOrder(-3, 4, 1, 2, 2);
    assertThat(new String(snapshots.again(after), UTF_8)).containsOnlyOnce("\"adjudicated\":true");
    assertThat(org.alignmentworkbench.db.artifact.ContentHash.ofBytes(snapshots.again(after)))
        .isEqualTo(after.artifactSha256());
    // The last word counts; without a preference the comparison teaches nothing.
    assertThat(decide(0, null)).isPresent();
    assertThat(strengths(snapshot())).containsExactlyInAnyOrder(4, 1, 2, 2);
    assertThat(snapshots.again(before)).isEqualTo(file);
    assertThat(adjudications.decisions(task(0))).hasSize(2);
    assertThat(adjudications.decisions(task(0)).getFirst().strength()).isNull();
    assertThat(adjudications.decisions(task(0)).getLast().judgements())
        .isEqualTo(judgements(task(0)));
  }

  private java.util.Optional<Long> decide(int number, Integer strength) {
    return adjudications.decide(
        project.id,
        task(number),
        strength,
        "the source says so",
        false,
        judgements(task(number)),
        project.lead,
        project.now);
  }

  @Test
  void a_withdrawn_judgement_counts_no_more_and_stays_in_what_was_made_of_it() {
    Dataset before = snapshot();
    byte[] file = snapshots.again(before);
    long gone = judgements(task(0)).getFirst();
    assertThat(withdrawals.withdraw(project.id, gone, "slip", project.lead, project.now)).isTrue();
    assertThat(withdrawals.withdraw(project.id, gone, "slip", project.lead, project.now)).isFalse();
    assertThat(strengths(snapshot())).hasSize(5);
    assertThat(strengths(before)).hasSize(6);
    assertThat(snapshots.again(before)).isEqualTo(file);
    assertThat(adjudications.withdrawn(task(0)))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.id()).isEqualTo(gone);
          assertThat(each.undone()).isFalse();
          assertThat(each.note()).isEqualTo("slip");
        });
    // It is wanted again, of somebody else.
    assertThat(new TaskRepository(jdbc).progress(project.id, project.now))
        .isEqualTo(new Progress(3, 1, 0, 5));
    assertThat(project.claim(ada)).isNotInstanceOf(Claimed.class);
    assertThat(project.claim(project.person())).isInstanceOf(Claimed.class);
  }

  @Test
  void a_decision_is_of_the_judgements_that_the_lead_saw() {
    List<Long> seen = judgements(task(0));
    withdrawals.withdraw(project.id, seen.getFirst(), "", project.lead, project.now);
    assertThat(
            adjudications.decide(
                project.id, task(0), 1, "late", true, seen, project.lead, project.now))
        .isEmpty();
    assertThat(
            adjudications.decide(
                project.id + 1,
                task(1),
                1,
                "x",
                true,
                judgements(task(1)),
                project.lead,
                project.now))
        .isEmpty();
    assertThatThrownBy(() -> decide(1, 5)).hasMessageContaining("was 5");
  }

  @Test
  void a_judgement_of_a_dataset_is_not_deleted_without_a_trace() {
    snapshot();
    assertThatThrownBy(() ->
            jdbc.sql("delete from judgement where id = ?")
                .param(judgements(task(0)).getFirst())
                .update())
        .hasMessageContaining("it may be withdrawn, not deleted");
  }

  /// A retry of the request that a withdrawn judgement came with brings nothing back.
  @Test
  void a_key_of_a_withdrawn_judgement_is_used() {
    CheckedProject other = new CheckedProject(jdbc, 1, 1, 0);
    ClaimedSlot slot = ((Claimed) other.claim(ada)).slot();
    UUID key = UUID.randomUUID();
    Submission submission =
        new Submission(slot.slotId(), ada, key, 1, GRADES, GRADES, "", 1, 1, false);
    var accepted = (SubmitOutcome.Accepted) other.queue.submit(submission, other.now);
    withdrawals.withdraw(other.id, accepted.judgementId(), "", other.lead, other.now);
    jdbc.sql("update slot set leased_by = ?, leased_until = now() where id = ?")
        .param(ada)
        .param(slot.slotId())
        .update();
    assertThat(other.queue.submit(submission, other.now)).isEqualTo(new SubmitOutcome.KeyReused());
  }
}
