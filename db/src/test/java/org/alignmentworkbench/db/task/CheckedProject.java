package org.alignmentworkbench.db.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project with known answers, and people who judge in it.
final class CheckedProject {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  static final Duration LEASE = Duration.ofMinutes(10);
  private static final Grades GRADES = new Grades(1, 1, 1, 1);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  final JdbcClient jdbc;
  final long id;
  final Queue queue;
  final long lead;
  Instant now = NOON;

  /// @param known tasks whose better answer is known: B
  CheckedProject(JdbcClient jdbc, int tasks, int overlap, int known) {
    this.jdbc = jdbc;
    this.queue = new Queue(jdbc);
    TestProject project = TestProject.create(jdbc, tasks);
    project.makeTasks(jdbc, overlap);
    this.id = project.id();
    this.lead = person("lead" + NUMBER.incrementAndGet());
    GoldRepository gold = new GoldRepository(jdbc);
    for (Task task : new TaskRepository(jdbc).page(id, "", known)) {
      gold.set(task.id(), new GoldRepository.Known(true, false), lead, NOON);
    }
  }

  /// What a slot is for, which no desk asks.
  record Seen(String taskKey, String purpose, boolean aLeft, long slotId) {}

  long person(String name) {
    return new PersonRepository(jdbc).create(name, name, null, Role.ANNOTATOR, false).id();
  }

  long person() {
    return person("person" + NUMBER.incrementAndGet());
  }

  void rule(CheckRule rule) {
    new CheckRules(jdbc).set(id, rule, lead, NOON);
  }

  Claim claim(long person) {
    return queue.claim(id, person, now, LEASE);
  }

  Seen seen(ClaimedSlot slot) {
    return jdbc.sql(
            """
            select t.key, s.purpose, s.a_left, s.id
            from slot s
            join task t on t.id = s.task_id
            where s.id = ?
            """)
        .param(slot.slotId())
        .query((row, number) ->
            new Seen(row.getString(1), row.getString(2), row.getBoolean(3), row.getLong(4)))
        .single();
  }

  /// Judges the slot; B, which is right, or A.
  void judge(long person, ClaimedSlot slot, boolean forB) {
    now = now.plusSeconds(10);
    boolean right = forB == seen(slot).aLeft();
    SubmitOutcome outcome =
        queue.submit(
            new Submission(
                slot.slotId(),
                person,
                UUID.randomUUID(),
                right ? 2 : -2,
                GRADES,
                GRADES,
                "",
                1000,
                1,
                false),
            now);
    if (!(outcome instanceof SubmitOutcome.Accepted)) {
      throw new AssertionError(outcome);
    }
  }

  /// Judges until nothing comes any more, or so many, and tells what was dealt.
  List<Seen> work(long person, int most, boolean forB) {
    List<Seen> all = new ArrayList<>();
    while (all.size() < most && claim(person) instanceof Claim.Claimed(ClaimedSlot slot)) {
      all.add(seen(slot));
      judge(person, slot, forB);
    }
    return all;
  }
}
