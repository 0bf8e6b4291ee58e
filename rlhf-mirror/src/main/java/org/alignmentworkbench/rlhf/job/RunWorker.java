package org.alignmentworkbench.rlhf.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunChange;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/// Runs the queue of a device, one run at a time, each to its end, its parking or its stop.
///
/// Three things bring a run back: a person's restart, labels that a parked run waited for, and
/// silence. A running run's worker writes a heartbeat every second from a thread of its own; a run
/// that says it is running but has been silent for longer than `silence` belonged to a process that
/// is dead, and goes back into the queue. Its execution is then recovered and started again with
/// the same parameters, so that Spring Batch skips the finished steps and hands the unfinished one
/// its last committed position.
public final class RunWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunWorker.class);

  /// The key under which a step leaves, in the job's execution context, what it waits for.
  static final String WAITING = "waiting";

  /// The parameter that names the run.
  static final String RUN = "run";

  private final String device;
  private final Map<String, RunJob> jobs;
  private final JobOperator operator;
  private final JobRepository repository;
  private final RunRepository runs;
  private final RunProgress progress;
  private final Clock clock;
  private final Settings settings;
  private final ScheduledExecutorService pulse =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("run-pulse").factory());
  private final Thread loop;
  private volatile @Nullable Run current;
  private volatile boolean closing;

  /// How often the worker looks, beats, and after how long silence means death.
  public record Settings(Duration poll, Duration beat, Duration silence) {
    /// Half a second, a second, ten seconds.
    public static final Settings DEFAULT =
        new Settings(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(10));

    /// Checks that a beating heart cannot be taken for a silent one.
    public Settings {
      if (poll.isNegative() || poll.isZero() || beat.isNegative() || beat.isZero()) {
        throw new IllegalArgumentException(
            "poll and beat must be > 0, were " + poll + " and " + beat);
      }
      if (silence.compareTo(beat.multipliedBy(3)) < 0) {
        throw new IllegalArgumentException(
            "silence must be at least three beats of " + beat + ", was " + silence);
      }
    }
  }

  /// A worker for a device; it begins with [#start].
  public RunWorker(
      String device,
      List<RunJob> jobs,
      JobOperator operator,
      JobRepository repository,
      RunRepository runs,
      RunProgress progress,
      Clock clock,
      Settings settings) {
    this.device = device;
    this.jobs = jobs.stream().collect(Collectors.toMap(RunJob::name, Function.identity()));
    this.operator = operator;
    this.repository = repository;
    this.runs = runs;
    this.progress = progress;
    this.clock = clock;
    this.settings = settings;
    this.loop = Thread.ofPlatform().daemon().name("run-worker-" + device).unstarted(this::loop);
  }

  /// Begins to take runs.
  public void start() {
    loop.start();
  }

  private void loop() {
    while (!closing) {
      boolean worked = false;
      try {
        recoverSilent();
        wakeParked();
        worked = runNext();
      } catch (RuntimeException e) {
        // The database may be away for a moment; the queue is still there when it comes back.
        LOG.error("the run worker of {} goes on after {}", device, e.toString(), e);
      }
      if (!worked && !closing) {
        try {
          Thread.sleep(settings.poll());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /// Puts runs whose process has died back into the queue.
  public void recoverSilent() {
    for (Run run : runs.silentSince(clock.instant().minus(settings.silence()))) {
      Run mine = current;
      if (run.device().equals(device) && (mine == null || mine.id() != run.id())) {
        runs.change(run.id(), RunState.QUEUED, "its process ended; goes on from its last state");
        runs.log(
            run.id(), Level.WARN, "The process of this run ended without a word. Queued again.");
      }
    }
  }

  /// Puts parked runs back into the queue once they have what they waited for.
  public void wakeParked() {
    for (Run run : runs.inStates(RunState.WAITING)) {
      RunJob job = jobs.get(run.jobName());
      if (job == null || !run.device().equals(device)) {
        continue;
      }
      Optional<String> waitsFor = job.waitsFor(run);
      if (waitsFor.isEmpty()) {
        runs.change(run.id(), RunState.QUEUED, "");
      } else if (!waitsFor.get().equals(run.detail())) {
        runs.setDetail(run.id(), waitsFor.get());
      }
    }
  }

  /// Takes the next run and stays with it until it ends, parks or stops; false when there is none.
  public boolean runNext() {
    Optional<Run> claimed = runs.claimNext(device);
    if (claimed.isEmpty()) {
      return false;
    }
    Run run = claimed.get();
    current = run;
    beat(run);
    var beats =
        pulse.scheduleAtFixedRate(
            () -> beat(run),
            settings.beat().toMillis(),
            settings.beat().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      execute(run);
    } catch (Exception e) {
      LOG.error("run {} of {} failed", run.name(), run.jobName(), e);
      end(run, RunState.FAILED, message(e));
    } finally {
      beats.cancel(false);
      progress.forget(run.id());
      current = null;
    }
    return true;
  }

  private void execute(Run run) throws Exception {
    RunJob job = jobs.get(run.jobName());
    if (job == null) {
      end(run, RunState.FAILED, "there is no job '" + run.jobName() + "' in this version");
      return;
    }
    JobParameters parameters = parameters(run);
    makeRestartable(job.name(), parameters);
    JobExecution execution;
    try {
      execution = operator.start(job.job(), parameters);
    } catch (JobInstanceAlreadyCompleteException e) {
      // Killed between the job's last commit and this row.
      end(run, RunState.COMPLETED, "");
      return;
    }
    while (execution.isRunning()) {
      Thread.sleep(50);
    }
    runs.setJobExecutionId(run.id(), execution.getId());
    switch (execution.getStatus()) {
      case COMPLETED -> end(run, RunState.COMPLETED, "");
      case STOPPED -> stopped(run, execution);
      default -> {
        Throwable failure = execution.getAllFailureExceptions().stream().findFirst().orElse(null);
        end(
            run,
            RunState.FAILED,
            failure == null ? "ended as " + execution.getStatus() : message(failure));
      }
    }
  }

  private void stopped(Run run, JobExecution execution) {
    // A person's stop comes first. The mark of a waiting step outlives an execution that is stopped
    // before it comes to that step again, so alone it does not say that this one has parked.
    String waiting = execution.getExecutionContext().getString(WAITING, "");
    if (runs.stopRequested(run.id())) {
      end(run, RunState.STOPPED, "stopped on request");
    } else if (closing) {
      end(run, RunState.QUEUED, "the program was closed; goes on when it is open");
    } else if (!waiting.isEmpty()) {
      end(run, RunState.WAITING, waiting);
    } else {
      end(run, RunState.FAILED, "stopped without a request");
    }
  }

  /// An execution whose process was killed still says that it runs. It does not: this worker has
  /// just claimed its run, which only silence or a person's restart made possible.
  private void makeRestartable(String jobName, JobParameters parameters) {
    JobExecution last = repository.getLastJobExecution(jobName, parameters);
    if (last == null) {
      // The instance and its first execution are written one after the other. A process that died
      // between the two leaves an instance that the framework refuses to start ever after.
      JobInstance bare = repository.getJobInstance(jobName, parameters);
      if (bare != null) {
        repository.deleteJobInstance(bare);
      }
      return;
    }
    if (last.getStatus() == BatchStatus.UNKNOWN) {
      // A commit whose outcome was not known, say because the connection broke. What was committed
      // is
      // in the step's context, and a unit computed twice gives the same bits.
      for (StepExecution step : last.getStepExecutions()) {
        if (step.getStatus() == BatchStatus.UNKNOWN) {
          step.setStatus(BatchStatus.FAILED);
          repository.update(step);
        }
      }
      last.setStatus(BatchStatus.FAILED);
      repository.update(last);
    } else if (last.getStatus().isRunning()) {
      operator.recover(last);
    }
  }

  static JobParameters parameters(Run run) {
    return new JobParametersBuilder()
        .addLong(RUN, run.id())
        .addLong("seed", run.seed())
        .addString("configuration", sha256(run.configuration()))
        .toJobParameters();
  }

  private void end(Run run, RunState state, String detail) {
    if (runs.change(run.id(), state, detail) instanceof RunChange.Refused(RunState actual)) {
      runs.log(run.id(), Level.WARN, "Ended as " + state + " while its row said " + actual + ".");
      return;
    }
    switch (state) {
      case COMPLETED -> runs.log(run.id(), Level.INFO, "Completed.");
      case WAITING -> runs.log(run.id(), Level.INFO, "Parked: " + detail + ".");
      case FAILED -> runs.log(run.id(), Level.ERROR, "Failed: " + detail);
      case STOPPED, QUEUED -> runs.log(run.id(), Level.WARN, "Stopped: " + detail + ".");
      case RUNNING -> throw new IllegalArgumentException("a run cannot end as " + state);
    }
  }

  private void beat(Run run) {
    try {
      RunProgress.Position at = progress.of(run.id());
      runs.heartbeat(
          run.id(),
          new Heartbeat(
              clock.instant(),
              ProcessHandle.current().pid(),
              at == null ? "start" : at.stage(),
              at == null ? 0 : at.step(),
              at == null ? null : at.steps(),
              at == null ? null : at.rate(),
              at == null ? null : at.unit(),
              at == null ? null : at.secondsLeft()));
      if (closing || runs.stopRequested(run.id())) {
        for (JobExecution execution : repository.findRunningJobExecutions(run.jobName())) {
          Long of = execution.getJobParameters().getLong(RUN);
          // Before it has begun, its own first update would find the row changed under it and fail.
          boolean begun = execution.getStatus() == BatchStatus.STARTED;
          if (of != null && of == run.id() && begun) {
            operator.stop(execution);
          }
        }
      }
    } catch (Exception e) {
      // One missed beat is harmless; the next one comes in a second.
      LOG.warn("no heartbeat for run {}: {}", run.id(), e.toString());
    }
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// What a killed process does: nothing more, its run included. For tests of the recovery.
  void fallSilent() {
    pulse.shutdownNow();
  }

  /// Lets the current unit end, puts its run back into the queue and returns.
  @Override
  public void close() {
    closing = true;
    Run run = current;
    if (run != null) {
      pulse.execute(() -> beat(run));
    }
    try {
      if (loop.isAlive()) {
        loop.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pulse.shutdownNow();
  }
}
