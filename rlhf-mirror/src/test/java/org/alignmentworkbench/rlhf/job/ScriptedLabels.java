package org.alignmentworkbench.rlhf.job;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.synthetic.annotator.ScriptedAnnotator;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Scripted annotators for tests of what comes before and after the judgements.
public final class ScriptedLabels {
  private ScriptedLabels() {}

  /// New annotators judge in turns until nothing is left.
  public static void give(JdbcClient jdbc, TinyProject tiny, int annotators) {
    var queue = new Queue(jdbc);
    var scripted = new ScriptedAnnotator(tiny.project().seed(), ScriptedAnnotator.DEFAULT_NOISE);
    var people = new ArrayList<Long>();
    for (int i = 0; i < annotators; i++) {
      people.add(TestProject.annotator(jdbc));
    }
    boolean more = true;
    while (more) {
      more = false;
      for (long person : people) {
        Clock clock = Clock.systemUTC();
        Claim claim =
            queue.claim(tiny.project().id(), person, clock.instant(), Duration.ofMinutes(5));
        if (claim instanceof Claim.Claimed(ClaimedSlot slot)) {
          more = true;
          Prompt prompt =
              tiny.stores()
                  .prompts()
                  .findByKey(tiny.project().id(), slot.promptKey())
                  .orElseThrow();
          var judged =
              scripted.judge(
                  GeneratedTask.fromJson(prompt.task()), slot.left(), slot.right(), slot.ordinal());
          queue.submit(
              new Submission(
                  slot.slotId(),
                  person,
                  UUID.randomUUID(),
                  judged.strength(),
                  grades(judged.left()),
                  grades(judged.right()),
                  judged.reason(),
                  1000,
                  1,
                  true),
              clock.instant());
        }
      }
    }
  }

  private static Grades grades(org.alignmentworkbench.synthetic.annotator.Grades grades) {
    return new Grades(
        grades.instructionFollowing(),
        grades.concision(),
        grades.truthfulness(),
        grades.harmlessness());
  }
}
