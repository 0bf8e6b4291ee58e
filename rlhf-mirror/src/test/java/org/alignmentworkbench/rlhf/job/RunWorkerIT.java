package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunChange;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

class RunWorkerIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();

  private static final RunWorker.Settings QUICK =
      new RunWorker.Settings(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(400));

  private final BatchOnPostgres batch = BatchOnPostgres.of(database.dataSource());
  private final RunRepository runs = new RunRepository(database.jdbc());
  private final RunProgress progress = new RunProgress(System::nanoTime);
  private final Counting counting = new Counting();
  private String device;
  private RunQueue queue;
  private long project;

  @BeforeEach
  void aProjectAndADeviceOfItsOwn() {
    device = "cpu-" + System.nanoTime();
    queue = new RunQueue(runs, List.of(counting), device, "test");
    project = new ProjectRepository(database.jdbc()).create(device, 1, "{}").id();
  }

  @Test
  void runs_take_turns_in_the_order_of_the_queue() {
    Run first = queue.enqueue(project, "first", "counting", "{}", 1);
    Run second = queue.enqueue(project, "second", "counting", "{\"steps\":2}", 1);
    Run third = queue.enqueue(project, "third", "counting", "{}", 1);
    queue.moveForward(third.id());
    assertThat(queue.waiting()).extracting(Run::name).containsExactly("first", "third", "second");
    try (RunWorker worker = worker()) {
      while (worker.runNext()) {}
    }
    assertThat(counting.order).containsExactly(first.id(), third.id(), second.id());
    assertThat(state(second)).isEqualTo(RunState.COMPLETED);
    assertThat(runs.points(second.id(), "count")).hasSize(2);
    assertThat(runs.heartbeat(second.id())).isPresent();
  }

  @Test
  void settings_are_checked_before_there_is_a_run() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.enqueue(project, "x", "counting", "{\"stepz\":1}", 1))
        .withMessageContaining("stepz");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.enqueue(project, "x", "cuonting", "{}", 1))
        .withMessageContaining("cuonting")
        .withMessageContaining("counting");
    assertThat(runs.ofProject(project)).isEmpty();
  }

  @Test
  void a_failure_is_told_and_a_restart_goes_on_from_the_last_commit() {
    counting.failAt = 3;
    Run run = queue.enqueue(project, "fails", "counting", "{\"steps\":5}", 1);
    try (RunWorker worker = worker()) {
      worker.runNext();
      Run failed = runs.find(run.id()).orElseThrow();
      assertThat(failed.state()).isEqualTo(RunState.FAILED);
      assertThat(failed.detail()).isEqualTo("planted at 3");
      counting.failAt = -1;
      queue.restart(run.id());
      worker.runNext();
    }
    assertThat(state(run)).isEqualTo(RunState.COMPLETED);
    assertThat(counting.counts).containsExactly(0, 1, 2, 3, 3, 4);
  }

  @Test
  void a_killed_run_is_found_by_its_silence_and_goes_on_from_its_last_commit() throws Exception {
    Run run = queue.enqueue(project, "killed", "counting", "{\"steps\":4}", 1);
    // A process that died in the middle of unit 2: its rows say that it is running.
    counting.hangAt = 2;
    Thread dead;
    RunWorker victim = worker();
    dead = Thread.ofPlatform().daemon().start(victim::runNext);
    counting.hanging.await();
    victim.fallSilent();
    try (RunWorker worker = worker()) {
      worker.start();
      await(run, RunState.COMPLETED);
    }
    assertThat(dead.isAlive()).isTrue();
    assertThat(counting.counts).containsExactly(0, 1, 2, 2, 3);
    assertThat(runs.logTail(run.id(), 10))
        .extracting(l -> l.message())
        .anyMatch(m -> m.contains("Queued again"));
  }

  @Test
  void a_run_killed_before_its_first_execution_was_written_starts_from_the_beginning() {
    Run run = queue.enqueue(project, "bare", "counting", "{\"steps\":2}", 1);
    // What such a process leaves: a job instance without an execution.
    batch.repository().createJobInstance("counting", RunWorker.parameters(run));
    try (RunWorker worker = worker()) {
      worker.runNext();
    }
    assertThat(runs.find(run.id()).orElseThrow().detail()).isEmpty();
    assertThat(state(run)).isEqualTo(RunState.COMPLETED);
    assertThat(counting.counts).containsExactly(0, 1);
  }

  @Test
  void a_running_run_stops_after_its_unit_and_a_queued_one_at_once() throws Exception {
    counting.slow = true;
    Run running = queue.enqueue(project, "running", "counting", "{\"steps\":1000}", 1);
    Run queued = queue.enqueue(project, "queued", "counting", "{}", 1);
    try (RunWorker worker = worker()) {
      worker.start();
      await(running, RunState.RUNNING);
      assertThat(queue.stop(queued.id())).isInstanceOf(RunChange.Changed.class);
      queue.stop(running.id());
      await(running, RunState.STOPPED);
      // It has really stopped, and not because the worker is closed.
      int stoppedAt = counting.counts.size();
      Thread.sleep(200);
      assertThat(counting.counts).hasSize(stoppedAt);
      assertThat(runs.logTail(running.id(), 10))
          .extracting(line -> line.message())
          .contains("Stopped: stopped on request.");
    }
    assertThat(state(queued)).isEqualTo(RunState.STOPPED);
    int before = counting.counts.size();
    assertThat(before).isLessThan(1000);
    counting.slow = false;
    queue.restart(running.id());
    try (RunWorker worker = worker()) {
      worker.runNext();
    }
    assertThat(state(running)).isEqualTo(RunState.COMPLETED);
    assertThat(counting.counts).hasSize(1000);
  }

  @Test
  void a_run_that_has_ended_or_never_was_cannot_be_stopped() {
    Run run = queue.enqueue(project, "ended", "counting", "{}", 1);
    try (RunWorker worker = worker()) {
      worker.runNext();
    }
    assertThat(queue.stop(run.id())).isEqualTo(new RunChange.Refused(RunState.COMPLETED));
    assertThat(queue.stop(-1)).isEqualTo(new RunChange.NoSuchRun());
  }

  @Test
  void closing_the_program_puts_its_run_back_into_the_queue() throws Exception {
    counting.slow = true;
    Run run = queue.enqueue(project, "closed", "counting", "{\"steps\":1000}", 1);
    try (RunWorker worker = worker()) {
      worker.start();
      await(run, RunState.RUNNING);
    }
    assertThat(state(run)).isEqualTo(RunState.QUEUED);
  }

  @Test
  void a_parked_run_frees_the_device_and_goes_on_when_it_has_what_it_waited_for() throws Exception {
    counting.waitsFor = "waiting for 3 judgements";
    Run parked = queue.enqueue(project, "parked", "counting", "{\"park\":true}", 1);
    Run other = queue.enqueue(project, "other", "counting", "{}", 1);
    try (RunWorker worker = worker()) {
      worker.start();
      await(parked, RunState.WAITING);
      await(other, RunState.COMPLETED);
      assertThat(runs.find(parked.id()).orElseThrow().detail())
          .isEqualTo("waiting for 3 judgements");
      counting.waitsFor = null;
      await(parked, RunState.COMPLETED);
    }
  }

  @Test
  void a_run_that_was_parked_once_and_is_then_stopped_is_stopped_and_not_parked() throws Exception {
    counting.waitsFor = "waiting for 3 judgements";
    counting.slow = true;
    Run run =
        queue.enqueue(
            project, "parked-then-stopped", "counting", "{\"park\":true,\"steps\":1000}", 1);
    try (RunWorker worker = worker()) {
      worker.start();
      await(run, RunState.WAITING);
      // Stopped before the waiting step has been passed: that one left its mark in the context.
      counting.waitsFor = null;
      await(run, RunState.RUNNING);
      queue.stop(run.id());
      await(run, RunState.STOPPED);
      queue.restart(run.id());
      while (counting.counts.size() < 3) {
        Thread.sleep(5);
      }
      queue.stop(run.id());
      await(run, RunState.STOPPED);
      // A stopped run is a person's decision: nothing but a person starts it again.
      worker.wakeParked();
      assertThat(state(run)).isEqualTo(RunState.STOPPED);
    }
  }

  @Test
  void an_execution_whose_commit_was_lost_can_be_restarted() {
    counting.failAt = 1;
    Run run = queue.enqueue(project, "unknown", "counting", "{\"steps\":2}", 1);
    try (RunWorker worker = worker()) {
      worker.runNext();
      JobExecution last =
          batch.repository().getJobExecution(runs.find(run.id()).orElseThrow().jobExecutionId());
      last.setStatus(BatchStatus.UNKNOWN);
      batch.repository().update(last);
      counting.failAt = -1;
      queue.restart(run.id());
      worker.runNext();
    }
    assertThat(state(run)).isEqualTo(RunState.COMPLETED);
  }

  private RunWorker worker() {
    return new RunWorker(
        device,
        List.of(counting),
        batch.operator(),
        batch.repository(),
        runs,
        progress,
        Clock.systemUTC(),
        QUICK);
  }

  private RunState state(Run run) {
    return runs.find(run.id()).orElseThrow().state();
  }

  private void await(Run run, RunState state) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (state(run) != state) {
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "run " + run.name() + " stayed " + runs.find(run.id()).orElseThrow());
      }
      Thread.sleep(10);
    }
  }

  /// A job that counts to `steps`, one commit for each number.
  private final class Counting implements RunJob {
    record Settings(
        @Setting("numbers") int steps, @Setting("wait before the first") boolean park) {}

    final List<Long> order = new ArrayList<>();
    final List<Integer> counts = new ArrayList<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    volatile int failAt = -1;
    volatile int hangAt = -1;
    volatile boolean slow;
    volatile String waitsFor;

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public Settings defaults() {
      return new Settings(1, false);
    }

    @Override
    public Optional<String> waitsFor(Run run) {
      return Optional.ofNullable(waitsFor);
    }

    @Override
    public Job job() {
      var park =
          new StepBuilder("park", batch.repository())
              .tasklet(
                  (contribution, chunk) -> {
                    Run run = runOf(chunk.getStepContext().getStepExecution().getJobParameters());
                    Settings settings =
                        SettingsJson.read(run.configuration(), new Settings(1, false));
                    return settings.park()
                        ? Parking.of(chunk, Optional.ofNullable(waitsFor))
                        : RepeatStatus.FINISHED;
                  },
                  batch.transactions())
              .build();
      var count =
          new StepBuilder("count", batch.repository())
              .tasklet(
                  (contribution, chunk) -> {
                    var execution = chunk.getStepContext().getStepExecution();
                    Run run = runOf(execution.getJobParameters());
                    Settings settings =
                        SettingsJson.read(run.configuration(), new Settings(1, false));
                    int at = execution.getExecutionContext().getInt("at", 0);
                    if (at == 0) {
                      order.add(run.id());
                    }
                    counts.add(at);
                    if (at == failAt) {
                      throw new IllegalStateException("planted at " + at);
                    }
                    if (at == hangAt) {
                      hangAt = -1;
                      hanging.countDown();
                      Thread.sleep(Duration.ofDays(1));
                    }
                    if (slow) {
                      Thread.sleep(5);
                    }
                    runs.metrics(
                        run.id(),
                        List.of(new org.alignmentworkbench.db.run.Metric("count", at, at)));
                    progress.report(run.id(), "count", at, (long) settings.steps(), "numbers");
                    execution.getExecutionContext().putInt("at", at + 1);
                    return RepeatStatus.continueIf(at + 1 < settings.steps());
                  },
                  batch.transactions())
              .build();
      return new JobBuilder("counting", batch.repository()).start(park).next(count).build();
    }

    private Run runOf(org.springframework.batch.core.job.parameters.JobParameters parameters) {
      return runs.find(parameters.getLong("run")).orElseThrow();
    }
  }
}
