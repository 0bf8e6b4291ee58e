package org.alignmentworkbench.rlhf.job;

import java.util.Optional;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/// Lets a step wait without a thread: the execution stops, its run becomes WAITING and costs
/// nothing, and the same step is tried again when [RunJob#waitsFor] has nothing left to wait for.
public final class Parking {
  private Parking() {}

  /// What a waiting step returns: finished where there is nothing to wait for, else parked.
  public static RepeatStatus of(ChunkContext chunk, Optional<String> waitsFor) {
    StepExecution step = chunk.getStepContext().getStepExecution();
    if (waitsFor.isEmpty()) {
      step.getJobExecution().getExecutionContext().remove(RunWorker.WAITING);
      return RepeatStatus.FINISHED;
    }
    step.getJobExecution().getExecutionContext().putString(RunWorker.WAITING, waitsFor.get());
    step.setTerminateOnly();
    return RepeatStatus.CONTINUABLE;
  }
}
