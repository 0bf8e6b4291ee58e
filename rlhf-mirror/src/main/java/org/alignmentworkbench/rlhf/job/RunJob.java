package org.alignmentworkbench.rlhf.job;

import java.util.Optional;
import org.alignmentworkbench.db.run.Run;
import org.springframework.batch.core.job.Job;

/// A kind of run: its job and the settings it takes.
public interface RunJob {
  /// The name that runs carry.
  String name();

  /// The job; the same one for all runs, which differ in their parameters.
  Job job();

  /// The whole configuration that `settings` makes of the defaults, as JSON; a setting that does
  /// not exist or cannot be is an [IllegalArgumentException].
  String configuration(String settings);

  /// What a parked run still waits for; empty once it may go on.
  default Optional<String> waitsFor(Run run) {
    return Optional.empty();
  }
}
