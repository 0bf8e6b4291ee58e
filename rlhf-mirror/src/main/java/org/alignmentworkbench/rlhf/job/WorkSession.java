package org.alignmentworkbench.rlhf.job;

import java.util.List;
import org.alignmentworkbench.rlhf.training.ResumableWork;

/// Resumable work together with the models it holds open, inside one step of a job.
public interface WorkSession extends AutoCloseable {
  /// The work, freshly made from its inputs.
  ResumableWork work();

  /// What is known of the inputs before the first unit, to be charted with the work's own figures.
  /// Asked for whenever the session is opened; the same figures each time.
  default List<ResumableWork.Metric> figures() {
    return List.of();
  }

  /// Registers what came out. Called once, in the transaction of the step's last commit.
  void finish() throws Exception;

  @Override
  void close();

  /// Makes the session of a step from a run's inputs; the same inputs each time.
  @FunctionalInterface
  interface Plan {
    /// Opens models and data.
    WorkSession open(JobRun run) throws Exception;
  }
}
