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

/// Annotators who claim, walk away, come back late, skip and submit at random, against a queue of
/// plain Java objects that says what each answer must be.
class LeaseExpiryIT {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Grades GRADES = new Grades(1, 1, 1, 1);

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);

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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void every_answer_is_what_the_rules_say(long seed) {
    Random random = new Random(seed);
    TestProject project = TestProject.create(jdbc, 6);
    project.makeTasks(jdbc, 2);
    List<Slot> slots = slots(project);
    List<Long> people = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      people.add(TestProject.annotator(jdbc));
    }
    Set<List<Long>> finished = new HashSet<>();
    Map<List<Long>, UUID> keys = new HashMap<>();
    int accepted = 0;
    Instant now = Instant.parse("2026-11-25T12:00:00Z");
    for (int turn = 0; turn < 150; turn++) {
      now = now.plusSeconds(random.nextInt(240));
      long person = people.get(random.nextInt(people.size()));
      Optional<Slot> held = slots.stream().filter(s -> s.holder == person).findFirst();
      Slot any = slots.get(random.nextInt(slots.size()));
      switch (random.nextInt(8)) {
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
        default -> {
          if (random.nextInt(4) == 0) {
            assertThat(queue.skip(any.id, person, "")).isEqualTo(any.holder == person);
            if (any.holder == person) {
              any.holder = 0;
              finished.add(List.of(person, any.task));
            }
          }
        }
      }
      checkProgress(project, slots, now, accepted);
    }
  }

  private void checkClaim(
      TestProject project,
      List<Slot> slots,
      Set<List<Long>> finished,
      long person,
      Optional<Slot> held,
      Instant now) {
    Claim claim = queue.claim(project.id(), person, now, LEASE);
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
