package org.alignmentworkbench.rlhf.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunChange;
import org.alignmentworkbench.db.run.RunControl;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;

/// The runs that wait for a device: added, listed, reordered, stopped and put back.
///
/// Nothing runs here; a [RunWorker], in this process or another one, takes the next run.
public final class RunQueue implements RunControl {
  /// The queue of runs that need no engine.
  public static final String FILES = "files";

  private final RunRepository runs;
  private final Map<String, RunJob> jobs;
  private final String device;
  private final String codeVersion;

  /// A queue for one device; `codeVersion` is kept with every run.
  public RunQueue(RunRepository runs, List<RunJob> jobs, String device, String codeVersion) {
    this.runs = runs;
    this.jobs = jobs.stream().collect(Collectors.toMap(RunJob::name, Function.identity()));
    this.device = device;
    this.codeVersion = codeVersion;
  }

  /// Puts a new run at the end of the queue. Settings are checked before a row is made: what is not
  /// known or not possible is an [IllegalArgumentException] that names it.
  public Run enqueue(long projectId, String name, String jobName, String settings, long seed) {
    RunJob job = job(jobName);
    return runs.create(
        new NewRun(
            projectId,
            name,
            jobName,
            job.configuration(settings),
            seed,
            codeVersion,
            job.usesEngine() ? device : FILES));
  }

  /// What waits, next one first.
  public List<Run> waiting() {
    return runs.queue(device);
  }

  /// Moves a queued run one place forward.
  public void moveForward(long runId) {
    runs.moveForward(runId);
  }

  /// Stops a run: at once where it only waits, after its current unit where it is running.
  @Override
  public RunChange stop(long runId) {
    // A running run is never marked from here: only its worker knows when it has really stopped.
    // Its
    // worker looks at the request with every heartbeat.
    if (runs.cancel(runId, "stopped on request") || runs.requestStop(runId)) {
      return new RunChange.Changed(runs.find(runId).orElseThrow());
    }
    return runs.find(runId)
        .<RunChange>map(run -> new RunChange.Refused(run.state()))
        .orElseGet(RunChange.NoSuchRun::new);
  }

  /// Puts a stopped or failed run back into the queue; it goes on from its last saved state.
  @Override
  public RunChange restart(long runId) {
    return runs.change(runId, RunState.QUEUED, "");
  }

  /// The names of the jobs that people order runs of.
  public List<String> jobNames() {
    return jobs.values().stream().filter(RunJob::offered).map(RunJob::name).sorted().toList();
  }

  /// The settings of a run that sets nothing; empty where there is no such job (any more).
  public Optional<Record> defaults(String jobName) {
    return Optional.ofNullable(jobs.get(jobName)).map(RunJob::defaults);
  }

  /// Names of the models that a run registers which is made of these settings.
  public List<String> makes(String jobName, String settings) {
    RunJob job = job(jobName);
    return job.makes(job.configuration(settings));
  }

  private RunJob job(String name) {
    RunJob job = jobs.get(name);
    if (job == null) {
      throw new IllegalArgumentException("no job '" + name + "'; there are " + jobNames());
    }
    return job;
  }
}
