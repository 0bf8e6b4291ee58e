package org.alignmentworkbench.db.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The sums are by hand, beside the judgements that they are of.
class HoursViewIT {
  private static final ZoneId PRAGUE = ZoneId.of("Europe/Prague");
  private static final Grades GOOD = new Grades(2, 2, 2, 2);

  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final Queue queue = new Queue(jdbc);

  private void judge(TestProject project, long person, String at, long activeMs, boolean script) {
    Instant now = Instant.parse(at);
    long slot =
        ((Claimed) queue.claim(project.id(), person, now, Duration.ofMinutes(5))).slot().slotId();
    queue.submit(
        new Submission(slot, person, UUID.randomUUID(), 2, GOOD, GOOD, "", activeMs, 1, script),
        now);
  }

  @Test
  void active_time_adds_up_by_person_project_and_week() {
    PersonRepository people = new PersonRepository(jdbc);
    long ada = people.create("ada", "Ada", null, Role.ANNOTATOR, false).id();
    long bob = people.create("bob", "Bob", null, Role.ANNOTATOR, false).id();
    long script = TestProject.annotator(jdbc);
    TestProject letters = TestProject.create(jdbc, 9);
    letters.makeTasks(jdbc, 3);
    TestProject replies = TestProject.create(jdbc, 9);
    replies.makeTasks(jdbc, 3);
    // Week of Monday 2026-11-16: 40 s + 20 s. The second is Sunday 23:30 in Prague.
    judge(letters, ada, "2026-11-18T10:00:00Z", 40_000, false);
    judge(letters, ada, "2026-11-22T22:30:00Z", 20_000, false);
    // Monday 00:30 in Prague, though Sunday in UTC: the next week.
    judge(letters, ada, "2026-11-22T23:30:00Z", 7_000, false);
    judge(replies, ada, "2026-11-24T10:00:00Z", 5_000, false);
    judge(letters, bob, "2026-11-24T11:00:00Z", 3_600_000, false);
    judge(letters, script, "2026-11-24T11:00:00Z", 999_000, true);
    // After the span.
    judge(letters, bob, "2026-12-01T11:00:00Z", 1_000, false);

    String first = "project " + number(letters);
    String second = "project " + number(replies);
    assertThat(
            new HoursView(jdbc)
                .hours(
                    Instant.parse("2026-11-15T23:00:00Z"),
                    Instant.parse("2026-11-29T23:00:00Z"),
                    PRAGUE))
        .containsExactly(
            new HoursView.Line(LocalDate.of(2026, 11, 23), "ada", "Ada", first, 1, 7_000),
            new HoursView.Line(LocalDate.of(2026, 11, 23), "ada", "Ada", second, 1, 5_000),
            new HoursView.Line(LocalDate.of(2026, 11, 23), "bob", "Bob", first, 1, 3_600_000),
            new HoursView.Line(LocalDate.of(2026, 11, 16), "ada", "Ada", first, 2, 60_000));
  }

  private String number(TestProject project) {
    return jdbc.sql("select substring(name from 9) from project where id = ?")
        .param(project.id())
        .query(String.class)
        .single();
  }
}
