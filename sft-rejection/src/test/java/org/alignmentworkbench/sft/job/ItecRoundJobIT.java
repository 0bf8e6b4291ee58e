package org.alignmentworkbench.sft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.committee.CommitteeSeat;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.lineage.DatasetBehind;
import org.alignmentworkbench.db.lineage.RowUse;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.CloseOutcome;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.OpenSlots;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.Task;
import org.alignmentworkbench.rlhf.job.BatchOnPostgres;
import org.alignmentworkbench.rlhf.job.MirrorDescentRlhfJob;
import org.alignmentworkbench.rlhf.job.RewardModelPlan;
import org.alignmentworkbench.rlhf.job.RewardModelTrainingJob;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.RunWorker;
import org.alignmentworkbench.rlhf.job.ScriptedLabels;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loop from a random model to an elected committee, on real PostgreSQL.
///
/// The supervised model learns its few demonstrations by heart, so that sampled answers pass
/// checks; it is far too small for more.
class ItecRoundJobIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static Path artifacts;

  private static final String SFT =
      """
      {"model": "base", "result": "sft", "prompts": 12, "heldOutShare": 0.0,
       "training": {"epochs": 150, "rowsPerStep": 12, "stepsPerUnit": 50,
         "optimizer": {"learningRate": 0.01}}}
      """;
  private static final String ROUND =
      """
      {"round": %d, "model": "%s", "reference": "sft", "scripted": true,
       "pairs": {"prompts": 10, "samplesPerMember": 2, "overlap": 2},
       "rewardModel": {"epochs": 1, "pairsPerStep": 4, "heldOutShare": 0.3},
       "preference": {"pairsPerStep": 4},
       "mirrorDescent": {"prompts": 12, "training": {"iterations": 2, "promptsPerIteration": 2,
         "samplesPerPrompt": 2, "maxNewTokens": 24}},
       "members": {"prompts": 12, "samplesPerMember": 2},
       "student": {"epochs": 1, "rowsPerStep": 4, "stepsPerUnit": 1},
       "studentHeldOutShare": 0.0, "evaluationPrompts": 6, "seats": 3, "electionPrompts": 6,
       "sampling": {"maxNewTokens": 40, "rows": 8}}
      """;

  private final BatchOnPostgres batch = BatchOnPostgres.of(database.dataSource());
  private final RunProgress progress = new RunProgress(System::nanoTime);

  @Test
  void two_rounds_park_for_labels_go_on_and_leave_everything_traceable() {
    TinyProject tiny = project("two-rounds");
    Run first = enqueue(tiny, "itec-1", "itecRound", ROUND.formatted(1, "sft"));
    try (RunWorker worker = worker(tiny)) {
      run(worker, tiny, "sft", "supervisedFineTuning", SFT);
      while (worker.runNext()) {}
      Run parked = tiny.stores().runs().find(first.id()).orElseThrow();
      assertThat(parked.detail()).matches("waiting for \\d+ judgements");
      assertThat(parked.state()).isEqualTo(RunState.WAITING);
      worker.wakeParked();
      assertThat(worker.runNext()).isFalse();

      ScriptedLabels.give(database.jdbc(), tiny, 2);
      worker.wakeParked();
      while (worker.runNext()) {}
      assertCompleted(tiny, first);
      Run second = enqueue(tiny, "itec-2", "itecRound", ROUND.formatted(2, "itec-1"));
      while (worker.runNext()) {}
      // One comparison is given up: the round learns from the judgements that are there.
      giveUpOne(tiny, 2);
      ScriptedLabels.give(database.jdbc(), tiny, 3);
      worker.wakeParked();
      while (worker.runNext()) {}
      assertCompleted(tiny, second);
    }
    Stores stores = tiny.stores();
    long project = tiny.project().id();
    assertThat(stores.models().ofProject(project))
        .extracting(Model::name)
        .contains(
            "itec-1/reward-model",
            "itec-1/dpo",
            "itec-1/mdloo",
            "itec-1",
            "itec-1-unfiltered",
            "itec-2");
    // The student's data: what it was selected from, and the judgements behind the reward model.
    Model student = model(tiny, "itec-2");
    List<DatasetBehind> data = stores.lineage().datasetsBehind(student.artifactSha256());
    assertThat(data)
        .extracting(DatasetBehind::name)
        .contains("itec-2/selected", "itec-2/judgements", "itec-1/selected", "sft/demonstrations");
    assertThat(stores.datasets().findByName(project, "itec-2/judgements").orElseThrow().rowCount())
        .isEqualTo(2 * stores.tasks().page(project, "", 1000).size() - 2);
    // And forward: a response that the first student learnt from is found in everything after it.
    Response learnt = selectedResponse(tiny);
    assertThat(stores.lineage().usesOfResponse(learnt.id()))
        .flatExtracting(RowUse::models)
        .contains("itec-1", "itec-2");
    // Three seats, one of each family before seconds come in.
    List<CommitteeSeat> seats = stores.committees().ofRound(project, 1);
    assertThat(seats).extracting(CommitteeSeat::model).contains("sft", "itec-1/dpo", "itec-1");
    assertThat(seats.stream().filter(CommitteeSeat::elected)).hasSize(3);
    // What the second round sampled is what the first one elected.
    assertThat(stores.responses().ofRound(project, 2))
        .extracting(Response::member)
        .containsAll(
            seats.stream().filter(CommitteeSeat::elected).map(CommitteeSeat::model).toList());
    Evaluation evaluation = stores.evaluations().findByStage(project, "itec-2").orElseThrow();
    EvaluationSummary summary = SettingsJson.parse(evaluation.summary(), EvaluationSummary.class);
    assertThat(summary.n()).isEqualTo(6);
    assertThat(summary.klToReference()).isNotNull();
    assertThat(summary.rewardModelScore()).isNotNull();
    assertThat(stores.evaluations().items(evaluation.id())).hasSize(6);
    RewardModelPlan.Detail detail = RewardModelPlan.Detail.of(model(tiny, "itec-2/reward-model"));
    assertThat(detail.heldOut().n() + detail.trainingPairs()).isGreaterThan(20);
    assertThat(detail.accuracyByStrength()).hasSize(4);
  }

  @Test
  void a_round_waits_for_what_is_wanted_and_not_for_what_was_given_up() {
    TestProject project = TestProject.create(database.jdbc(), 3);
    project.makeTasks(database.jdbc(), 1);
    Stores stores = Stores.of(database.jdbc(), artifacts);
    Run run =
        stores
            .runs()
            .create(
                new NewRun(
                    project.id(), "itec-1", "itecRound", "{\"round\":1}", 1, "test", "none"));
    var job = jobs(project("waits")).get(4);
    assertThat(job.waitsFor(run)).contains("waiting for 3 judgements");
    var queue = new Queue(database.jdbc());
    Instant now = Instant.now();
    long person = TestProject.annotator(database.jdbc());
    ClaimedSlot judged = claim(queue, project.id(), person, now);
    var grades = new Grades(1, 1, 1, 1);
    queue.submit(
        new Submission(
            judged.slotId(), person, UUID.randomUUID(), 1, grades, grades, "", 1, 1, true),
        now);
    ClaimedSlot inHand = claim(queue, project.id(), person, now);
    assertThat(
            new OpenSlots(database.jdbc())
                .close(
                    project.id(),
                    new OpenSlots.Choice(1, null, false),
                    Judges.SCRIPTS,
                    person,
                    now))
        .isEqualTo(new CloseOutcome.Closed(1, 1));
    assertThat(job.waitsFor(run)).contains("waiting for 1 judgements");
    queue.skip(inHand.slotId(), person, "cannotJudge", java.time.Instant.now());
    new OpenSlots(database.jdbc())
        .close(project.id(), new OpenSlots.Choice(1, null, false), Judges.SCRIPTS, person, now);
    assertThat(job.waitsFor(run)).isEmpty();
    assertThat(
            new JudgementSnapshot(database.jdbc(), stores.artifacts())
                .take(project.id(), "judgements", 1, 1, true, null)
                .rowCount())
        .isEqualTo(1);
  }

  @Test
  void neither_the_order_of_the_annotators_nor_stops_and_restarts_change_a_hash() {
    TinyProject plain = project("plain");
    TinyProject other = project("other");
    for (TinyProject tiny : List.of(plain, other)) {
      try (RunWorker worker = worker(tiny)) {
        run(worker, tiny, "sft", "supervisedFineTuning", SFT);
        Run round = enqueue(tiny, "itec-1", "itecRound", ROUND.formatted(1, "sft"));
        while (worker.runNext()) {}
        // Five people in another order instead of two.
        ScriptedLabels.give(database.jdbc(), tiny, tiny == plain ? 2 : 5);
        worker.wakeParked();
        if (tiny == other) {
          // Stopped after whatever unit it is in, again and again, and put back.
          stopAndRestart(tiny, round);
        }
        while (worker.runNext()) {}
        assertCompleted(tiny, round);
        if (tiny == other) {
          // The stops were real: it was running, and went on from saved states.
          assertThat(tiny.stores().runs().logTail(round.id(), 1000))
              .extracting(line -> line.message())
              .haveAtLeast(
                  3, new Condition<>(m -> m.contains("stopped on request"), "told of a stop"));
        }
      }
    }
    for (String name :
        List.of("sft", "itec-1/reward-model", "itec-1/dpo", "itec-1/mdloo", "itec-1")) {
      assertThat(model(other, name).artifactSha256())
          .as(name)
          .isEqualTo(model(plain, name).artifactSha256());
    }
  }

  @Test
  void stages_are_paired_and_compared() {
    TinyProject tiny = project("evaluations");
    try (RunWorker worker = worker(tiny)) {
      run(
          worker,
          tiny,
          "evaluate-base",
          "evaluation",
          "{\"stage\":\"base\",\"model\":\"base\",\"prompts\":6,\"sampling\":{\"rows\":4}}");
      run(
          worker,
          tiny,
          "evaluate-again",
          "evaluation",
          """
          {"stage":"again","model":"base","reference":"base","prompts":6,"compareWith":["base"],
           "sampling":{"rows":4}}
          """);
    }
    Evaluation base = evaluation(tiny, "base");
    Evaluation again = evaluation(tiny, "again");
    // The same model meets the same uniform numbers: the same texts.
    assertThat(tiny.stores().evaluations().items(again.id()))
        .extracting(item -> item.text())
        .isEqualTo(
            tiny.stores().evaluations().items(base.id()).stream().map(i -> i.text()).toList());
    EvaluationSummary summary = SettingsJson.parse(again.summary(), EvaluationSummary.class);
    assertThat(summary.comparisons()).hasSize(1);
    assertThat(summary.comparisons().getFirst().difference()).isZero();
    assertThat(summary.klToReference()).isZero();
    assertThat(summary.rewardModelScore()).isNull();
  }

  @Test
  void settings_are_refused_by_name() {
    var job = jobs(project("settings")).get(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job.configuration("{\"pairs\":{\"promts\":3}}"))
        .withMessageContaining("pairs.promts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job.configuration("{\"round\":0}"))
        .withMessageContaining("round must be >= 1, was 0");
  }

  private TinyProject project(String name) {
    TinyProject tiny = TinyProject.create(database.jdbc(), artifacts, name);
    new GuidelineRepository(database.jdbc()).publish(tiny.project().id(), "Be fair.");
    return tiny;
  }

  private List<RunJob> jobs(TinyProject tiny) {
    var snapshots = new JudgementSnapshot(database.jdbc(), tiny.stores().artifacts());
    var jobs = batch.repository();
    var tx = batch.transactions();
    return List.of(
        new SupervisedFineTuningJob(jobs, tx, tiny.stores(), progress, tiny.shelf()),
        new RewardModelTrainingJob(jobs, tx, tiny.stores(), progress, tiny.shelf(), snapshots),
        new MirrorDescentRlhfJob(jobs, tx, tiny.stores(), progress, tiny.shelf()),
        new EvaluationJob(jobs, tx, tiny.stores(), progress, tiny.shelf()),
        new ItecRoundJob(
            jobs, tx, tiny.stores(), progress, tiny.shelf(), snapshots, Clock.systemUTC()));
  }

  private RunQueue queue(TinyProject tiny) {
    return new RunQueue(tiny.stores().runs(), jobs(tiny), tiny.project().name(), "test");
  }

  private Run enqueue(TinyProject tiny, String name, String job, String settings) {
    return queue(tiny).enqueue(tiny.project().id(), name, job, settings, 1);
  }

  private void run(RunWorker worker, TinyProject tiny, String name, String job, String settings) {
    // In front of what waits, so that a round finds its models.
    Run run = enqueue(tiny, name, job, settings);
    for (Run ahead : queue(tiny).waiting()) {
      queue(tiny).moveForward(run.id());
    }
    worker.runNext();
    assertCompleted(tiny, run);
  }

  private RunWorker worker(TinyProject tiny) {
    return new RunWorker(
        tiny.project().name(),
        jobs(tiny),
        batch.operator(),
        batch.repository(),
        tiny.stores().runs(),
        progress,
        Clock.systemUTC(),
        new RunWorker.Settings(
            Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofSeconds(60)));
  }

  private void stopAndRestart(TinyProject tiny, Run round) {
    RunQueue queue = queue(tiny);
    for (int stops = 0; stops < 6; stops++) {
      try (RunWorker worker = worker(tiny)) {
        Thread thread = Thread.ofPlatform().start(worker::runNext);
        long until = System.nanoTime() + Duration.ofMillis(150L * (stops + 1)).toNanos();
        while (System.nanoTime() < until && thread.isAlive()) {
          Thread.onSpinWait();
        }
        queue.stop(round.id());
        thread.join();
        queue.restart(round.id());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static ClaimedSlot claim(Queue queue, long project, long person, Instant now) {
    return ((Claim.Claimed) queue.claim(project, person, now, Duration.ofMinutes(5))).slot();
  }

  /// Closes the two slots of one comparison.
  private static void giveUpOne(TinyProject tiny, int round) {
    long project = tiny.project().id();
    Task task =
        tiny.stores().tasks().page(project, "", 1000).stream()
            .filter(one -> one.round() == round)
            .findFirst()
            .orElseThrow();
    assertThat(
            new OpenSlots(database.jdbc())
                .close(
                    project,
                    new OpenSlots.Choice(round, task.id(), false),
                    Judges.SCRIPTS,
                    TestProject.annotator(database.jdbc()),
                    Instant.now()))
        .isEqualTo(new CloseOutcome.Closed(2, 0));
  }

  private static void assertCompleted(TinyProject tiny, Run run) {
    Run ended = tiny.stores().runs().find(run.id()).orElseThrow();
    assertThat(ended.detail()).as(run.name()).isEmpty();
    assertThat(ended.state()).as(run.name()).isEqualTo(RunState.COMPLETED);
  }

  private static Model model(TinyProject tiny, String name) {
    return tiny.stores().models().findByName(tiny.project().id(), name).orElseThrow();
  }

  private static Evaluation evaluation(TinyProject tiny, String stage) {
    return tiny.stores().evaluations().findByStage(tiny.project().id(), stage).orElseThrow();
  }

  private static Response selectedResponse(TinyProject tiny) {
    var datasets = tiny.stores().datasets();
    long selected = datasets.findByName(tiny.project().id(), "itec-1/selected").orElseThrow().id();
    Long response = datasets.rows(selected, 0, 1).getFirst().responseId();
    return tiny.stores()
        .responses()
        .find(Optional.ofNullable(response).orElseThrow())
        .orElseThrow();
  }
}
