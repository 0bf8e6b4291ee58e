package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim.AllDoneByYou;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Claim.NothingLeft;
import org.alignmentworkbench.db.task.OpenSlots.Choice;
import org.alignmentworkbench.db.task.OpenSlots.Round;
import org.alignmentworkbench.db.task.OpenSlots.Stuck;
import org.alignmentworkbench.db.task.SubmitOutcome.Accepted;
import org.alignmentworkbench.db.task.SubmitOutcome.NotLeased;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Two people judge, Ada and Bob; whoever an earlier test left is closed out first.
class OpenSlotsIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Grades GOOD = new Grades(2, 2, 2, 2);
  private static final Choice ROUND = new Choice(1, null, false);
  private static final Choice BY_NOBODY = new Choice(1, null, true);

  @AutoClose static final TestDatabase database = TestDatabase.migrated(20);
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);
  private final TaskRepository tasks = new TaskRepository(jdbc);
  // However long a count takes on a busy machine, the next is taken anew.
  private final OpenSlots open = new OpenSlots(jdbc, () -> 0);
  private long ada;
  private long bob;
  private long lead;

  @BeforeEach
  void twoPeopleWhoJudge() {
    jdbc.sql("update person set active = false").update();
    ada = person(Role.ANNOTATOR);
    bob = person(Role.ENGINEER);
    lead = person(Role.VIEWER);
  }

  private long person(Role role) {
    return new PersonRepository(jdbc)
        .create("p" + UUID.randomUUID(), "Person", null, role, false)
        .id();
  }

  private TestProject project(int taskCount, int overlap) {
    TestProject project = TestProject.create(jdbc, taskCount);
    project.makeTasks(jdbc, overlap);
    return project;
  }

  private ClaimedSlot claim(TestProject project, long person, Instant now) {
    return ((Claimed) queue.claim(project.id(), person, now, LEASE)).slot();
  }

  private SubmitOutcome judge(ClaimedSlot slot, long person, Instant now) {
    return queue.submit(
        new Submission(slot.slotId(), person, UUID.randomUUID(), 2, GOOD, GOOD, "", 4000, 1, false),
        now);
  }

  private void judgeNext(TestProject project, long person) {
    assertThat(judge(claim(project, person, NOON), person, NOON)).isInstanceOf(Accepted.class);
  }

  private void skipNext(TestProject project, long person, String reason) {
    assertThat(queue.skip(claim(project, person, NOON).slotId(), person, reason, NOON)).isTrue();
  }

  private Round round(TestProject project) {
    return open.rounds(project.id(), Judges.PEOPLE, NOON).getFirst();
  }

  /// Closes, after what was promised.
  private CloseOutcome close(TestProject project, Choice choice) {
    int promised = open.wouldClose(project.id(), choice, Judges.PEOPLE, NOON);
    CloseOutcome outcome = open.close(project.id(), choice, Judges.PEOPLE, lead, NOON);
    switch (outcome) {
      case CloseOutcome.Closed(int slots, int _) -> assertThat(slots).isEqualTo(promised);
      case CloseOutcome.NothingFree _ -> assertThat(promised).isZero();
      case CloseOutcome.NothingJudged _ -> assertThat(promised).isPositive();
    }
    return outcome;
  }

  private List<Stuck> stuck(TestProject project) {
    return open.stuck(project.id(), 1, Judges.PEOPLE, NOON, 100);
  }

  @Test
  void a_slot_that_everybody_has_skipped_can_be_judged_by_nobody() {
    TestProject project = project(2, 1);
    judgeNext(project, ada);
    assertThat(round(project)).isEqualTo(new Round(1, 2, 1, 0, 1, 0, 0));
    skipNext(project, ada, "both are nonsense");
    assertThat(round(project).byNobody()).isZero();
    skipNext(project, bob, "no idea");
    assertThat(round(project)).isEqualTo(new Round(1, 2, 1, 0, 1, 1, 0));
    assertThat(stuck(project))
        .singleElement()
        .satisfies(task -> {
          assertThat(task.judged()).isZero();
          assertThat(task.skipped()).isEqualTo(2);
          assertThat(task.reasons()).containsExactly("both are nonsense", "no idea");
          assertThat(task.free()).isEqualTo(1);
          assertThat(task.byNobody()).isEqualTo(1);
        });
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isInstanceOf(AllDoneByYou.class);
    assertThat(queue.claim(project.id(), bob, NOON, LEASE)).isInstanceOf(AllDoneByYou.class);
  }

  @Test
  void more_slots_than_people_leave_the_rest_to_nobody() {
    TestProject project = project(3, 4);
    // Four judgements of each task from two people.
    assertThat(round(project)).isEqualTo(new Round(1, 3, 0, 0, 12, 6, 0));
    ClaimedSlot held = claim(project, ada, NOON);
    assertThat(round(project)).isEqualTo(new Round(1, 3, 0, 1, 11, 6, 0));
    judge(held, ada, NOON);
    assertThat(round(project)).isEqualTo(new Round(1, 3, 1, 0, 11, 6, 0));
    long third = person(Role.LEAD);
    assertThat(round(project).byNobody()).isEqualTo(3);
    jdbc.sql("update person set active = false where id = :id").param("id", third).update();
    assertThat(round(project).byNobody()).isEqualTo(6);
  }

  @Test
  void those_who_only_look_and_scripts_do_not_count_among_people() {
    TestProject project = project(1, 3);
    person(Role.VIEWER);
    new PersonRepository(jdbc)
        .create("s" + UUID.randomUUID(), "Script", null, Role.ANNOTATOR, true);
    assertThat(round(project).byNobody()).isEqualTo(1);
    assertThat(open.rounds(project.id(), Judges.SCRIPTS, NOON).getFirst().byNobody()).isEqualTo(2);
  }

  @Test
  void closing_what_nobody_can_judge_leaves_the_rest_to_be_judged() {
    TestProject project = project(3, 4);
    assertThat(close(project, BY_NOBODY)).isEqualTo(new CloseOutcome.Closed(6, 0));
    assertThat(round(project)).isEqualTo(new Round(1, 3, 0, 0, 6, 0, 6));
    assertThat(stuck(project)).isEmpty();
    for (int i = 0; i < 3; i++) {
      judgeNext(project, ada);
      judgeNext(project, bob);
    }
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isInstanceOf(NothingLeft.class);
    assertThat(tasks.progressOfRound(project.id(), 1, NOON).missing()).isZero();
    assertThat(close(project, BY_NOBODY)).isEqualTo(new CloseOutcome.NothingFree(0));
    // The first ones of each task stay: their sides alternate as they were made.
    assertThat(
            jdbc.sql(
                    """
                    select c.ordinal
                    from closed_slot c
                    join task t on t.id = c.task_id
                    where t.project_id = :p and c.closed_by = :lead and c.closed_at = :now
                    """)
                .param("p", project.id())
                .param("lead", lead)
                .param("now", NOON.atOffset(java.time.ZoneOffset.UTC))
                .query(Integer.class)
                .list())
        .containsExactlyInAnyOrder(2, 3, 2, 3, 2, 3);
  }

  @Test
  void a_round_whose_free_slots_are_closed_waits_for_those_in_hand_alone() {
    TestProject project = project(4, 1);
    judgeNext(project, ada);
    ClaimedSlot inHand = claim(project, bob, NOON);
    assertThat(close(project, ROUND)).isEqualTo(new CloseOutcome.Closed(2, 1));
    assertThat(tasks.progressOfRound(project.id(), 1, NOON).missing()).isEqualTo(1);
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isInstanceOf(Claim.AllLeased.class);
    assertThat(judge(inHand, bob, NOON)).isInstanceOf(Accepted.class);
    assertThat(tasks.progressOfRound(project.id(), 1, NOON).missing()).isZero();
    assertThat(queue.claim(project.id(), ada, NOON, LEASE)).isInstanceOf(NothingLeft.class);
    assertThat(round(project)).isEqualTo(new Round(1, 4, 2, 0, 0, 0, 2));
  }

  @Test
  void a_lease_that_has_run_out_protects_nothing_and_its_draft_goes_too() {
    TestProject project = project(2, 1);
    judgeNext(project, ada);
    ClaimedSlot late = claim(project, bob, NOON.minus(LEASE).minusSeconds(1));
    assertThat(queue.saveDraft(late.slotId(), bob, "{\"strength\":2}", NOON)).isTrue();
    assertThat(close(project, ROUND)).isEqualTo(new CloseOutcome.Closed(1, 0));
    assertThat(judge(late, bob, NOON)).isInstanceOf(NotLeased.class);
    assertThat(queue.held(late.slotId(), bob)).isEmpty();
    assertThat(queue.extend(late.slotId(), bob, NOON.plus(LEASE))).isFalse();
    assertThat(queue.skip(late.slotId(), bob, "", NOON)).isFalse();
    assertThat(jdbc.sql("select count(*) from draft").query(Integer.class).single()).isZero();
  }

  @Test
  void one_task_is_closed_alone() {
    TestProject project = project(3, 2);
    judgeNext(project, ada);
    List<Task> all = tasks.page(project.id(), "", 10);
    Task untouched = all.stream().filter(task -> task.judged() == 0).findFirst().orElseThrow();
    assertThat(close(project, new Choice(1, untouched.id(), false)))
        .isEqualTo(new CloseOutcome.Closed(2, 0));
    assertThat(round(project)).isEqualTo(new Round(1, 3, 1, 0, 3, 0, 2));
    // In another round, and in another project, there is no such task.
    assertThat(close(project, new Choice(2, untouched.id(), false)))
        .isEqualTo(new CloseOutcome.NothingFree(0));
    TestProject other = project(1, 1);
    judgeNext(other, ada);
    Task begun = all.stream().filter(task -> task.judged() == 1).findFirst().orElseThrow();
    assertThat(close(other, new Choice(1, begun.id(), false)))
        .isEqualTo(new CloseOutcome.NothingFree(0));
    assertThat(round(project).free()).isEqualTo(3);
  }

  @Test
  void a_round_without_any_judgement_is_not_closed_whole() {
    TestProject project = project(2, 1);
    assertThat(close(project, ROUND)).isEqualTo(new CloseOutcome.NothingJudged());
    // One task of two may go: the other can still be judged.
    long first = tasks.page(project.id(), "", 1).getFirst().id();
    assertThat(close(project, new Choice(1, first, false)))
        .isEqualTo(new CloseOutcome.Closed(1, 0));
    assertThat(close(project, ROUND)).isEqualTo(new CloseOutcome.NothingJudged());
    skipNext(project, ada, "");
    skipNext(project, bob, "");
    assertThat(close(project, BY_NOBODY)).isEqualTo(new CloseOutcome.NothingJudged());
    assertThat(round(project).free()).isEqualTo(1);
  }

  @Test
  void tasks_made_again_by_a_restarted_job_bring_no_closed_slot_back() {
    TestProject project = project(2, 1);
    judgeNext(project, ada);
    close(project, ROUND);
    assertThat(project.makeTasks(jdbc, 1)).isZero();
    assertThat(tasks.progressOfRound(project.id(), 1, NOON).missing()).isZero();
  }

  @Test
  void claims_and_closing_at_the_same_moment_share_the_slots_without_losing_one() throws Exception {
    TestProject project = project(200, 1);
    judgeNext(project, ada);
    int people = 8;
    List<Long> judges = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      judges.add(person(Role.ANNOTATOR));
    }
    Set<Long> judged = new HashSet<>();
    int closed = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(people + 1)) {
      List<Future<List<Long>>> working = new ArrayList<>();
      for (long judge : judges) {
        working.add(
            threads.submit(() -> {
              List<Long> own = new ArrayList<>();
              while (queue.claim(project.id(), judge, NOON, LEASE) instanceof Claimed(var slot)) {
                if (judge(slot, judge, NOON) instanceof Accepted) {
                  own.add(slot.slotId());
                }
              }
              return own;
            }));
      }
      Future<Integer> closing =
          threads.submit(() -> {
            int sum = 0;
            while (true) {
              switch (open.close(project.id(), ROUND, Judges.PEOPLE, lead, NOON)) {
                case CloseOutcome.Closed(int slots, int _) -> sum += slots;
                case CloseOutcome.NothingFree(int inHand) -> {
                  if (inHand == 0) {
                    return sum;
                  }
                }
                case CloseOutcome.NothingJudged _ -> throw new AssertionError("one is judged");
              }
            }
          });
      for (Future<List<Long>> one : working) {
        judged.addAll(one.get());
      }
      closed = closing.get();
    }
    Round end = round(project);
    assertThat(end.judged()).isEqualTo(judged.size() + 1);
    assertThat(end.closed()).isEqualTo(closed);
    assertThat(end.judged() + end.closed()).isEqualTo(200);
    assertThat(end.free() + end.inHand()).isZero();
  }
}
