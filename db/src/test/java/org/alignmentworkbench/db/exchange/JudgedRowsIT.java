package org.alignmentworkbench.db.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JudgedRowsIT {
  private static TestDatabase database;

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  /// One person judges all comparisons but the last, which they skip.
  private static TestProject judged(int comparisons) {
    TestProject project = TestProject.create(database.jdbc(), comparisons);
    project.makeTasks(database.jdbc(), 1);
    long person = TestProject.annotator(database.jdbc());
    Queue queue = new Queue(database.jdbc());
    for (int i = 0; i < comparisons; i++) {
      Instant now = Instant.now();
      var slot =
          ((Claim.Claimed) queue.claim(project.id(), person, now, Duration.ofMinutes(1))).slot();
      if (i == comparisons - 1) {
        queue.skip(slot.slotId(), person, "same", Instant.parse("2026-11-25T12:00:00Z"));
      } else {
        Grades grades = new Grades(1, 1, 1, 1);
        queue.submit(
            new Submission(
                slot.slotId(), person, UUID.randomUUID(), 3, grades, grades, "", 10, 1, true),
            now);
      }
    }
    return project;
  }

  @Test
  void judgements_and_skips_come_in_order_of_comparisons() {
    TestProject project = judged(4);
    JudgedRows rows = new JudgedRows(database.jdbc());
    assertThat(rows.counts(project.id())).isEqualTo(new JudgedRows.Counts(3, 1));
    try (Stream<JudgedRow> all = rows.of(project.id())) {
      List<JudgedRow> read = all.toList();
      assertThat(read).extracting(JudgedRow::taskKey).isSorted().hasSize(4);
      assertThat(read)
          .filteredOn(JudgedRow::skipped)
          .singleElement()
          .satisfies(row -> {
            assertThat(row.ordinal()).isNull();
            assertThat(row.gradesA()).isNull();
            assertThat(row.reason()).isEqualTo("same");
          });
    }
  }

  /// The driver keeps a portal open where it fetches in parts, and none where it takes all at once;
  /// 600 rows are more than one part.
  @Test
  void rows_come_through_a_cursor_of_the_database() {
    TestProject project = judged(600);
    database
        .transactions()
        .executeWithoutResult(_ -> {
          try (Stream<JudgedRow> all = new JudgedRows(database.jdbc()).of(project.id())) {
            Iterator<JudgedRow> rows = all.iterator();
            assertThat(rows.next().round()).isEqualTo(1);
            List<String> open =
                database.jdbc().sql("select statement from pg_cursors").query(String.class).list();
            assertThat(open).anyMatch(statement -> statement.contains("nulls last"));
          }
        });
  }
}
