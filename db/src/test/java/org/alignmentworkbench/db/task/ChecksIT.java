package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.exchange.JudgedRows;
import org.alignmentworkbench.db.task.Admission.Admitted;
import org.alignmentworkbench.db.task.Admission.NotQualified;
import org.alignmentworkbench.db.task.Admission.Qualifying;
import org.alignmentworkbench.db.task.Admission.Stopped;
import org.alignmentworkbench.db.task.CheckRule.Below;
import org.alignmentworkbench.db.task.CheckedProject.Seen;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Claim.NotAdmitted;
import org.alignmentworkbench.db.task.DeskReadings.QueueState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Known answers and repeats among the pairs that people are dealt.
class ChecksIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static java.nio.file.Path folder;
  private final JdbcClient jdbc = database.jdbc();
  private final Admissions admissions = new Admissions(jdbc);
  private final CheckedPeople people = new CheckedPeople(jdbc);

  private static CheckRule rule(int checks, int repeats, Below below, int qualify) {
    return new CheckRule(checks, repeats, false, 70, 4, below, qualify, 60);
  }

  private static List<Seen> of(String purpose, List<Seen> seen) {
    return seen.stream().filter(each -> each.purpose().equals(purpose)).toList();
  }

  /// 20 tasks to a stretch and a fifth of them: four checks in each, and four times five stretches.
  @Test
  void a_share_of_what_is_dealt_is_known_and_counts_as_work_nowhere() throws Exception {
    CheckedProject project = new CheckedProject(jdbc, 80, 1, 30);
    project.rule(rule(20, 0, Below.NOTHING, 0));
    long ada = project.person();
    long bob = project.person();
    // Bob has half of the work, so that Ada's checks are of tasks that are no work of hers.
    project.work(bob, 48, true);
    List<Seen> ada40 = project.work(ada, 40, true);
    List<Seen> checks = of("CHECK", ada40);
    assertThat(checks).isNotEmpty();
    assertThat(checks).hasSizeLessThanOrEqualTo(8);
    project.work(bob, 1000, true);
    project.work(ada, 1000, true);

    TaskRepository tasks = new TaskRepository(jdbc);
    assertThat(tasks.progress(project.id, project.now)).isEqualTo(new Progress(80, 0, 0, 80));
    assertThat(tasks.page(project.id, "", 100)).allMatch(task -> task.judged() == 1);
    assertThat(new JudgedRows(jdbc).counts(project.id).judged()).isEqualTo(80);
    ArtifactStore store = new ArtifactStore(folder, jdbc);
    assertThat(new JudgementSnapshot(jdbc, store).takeAll(project.id, false).orElseThrow())
        .satisfies(dataset -> assertThat(dataset.rowCount()).isEqualTo(80));
    assertThat(
            jdbc.sql("select count(*) from judgement where person_id = ? and purpose = 'CHECK'")
                .param(ada)
                .query(Long.class)
                .single())
        .isGreaterThanOrEqualTo(checks.size());
    assertThat(people.of(project.id, 10))
        .filteredOn(each -> each.personId() == ada)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.found().judged()).isGreaterThanOrEqualTo(checks.size());
          assertThat(each.found().right()).isEqualTo(each.found().judged());
        });
  }

  /// Of 20 tasks at 20 percent four, at 5 percent one, at 1 percent one for a draw above 0.8.
  @Test
  void a_share_is_exact_where_it_can_be_and_drawn_where_it_cannot() {
    assertThat(Dealing.many(20, 20, 7, "a")).isEqualTo(4);
    assertThat(Dealing.many(20, 5, 7, "a")).isEqualTo(1);
    double drawn =
        IntStream.range(0, 10_000).map(i -> Dealing.many(20, 1, 7, "a/" + i)).average().orElse(0);
    // Standard error of a share of 0.2 in 10,000 draws: 0.004.
    assertThat(drawn).isBetween(0.184, 0.216);
  }

  @Test
  void nothing_a_desk_shows_moves_otherwise_for_a_check() {
    CheckedProject project = new CheckedProject(jdbc, 60, 3, 25);
    project.rule(rule(30, 20, Below.NOTHING, 0));
    long ada = project.person();
    // Others took what came first.
    for (int i = 0; i < 3; i++) {
      project.work(project.person(), 30, true);
    }
    DeskReadings desk = new DeskReadings(jdbc);
    List<Seen> all = new ArrayList<>();
    long lowest = Long.MAX_VALUE;
    long highest = 0;
    while (all.size() < 75 && project.claim(ada) instanceof Claimed(ClaimedSlot slot)) {
      assertThat(slot.ordinal()).isBetween(0, 2);
      QueueState before = state(desk, project, ada);
      DeskReadings.Judged seen = desk.progress(project.id, ada);
      Seen what = project.seen(slot);
      all.add(what);
      if (what.purpose().equals("WORK")) {
        lowest = Math.min(lowest, slot.slotId());
        highest = Math.max(highest, slot.slotId());
      }
      project.judge(ada, slot, true);
      QueueState after = state(desk, project, ada);
      assertThat(after.waiting()).as(what.toString()).isEqualTo(before.waiting() - 1);
      assertThat(after.judged()).isEqualTo(before.judged() + 1);
      assertThat(after.doneByYou()).isEqualTo(before.doneByYou() + 1);
      assertThat(after.wanted()).isEqualTo(before.wanted());
      assertThat(desk.progress(project.id, ada))
          .isEqualTo(new DeskReadings.Judged(seen.judged() + 1, seen.wanted()));
    }
    assertThat(of("CHECK", all)).hasSizeGreaterThan(5);
    assertThat(of("REPEAT", all)).isNotEmpty();
    // A number in the address bar lies among those of the others.
    for (Seen each : all) {
      assertThat(each.slotId()).isBetween(lowest - 16, highest + 16);
    }
    assertThat(all.stream().map(each -> each.slotId() % 16).distinct().count()).isGreaterThan(8);
  }

  private static QueueState state(DeskReadings desk, CheckedProject project, long person) {
    return desk.queues(person, project.now).stream()
        .filter(each -> each.projectId() == project.id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_same_seed_and_name_are_dealt_the_same() {
    List<List<String>> dealt = new ArrayList<>();
    for (int time = 0; time < 2; time++) {
      try (TestDatabase fresh = TestDatabase.migrated()) {
        CheckedProject project = new CheckedProject(fresh.jdbc(), 60, 2, 20);
        fresh.jdbc().sql("update project set seed = 41").update();
        fresh.jdbc().sql("update task set shuffle_key = (id * 7919) % 1009").update();
        fresh
            .jdbc()
            .sql("update slot set shuffle_key = t.shuffle_key from task t where t.id = task_id")
            .update();
        project.rule(rule(20, 10, Below.NOTHING, 0));
        for (String other : List.of("bob", "cem")) {
          project.work(project.person(other), 35, true);
        }
        dealt.add(
            project.work(project.person("ada"), 1000, true).stream()
                .map(each -> each.taskKey() + each.purpose() + each.aLeft())
                .toList());
      }
    }
    assertThat(dealt.get(0)).anyMatch(each -> each.contains("CHECK"));
    assertThat(dealt.get(0)).anyMatch(each -> each.contains("REPEAT"));
    assertThat(dealt.get(1)).isEqualTo(dealt.get(0));
  }

  @Test
  void without_known_answers_and_for_scripts_there_is_work_alone() {
    CheckedProject unknown = new CheckedProject(jdbc, 30, 1, 0);
    assertThat(unknown.work(unknown.person(), 1000, true))
        .hasSize(30)
        .allMatch(each -> each.purpose().equals("WORK"));
    CheckedProject project = new CheckedProject(jdbc, 30, 2, 10);
    project.rule(rule(50, 50, Below.STOP, 5));
    assertThat(project.work(TestProject.annotator(jdbc), 1000, false))
        .hasSize(30)
        .allMatch(each -> each.purpose().equals("WORK"));
  }

  /// Again and again: ids that were dealt beside one slot once met in one of sixty draws.
  @RepeatedTest(20)
  void a_repeat_shows_the_other_side_and_comes_later() {
    CheckedProject project = new CheckedProject(jdbc, 60, 1, 0);
    project.rule(rule(0, 20, Below.NOTHING, 0));
    List<Seen> all = project.work(project.person(), 1000, true);
    List<Seen> repeats = of("REPEAT", all);
    // A fifth of the 20 tasks that are ahead after 20 and after 40 pairs, and of the 8 that are
    // left
    // after 60; 1.6 are one or two.
    assertThat(repeats).hasSizeBetween(9, 10);
    assertThat(all).hasSize(60 + repeats.size());
    for (Seen repeat : repeats) {
      Seen first =
          all.stream().filter(each -> each.taskKey().equals(repeat.taskKey())).findFirst().get();
      assertThat(first.purpose()).isEqualTo("WORK");
      assertThat(repeat.aLeft()).isEqualTo(!first.aLeft());
      assertThat(all.indexOf(repeat) - all.indexOf(first)).isGreaterThan(Dealing.APART);
    }
    assertThat(repeats.stream().map(Seen::taskKey).distinct()).hasSize(repeats.size());
  }

  @Test
  void who_finds_too_few_is_told_or_stopped_until_a_lead_decides() {
    CheckedProject project = new CheckedProject(jdbc, 40, 1, 40);
    long ada = project.person();
    project.rule(rule(0, 0, Below.STOP, 0));
    // Three of four are right, which is more than 70 percent; then four of six are not.
    project.work(ada, 1, false);
    project.work(ada, 3, true);
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Admitted(false));
    assertThat(project.work(ada, 2, false)).hasSize(1);
    assertThat(admissions.found(project.id, ada)).isEqualTo(new Found(3, 5));
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Stopped(false, new Found(3, 5)));
    assertThat(project.claim(ada)).isInstanceOf(NotAdmitted.class);
    project.rule(rule(0, 0, Below.WARN, 0));
    // What can be taken back does not warn: else a try would tell whether it was right.
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Admitted(false));
    project.work(ada, 1, false);
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Admitted(true));
    project.rule(rule(0, 0, Below.NOTHING, 0));
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Admitted(false));
    project.rule(rule(0, 0, Below.STOP, 0));
    project.now = project.now.plusSeconds(60);
    assertThat(
            people.decide(
                project.id, ada, LeadDecision.Kind.LET_IN, "we talked", project.lead, project.now))
        .isTrue();
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Admitted(false));
    assertThat(admissions.found(project.id, ada)).isEqualTo(new Found(0, 0));
    assertThat(project.work(ada, 1000, false)).hasSize(4);
    people.decide(project.id, ada, LeadDecision.Kind.STOP, "", project.lead, project.now);
    assertThat(admissions.of(project.id, ada)).isInstanceOf(Stopped.class);
    assertThat(people.of(project.id, 10))
        .filteredOn(each -> each.personId() == ada)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.decision().kind()).isEqualTo(LeadDecision.Kind.STOP);
          assertThat(each.found()).isEqualTo(new Found(3, 10));
        });
  }

  @Test
  void work_comes_after_a_qualification_that_was_passed() {
    CheckedProject project = new CheckedProject(jdbc, 30, 1, 12);
    long old = project.person();
    project.work(old, 1, true);
    project.rule(rule(0, 0, Below.NOTHING, 5));
    long ada = project.person();
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Qualifying(0, 5));
    List<Seen> first = project.work(ada, 4, true);
    assertThat(first).allMatch(each -> each.purpose().equals("QUALIFY"));
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Qualifying(4, 5));
    assertThat(project.work(ada, 2, true)).extracting(Seen::purpose).contains("WORK");
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Admitted(false));
    // Whoever worked here before is not asked.
    assertThat(admissions.of(project.id, old)).isEqualTo(new Admitted(false));
  }

  /// Two of five are 40 percent, and 60 are wanted. A skipped pair is not found.
  @Test
  void who_fails_is_asked_again_by_other_pairs_or_let_in() {
    CheckedProject project = new CheckedProject(jdbc, 30, 1, 12);
    project.rule(rule(0, 0, Below.NOTHING, 5));
    long ada = project.person();
    List<Seen> first = new ArrayList<>(project.work(ada, 2, true));
    first.addAll(project.work(ada, 2, false));
    ClaimedSlot last = ((Claimed) project.claim(ada)).slot();
    project.queue.skip(last.slotId(), ada, "cannotJudge", project.now);
    assertThat(project.claim(ada)).isEqualTo(new NotAdmitted(new NotQualified(new Found(2, 5))));
    people.decide(project.id, ada, LeadDecision.Kind.ASK_AGAIN, "", project.lead, project.now);
    assertThat(admissions.of(project.id, ada)).isEqualTo(new Qualifying(0, 5));
    List<Seen> second = project.work(ada, 5, false);
    assertThat(second).hasSize(5).allMatch(each -> each.purpose().equals("QUALIFY"));
    assertThat(second)
        .extracting(Seen::taskKey)
        .doesNotContainAnyElementsOf(first.stream().map(Seen::taskKey).toList());
    assertThat(project.claim(ada)).isEqualTo(new NotAdmitted(new NotQualified(new Found(0, 5))));
    people.decide(project.id, ada, LeadDecision.Kind.LET_IN, "", project.lead, project.now);
    assertThat(project.work(ada, 3, true)).hasSize(3).allMatch(s -> s.purpose().equals("WORK"));
  }

  @Test
  void own_agreement_moves_by_tens() {
    CheckedProject project = new CheckedProject(jdbc, 25, 1, 25);
    project.rule(rule(0, 0, Below.NOTHING, 0));
    long ada = project.person();
    project.work(ada, 9, true);
    assertThat(people.shown(project.id, ada)).isEqualTo(new Found(0, 0));
    project.work(ada, 4, false);
    assertThat(people.shown(project.id, ada)).isEqualTo(new Found(9, 10));
    project.work(ada, 8, true);
    assertThat(people.shown(project.id, ada)).isEqualTo(new Found(16, 20));
  }
}
