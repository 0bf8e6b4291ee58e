package org.alignmentworkbench.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.committee.CommitteeSeat;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.evaluation.Item;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.rlhf.job.BatchOnPostgres;
import org.alignmentworkbench.rlhf.job.KilledWorker;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.RunWorker;
import org.alignmentworkbench.rlhf.job.ScriptedLabels;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.alignmentworkbench.rlhf.job.WorkerProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that is killed at any moment, as often as one likes, ends with what the run that was left
/// alone ended with. Every kill is SIGKILL to a process of its own.
@LongTest
class KillStatisticsIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static Path artifacts;

  private static final int KILLS = 20;

  private static final String DESCENT =
      """
      {"model": "base", "reference": "base", "rewardModel": "rm", "prompts": 24,
       "training": {"iterations": %d, "promptsPerIteration": 4, "samplesPerPrompt": 3,
         "maxNewTokens": 24, "generationRows": 6, "microRows": 4}}
      """;
  private static final String SUPERVISED =
      """
      {"model": "base", "result": "sft", "prompts": 12, "heldOutShare": 0.0,
       "training": {"epochs": 150, "rowsPerStep": 12, "stepsPerUnit": 50,
         "optimizer": {"learningRate": 0.01}}}
      """;
  private static final String ROUND =
      """
      {"round": 1, "model": "sft", "reference": "sft", "scripted": true,
       "pairs": {"prompts": 16, "samplesPerMember": 2, "overlap": 2},
       "rewardModel": {"epochs": 3, "pairsPerStep": 4, "stepsPerUnit": 1, "heldOutShare": 0.3},
       "preference": {"epochs": 2, "pairsPerStep": 4, "stepsPerUnit": 1},
       "mirrorDescent": {"prompts": 12, "training": {"iterations": 6, "promptsPerIteration": 2,
         "samplesPerPrompt": 2, "maxNewTokens": 24}},
       "members": {"prompts": 24, "samplesPerMember": 2},
       "student": {"epochs": 4, "rowsPerStep": 4, "stepsPerUnit": 1},
       "studentHeldOutShare": 0.0, "evaluationPrompts": 12, "seats": 3, "electionPrompts": 12,
       "sampling": {"maxNewTokens": 40, "rows": 8}}
      """;

  /// Every table that a run by mirror descent writes, in the order in which it first does.
  private static final List<Write> WRITES =
      List.of(
          new Write("run", "new.state = 'RUNNING'"),
          new Write("batch_job_instance", "true"),
          new Write("batch_job_execution", "new.status = 'STARTING'"),
          new Write("batch_job_execution_params", "true"),
          new Write("batch_job_execution_context", "true"),
          new Write("batch_job_execution", "new.status = 'STARTED'"),
          new Write("batch_step_execution", "new.status = 'STARTING'"),
          new Write("batch_step_execution_context", "true"),
          new Write("batch_step_execution", "new.status = 'STARTED'"),
          new Write("prompt", "true"),
          new Write("artifact", "new.kind = 'CHECKPOINT'"),
          new Write("run_metric", "new.step >= 1"),
          new Write("checkpoint", "new.step >= 4"),
          new Write("batch_step_execution", "new.commit_count >= 2"),
          new Write("run_heartbeat", "true"),
          new Write("dataset", "true"),
          new Write("model", "true"),
          new Write("artifact_edge", "new.role = 'reward'"),
          new Write("run_log", "new.message like 'Kept %'"),
          new Write("batch_step_execution", "new.status = 'COMPLETED'"),
          new Write("batch_job_execution", "new.status = 'COMPLETED'"),
          new Write("run", "new.state = 'COMPLETED'"));

  /// A row that is being written when the process dies.
  private record Write(String table, String condition) {}

  @Test
  void mirror_descent_killed_at_random_moments() throws Exception {
    long seed = LongSeed.announced("kills of mirror descent");
    String settings = DESCENT.formatted(60);
    TinyProject alone = descentProject("descent-alone");
    Run quiet = enqueue(alone, "mdloo", "mirrorDescentRlhf", settings, MIRROR_DESCENT, "alone");
    Duration undisturbed = leaveAlone(alone, quiet, MIRROR_DESCENT, "alone");

    TinyProject killed = descentProject("descent-killed");
    Run run = enqueue(killed, "mdloo", "mirrorDescentRlhf", settings, MIRROR_DESCENT, "killed");
    var kills =
        new RandomKills(
            worker("killed", MIRROR_DESCENT), killed.stores(), run, new SplittableRandom(seed));
    kills.until(RunState.COMPLETED, KILLS, undisturbed.dividedBy(8));
    kills.finish(RunState.COMPLETED);
    System.out.println(kills.told());

    assertThat(kills.kills()).as("kills before it was complete").isGreaterThanOrEqualTo(KILLS / 2);
    assertThat(made(killed)).isEqualTo(made(alone));
    for (String series : alone.stores().runs().series(quiet.id())) {
      assertThat(values(killed, run, series)).as(series).isEqualTo(values(alone, quiet, series));
    }
  }

  @Test
  void mirror_descent_killed_in_each_of_its_writes() throws Exception {
    String settings = DESCENT.formatted(4);
    TinyProject alone = descentProject("writes-alone");
    Run quiet = enqueue(alone, "mdloo", "mirrorDescentRlhf", settings, MIRROR_DESCENT, "writes");
    leaveAlone(alone, quiet, MIRROR_DESCENT, "writes");

    TinyProject killed = descentProject("writes-killed");
    Run run =
        enqueue(killed, "mdloo", "mirrorDescentRlhf", settings, MIRROR_DESCENT, "writes-killed");
    KilledWorker worker = worker("writes-killed", MIRROR_DESCENT);
    for (Write write : WRITES) {
      if (write.table().equals("checkpoint")) {
        // With the checkpoint's row the step's context is brought up to date.
        worker.killUpdating("batch_step_execution_context", "true");
      }
      worker.killWriting(write.table(), write.condition());
      System.out.println("killed while it wrote " + write.table() + ": " + write.condition());
    }
    assertThat(state(killed, run)).as("each of them was written").isEqualTo(RunState.RUNNING);
    worker.runUntil(() -> state(killed, run) == RunState.COMPLETED);
    assertThat(made(killed)).isEqualTo(made(alone));
    for (String series : alone.stores().runs().series(quiet.id())) {
      assertThat(values(killed, run, series)).as(series).isEqualTo(values(alone, quiet, series));
    }
  }

  @Test
  void a_round_of_the_committee_killed_at_random_moments() throws Exception {
    long seed = LongSeed.announced("kills of a committee round");
    TinyProject alone = committeeProject("round-alone");
    Run quiet = enqueue(alone, "itec-1", "itecRound", ROUND, COMMITTEE, "round");
    long started = System.nanoTime();
    worker("round", COMMITTEE).runUntil(() -> state(alone, quiet) == RunState.WAITING);
    Duration sampling = Duration.ofNanos(System.nanoTime() - started);
    ScriptedLabels.give(database.jdbc(), alone, 2);
    Duration training = leaveAlone(alone, quiet, COMMITTEE, "round");

    TinyProject killed = committeeProject("round-killed");
    Run run = enqueue(killed, "itec-1", "itecRound", ROUND, COMMITTEE, "round-killed");
    var kills =
        new RandomKills(
            worker("round-killed", COMMITTEE), killed.stores(), run, new SplittableRandom(seed));
    kills.until(RunState.WAITING, KILLS / 5, sampling.dividedBy(3));
    kills.finish(RunState.WAITING);
    // Other people in another number; what they say depends on the pair alone.
    ScriptedLabels.give(database.jdbc(), killed, 5);
    kills.until(RunState.COMPLETED, KILLS, training.dividedBy(6));
    kills.finish(RunState.COMPLETED);
    System.out.println(kills.told());

    assertThat(kills.kills()).as("kills before it was complete").isGreaterThanOrEqualTo(KILLS / 2);
    assertThat(kills.stages()).as("stages that were hit").isGreaterThanOrEqualTo(3);
    assertThat(made(killed)).isEqualTo(made(alone));
    assertThat(elected(killed)).isEqualTo(elected(alone));
    assertThat(answers(killed)).hasSize(12).isEqualTo(answers(alone));
  }

  private static final WorkerProcess.Jobs MIRROR_DESCENT = new WorkerProcess.MirrorDescent();
  private static final WorkerProcess.Jobs COMMITTEE = new CommitteeJobs();

  private static TinyProject descentProject(String name) {
    TinyProject tiny = TinyProject.create(database.jdbc(), artifacts.resolve("store"), name);
    tiny.addRewardModel("rm");
    return tiny;
  }

  private static TinyProject committeeProject(String name) {
    TinyProject tiny = TinyProject.create(database.jdbc(), artifacts.resolve("store"), name);
    new GuidelineRepository(database.jdbc()).publish(tiny.project().id(), "Be fair.");
    Run sft = enqueue(tiny, "sft", "supervisedFineTuning", SUPERVISED, COMMITTEE, name);
    try (RunWorker worker =
        WorkerProcess.worker(database.dataSource(), tiny.stores(), name, COMMITTEE)) {
      worker.runNext();
    }
    assertThat(state(tiny, sft)).isEqualTo(RunState.COMPLETED);
    return tiny;
  }

  private static KilledWorker worker(String device, WorkerProcess.Jobs jobs) {
    return new KilledWorker(
        database,
        artifacts.resolve("store"),
        device,
        jobs.getClass(),
        artifacts.resolve(device + ".log"));
  }

  /// Runs it in a process of its own and tells how long it took from when that process was started.
  private static Duration leaveAlone(
      TinyProject tiny, Run run, WorkerProcess.Jobs jobs, String device) throws Exception {
    long started = System.nanoTime();
    worker(device, jobs).runUntil(() -> state(tiny, run).ended());
    assertThat(state(tiny, run)).isEqualTo(RunState.COMPLETED);
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static Run enqueue(
      TinyProject tiny,
      String name,
      String job,
      String settings,
      WorkerProcess.Jobs jobs,
      String device) {
    return new RunQueue(
            tiny.stores().runs(),
            jobs.on(
                BatchOnPostgres.of(database.dataSource()),
                tiny.stores(),
                new RunProgress(System::nanoTime)),
            device,
            "test")
        .enqueue(tiny.project().id(), name, job, settings, 3);
  }

  private static RunState state(TinyProject tiny, Run run) {
    return tiny.stores().runs().find(run.id()).orElseThrow().state();
  }

  /// Every model and dataset of a project by name, with its hash.
  private static Map<String, String> made(TinyProject tiny) {
    var made = new TreeMap<String, String>();
    for (Model model : tiny.stores().models().ofProject(tiny.project().id())) {
      made.put("model " + model.name(), model.artifactSha256());
    }
    for (Dataset dataset : tiny.stores().datasets().ofProject(tiny.project().id())) {
      made.put("dataset " + dataset.name(), dataset.artifactSha256());
    }
    return made;
  }

  private static List<Double> values(TinyProject tiny, Run run, String series) {
    return tiny.stores().runs().points(run.id(), series).stream().map(MetricPoint::value).toList();
  }

  private static List<String> elected(TinyProject tiny) {
    return tiny.stores().committees().ofRound(tiny.project().id(), 1).stream()
        .filter(CommitteeSeat::elected)
        .map(seat -> seat.model() + " " + seat.reward() + " " + seat.passRate())
        .sorted()
        .toList();
  }

  private static List<String> answers(TinyProject tiny) {
    long evaluation =
        tiny.stores().evaluations().findByStage(tiny.project().id(), "itec-1").orElseThrow().id();
    return tiny.stores().evaluations().items(evaluation).stream().map(Item::text).toList();
  }
}
