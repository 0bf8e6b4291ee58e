package org.alignmentworkbench.rlhf.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.run.Metric;
import org.alignmentworkbench.model.engine.ResidentMemory;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/// Advances resumable work and commits after every unit: the state as a file that is safe on disk,
/// and in one transaction its hash in the step's context, the figures of the units, and the
/// checkpoint's row.
///
/// A killed process leaves the context at its last commit; the next execution makes the work from
/// its inputs, lays that state over it and goes on with the same bits.
///
/// @param stage prefix of the series, and the name under which checkpoints are kept
/// @param wanted whether the run wants this step at all
/// @param unit what its steps are called on a page
public record WorkStep(
    String stage,
    WorkSession.Plan plan,
    Stores stores,
    RunProgress progress,
    String unit,
    Predicate<JobRun> wanted)
    implements Tasklet {
  /// A step that every run wants, counted in optimiser steps.
  public WorkStep(String stage, WorkSession.Plan plan, Stores stores, RunProgress progress) {
    this(stage, plan, stores, progress, "steps", run -> true);
  }

  private static final String STATE = "state";
  private static final String COMMITS = "commits";
  private static final String SESSION = "session";

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    JobRun run = JobRun.of(chunk, stores, progress);
    if (!wanted.test(run)) {
      return RepeatStatus.FINISHED;
    }
    WorkSession session = session(chunk.getStepContext(), run);
    ResumableWork work = session.work();
    long tokens = work.trainedTokens();
    long start = System.nanoTime();
    boolean more = work.advance();
    double seconds = (System.nanoTime() - start) * 1e-9;
    keep(run, work.takeMetrics());
    ResumableWork.Progress at = work.progress();
    if (more) {
      keep(run, machinery(at.step(), work.trainedTokens() - tokens, seconds));
    }
    run.report(stage, at.step(), at.steps(), unit);
    if (more) {
      saveState(run, work);
    } else {
      session.finish();
    }
    return RepeatStatus.continueIf(more);
  }

  private WorkSession session(StepContext context, JobRun run) throws Exception {
    if (context.getAttribute(SESSION) instanceof WorkSession open) {
      return open;
    }
    run.report(stage, 0, null, unit);
    WorkSession session = plan.open(run);
    // Closed by the framework when the step ends, however it ends.
    context.setAttribute(SESSION, session);
    context.registerDestructionCallback(SESSION, session::close);
    keep(run, session.figures());
    String saved = run.context().getString(STATE, "");
    if (!saved.isEmpty()) {
      session.work().restore(stores.artifacts().open(saved));
      run.log(stage + ": goes on at step " + session.work().progress().step() + " from " + saved);
    }
    return session;
  }

  /// How the unit ran: its speed, where it trained, and what the process holds. Charted at the last
  /// step it did, and never part of a state or result: these figures differ between equal runs.
  static List<ResumableWork.Metric> machinery(long step, long tokens, double seconds)
      throws IOException {
    var metrics = new ArrayList<ResumableWork.Metric>();
    long last = Math.max(0, step - 1);
    if (tokens > 0) {
      metrics.add(new ResumableWork.Metric("tokensPerSecond", last, tokens / seconds));
    }
    ResidentMemory.now()
        .ifPresent(bytes ->
            metrics.add(
                new ResumableWork.Metric("residentMemory", last, bytes / (double) (1 << 20))));
    return metrics;
  }

  private void keep(JobRun run, List<ResumableWork.Metric> metrics) {
    var rows = new ArrayList<Metric>();
    for (ResumableWork.Metric metric : metrics) {
      rows.add(new Metric(stage + "/" + metric.series(), metric.step(), metric.value()));
    }
    stores.runs().metrics(run.run().id(), rows);
  }

  private void saveState(JobRun run, ResumableWork work) throws Exception {
    Path folder = stores.artifacts().temporary();
    work.save(folder);
    Artifact saved = stores.artifacts().adopt(Artifact.Kind.CHECKPOINT, folder);
    // Numbered by commits, not by optimiser steps: two phases of an iteration share a step.
    long commit = run.context().getLong(COMMITS, 0) + 1;
    stores.checkpoints().record(run.run().id(), stage, commit, saved.sha256(), null);
    run.context().putLong(COMMITS, commit);
    run.context().putString(STATE, saved.sha256());
    // The state of the commit before stays: if this one is rolled back, the context points there.
    stores.artifacts().sweepCheckpoints(2);
  }
}
