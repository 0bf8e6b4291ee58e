package org.alignmentworkbench.db.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Annotators who claim, walk away, come back late, skip, submit and take back at random, against a
/// queue of plain Java objects that says what each answer must be.
class LeaseExpiryIT {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final Grades GRADES = new Grades(1, 1, 1, 1);

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);
  private final Undo undo = new Undo(jdbc, database.transactions(), queue);

  /// A slot as the rules in words would have it.
  private static final class Slot {
    long id;
    long task;
    long holder;
    Instant until = Instant.MIN;
    boolean done;

    boolean freeAt(Instant now) {
      return !done && (holder == 0 || until.isBefore(now));
    }
  }

  /// What somebody did last.
  private record Act(Slot slot, boolean skipped, Instant at) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void every_answer_is_what_the_rules_say(long seed) {
    Random random = new Random(seed);
    TestProject project = TestProject.create(jdbc, 6);
    project.makeTasks(jdbc, 2);
    jdbc.sql("update project set state = 'FINISHED' where id <> ?").param(project.id()).update();
    List<Slot> slots = slots(project);
    List<Long> people = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      people.add(TestProject.annotator(jdbc));
    }
    Set<List<Long>> finished = new HashSet<>();
    Map<List<Long>, UUID> keys = new HashMap<>();
    Map<Long, Act> acts = new HashMap<>();
    int accepted = 0;
    Instant now = Instant.parse("2026-11-25T12:00:00Z");
    for (int turn = 0; turn < 150; turn++) {
      now = now.plusSeconds(random.nextInt(240));
      long person = people.get(random.nextInt(people.size()));
      Optional<Slot> held = slots.stream().filter(s -> s.holder == person).findFirst();
      Slot any = slots.get(random.nextInt(slots.size()));
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> checkClaim(project, slots, finished, person, held, now);
        case 3, 4 -> {
          Slot target = random.nextBoolean() && held.isPresent() ? held.get() : any;
          List<Long> name = List.of(person, target.id);
          UUID key = keys.computeIfAbsent(name, _ -> UUID.randomUUID());
          SubmitOutcome outcome =
              queue.submit(
                  new Submission(target.id, person, key, 3, GRADES, GRADES, "", 1, 1, true), now);
          if (target.holder == person) {
            // Late or not: nobody else has taken it.
            assertThat(outcome).isInstanceOf(Accepted.class);
            assertThat(((Accepted) outcome).repeated()).isFalse();
            target.done = true;
            target.holder = 0;
            finished.add(List.of(person, target.task));
            acts.put(person, new Act(target, false, now));
            accepted++;
          } else {
            assertThat(outcome instanceof Accepted a && !a.repeated()).isFalse();
          }
        }
        case 5 -> {
          assertThat(queue.release(any.id, person)).isEqualTo(any.holder == person);
          any.holder = any.holder == person ? 0 : any.holder;
        }
        case 6 -> {
          boolean extended = queue.extend(any.id, person, now.plus(LEASE));
          assertThat(extended).isEqualTo(any.holder == person);
          any.until = extended ? now.plus(LEASE) : any.until;
        }
        case 7, 8 -> {
          Act act = acts.get(person);
          Slot target = act == null || random.nextInt(4) == 0 ? any : act.slot();
          UndoOutcome expected = expected(act, target, person, now);
          assertThat(undo.takeBack(person, target.id, now, WINDOW, LEASE, given -> "{}"))
              .isEqualTo(expected);
          if (expected instanceof UndoOutcome.TakenBack) {
            acts.remove(person);
            held.ifPresent(slot -> slot.holder = 0);
            accepted -= target.done ? 1 : 0;
            target.done = false;
            target.holder = person;
            target.until = now.plus(LEASE);
            finished.remove(List.of(person, target.task));
            // The old key never comes alive again.
            UUID old = keys.remove(List.of(person, target.id));
            if (!act.skipped()) {
              assertThat(
                      queue.submit(
                          new Submission(target.id, person, old, 3, GRADES, GRADES, "", 1, 1, true),
                          now))
                  .isEqualTo(new SubmitOutcome.KeyReused());
            }
          }
        }
        default -> {
          if (random.nextInt(3) == 0) {
            assertThat(queue.skip(any.id, person, "", now)).isEqualTo(any.holder == person);
            if (any.holder == person) {
              any.holder = 0;
              finished.add(List.of(person, any.task));
              acts.put(person, new Act(any, true, now));
            }
          }
        }
      }
      checkProgress(project, slots, now, accepted);
    }
  }

  private static UndoOutcome expected(Act act, Slot target, long person, Instant now) {
    if (act == null || act.slot() != target) {
      return target.holder == person
          ? new UndoOutcome.AlreadyInHand(target.id, TaskKind.PAIR)
          : new UndoOutcome.NotLast();
    }
    if (now.isAfter(act.at().plus(WINDOW))) {
      return new UndoOutcome.TooLate();
    }
    return act.skipped() && !target.freeAt(now)
        ? new UndoOutcome.TakenByOther()
        : new UndoOutcome.TakenBack(target.id, TaskKind.PAIR, act.skipped());
  }

  private void checkClaim(
      TestProject project,
      List<Slot> slots,
      Set<List<Long>> finished,
      long person,
      Optional<Slot> held,
      Instant now) {
    boolean waiting = new News(jdbc).waiting(person, now);
    Claim claim = queue.claim(project.id(), person, now, LEASE);
    // A desk that waits is told the same.
    assertThat(waiting).isEqualTo(claim instanceof Claimed);
    // The slots come in the queue's order, so the first that fits is the one.
    Optional<Slot> expected =
        held.or(() ->
            slots.stream()
                .filter(s -> s.freeAt(now) && !finished.contains(List.of(person, s.task)))
                .findFirst());
    switch (claim) {
      case Claimed(ClaimedSlot slot) -> {
        assertThat(slot.slotId()).isEqualTo(expected.orElseThrow().id);
        expected.get().holder = person;
        expected.get().until = now.plus(LEASE);
      }
      case AllLeased(Instant retryAt) -> {
        assertThat(expected).isEmpty();
        assertThat(retryAt)
            .isEqualTo(
                slots.stream()
                    .filter(s -> !s.done && !finished.contains(List.of(person, s.task)))
                    .map(s -> s.until)
                    .min(Comparator.naturalOrder())
                    .orElseThrow());
      }
      case AllDoneByYou() -> {
        assertThat(slots).anyMatch(s -> !s.done);
        assertThat(slots).allMatch(s -> s.done || finished.contains(List.of(person, s.task)));
      }
      case NothingLeft() -> assertThat(slots).allMatch(s -> s.done);
      case NotAdmitted(Admission why) -> throw new AssertionError(why);
      case QuotaReached quota -> throw new AssertionError("nobody has a quota: " + quota);
    }
  }

  private void checkProgress(TestProject project, List<Slot> slots, Instant now, int accepted) {
    long waiting = slots.stream().filter(s -> s.freeAt(now)).count();
    assertThat(new TaskRepository(jdbc).progress(project.id(), now))
        .isEqualTo(new Progress(6, waiting, 12 - waiting - accepted, accepted));
    assertThat(new Judgements(jdbc).ofProject(project.id())).hasSize(accepted);
  }

  private List<Slot> slots(TestProject project) {
    return jdbc.sql("select id, task_id from slot where project_id = ? order by shuffle_key, id")
        .param(project.id())
        .query((row, number) -> {
          Slot slot = new Slot();
          slot.id = row.getLong("id");
          slot.task = row.getLong("task_id");
          return slot;
        })
        .list();
  }
}
