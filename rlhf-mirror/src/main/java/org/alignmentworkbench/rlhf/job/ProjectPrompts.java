package org.alignmentworkbench.rlhf.job;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.prompt.NewPrompt;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;

/// The prompts of a project: tasks made from its seed, kept as rows when they are first asked for.
public final class ProjectPrompts {
  /// A prompt's row with the task it holds.
  public record Entry(Prompt row, GeneratedTask task) {}

  /// The generator writes English alone.
  private static final String LANGUAGE = "en";

  private ProjectPrompts() {}

  /// Tasks `from` to `from + count - 1` of a split, in the order they are numbered. Asking again
  /// gives the same ones.
  public static List<Entry> of(JobRun run, Split split, int from, int count) {
    List<GeneratedTask> tasks =
        new TaskGenerator(run.project().seed()).tasks(split, null, from, count);
    var rows = new ArrayList<NewPrompt>();
    for (GeneratedTask task : tasks) {
      rows.add(
          new NewPrompt(
              task.key(),
              org.alignmentworkbench.db.prompt.Split.valueOf(task.split().name()),
              task.kind().name(),
              task.template(),
              task.prompt(),
              task.toJson(),
              LANGUAGE));
    }
    run.stores().prompts().add(run.projectId(), rows);
    return tasks.stream()
        .map(task ->
            new Entry(
                run.stores().prompts().findByKey(run.projectId(), task.key()).orElseThrow(), task))
        .toList();
  }
}
