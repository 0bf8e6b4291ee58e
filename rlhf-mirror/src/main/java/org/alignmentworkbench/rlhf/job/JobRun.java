package org.alignmentworkbench.rlhf.job;

import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.Run;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/// The run that a step works for, with its project and its place in the job.
///
/// What has to hash the same is drawn from [#seed] and from keys; ids, times and this record never
/// enter it.
public record JobRun(
    Run run, Project project, StepExecution step, Stores stores, RunProgress progress) {
  /// The run of the step that is executing.
  public static JobRun of(ChunkContext chunk, Stores stores, RunProgress progress) {
    StepExecution step = chunk.getStepContext().getStepExecution();
    Long id = step.getJobParameters().getLong(RunWorker.RUN);
    if (id == null) {
      throw new IllegalStateException("the job was not started for a run: no parameter 'run'");
    }
    Run run = stores.runs().find(id).orElseThrow();
    Project project = stores.projects().find(run.projectId()).orElseThrow();
    return new JobRun(run, project, step, stores, progress);
  }

  /// The run's settings.
  public <T extends Record> T settings(T defaults) {
    return SettingsJson.read(run.configuration(), defaults);
  }

  /// The seed of everything random in the run.
  public long seed() {
    return run.seed();
  }

  /// The project's id.
  public long projectId() {
    return project.id();
  }

  /// What the step committed last; changes are committed with the rows of this call.
  public ExecutionContext context() {
    return step.getExecutionContext();
  }

  /// A line in the run's log.
  public void log(String message) {
    stores.runs().log(run.id(), Level.INFO, message);
  }

  /// A sign of life.
  public void report(String stage, long done, @Nullable Long of, String unit) {
    progress.report(run.id(), stage, done, of, unit);
  }
}
