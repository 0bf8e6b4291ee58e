package org.alignmentworkbench.db.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.migration.Migrations;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.SubmitOutcome.Accepted;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The program that [DurabilityIT] kills: it judges one slot after another and prints the id of
/// each judgement that was accepted.
final class KilledProcess {
  private KilledProcess() {}

  public static void main(String[] args) {
    DataFolder folder = DataFolder.open(Path.of(args[0]));
    PostgresServer server = PostgresServer.start(folder, Path.of(args[1]));
    var pool = server.pool(2);
    Migrations.migrate(pool);
    JdbcClient jdbc = JdbcClient.create(pool);
    TestProject project = TestProject.create(jdbc, 500);
    project.makeTasks(jdbc, 1);
    long person = TestProject.annotator(jdbc);
    Queue queue = new Queue(jdbc);
    Instant now = Instant.parse("2026-11-25T12:00:00Z");
    Grades grades = new Grades(1, 1, 1, 1);
    while (queue.claim(project.id(), person, now, Duration.ofMinutes(1))
        instanceof Claimed(var slot)) {
      Submission submission =
          new Submission(
              slot.slotId(), person, UUID.randomUUID(), 1, grades, grades, "", 1, 1, true);
      if (queue.submit(submission, now) instanceof Accepted(long id, boolean _)) {
        System.out.println("accepted " + id);
      }
    }
  }
}
