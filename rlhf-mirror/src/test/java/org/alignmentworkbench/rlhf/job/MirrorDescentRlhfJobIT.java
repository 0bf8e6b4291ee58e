package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.lineage.Node;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorDescentRlhfJobIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static Path artifacts;

  private static final String SETTINGS =
      """
      {"model": "base", "reference": "base", "rewardModel": "rm", "prompts": 6,
       "training": {"iterations": %d, "promptsPerIteration": 2, "samplesPerPrompt": 3,
         "maxNewTokens": 12, "generationRows": 6, "microRows": 4}}
      """;

  private String device;

  @BeforeEach
  void aDeviceOfItsOwn() {
    device = "cpu-" + System.nanoTime();
  }

  @Test
  void keeps_the_policy_with_figures_and_lineage_down_to_the_prompts() {
    TinyProject tiny = project("whole");
    Run run =
        queue(tiny)
            .enqueue(tiny.project().id(), "mdloo", "mirrorDescentRlhf", SETTINGS.formatted(2), 1);
    try (RunWorker worker = worker(tiny)) {
      worker.runNext();
    }
    assertThat(tiny.stores().runs().find(run.id()).orElseThrow())
        .satisfies(ended -> {
          assertThat(ended.detail()).isEmpty();
          assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
        });
    assertThat(points(tiny, run, "mdloo/reward")).hasSize(2);
    // Two inner epochs of two steps for each of two iterations.
    assertThat(points(tiny, run, "mdloo/loss")).hasSize(8);
    assertThat(points(tiny, run, "mdloo/klToReference").getFirst().value()).isZero();
    Model model = tiny.stores().models().findByName(tiny.project().id(), "mdloo").orElseThrow();
    assertThat(tiny.stores().lineage().ancestors(model.artifactSha256()).nodes())
        .flatExtracting(Node::names)
        .contains("mdloo", "base", "rm", "mdloo/prompts");
    assertThat(tiny.stores().checkpoints().ofRun(run.id()))
        .filteredOn(checkpoint -> !checkpoint.swept())
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void killed_again_and_again_it_ends_with_the_hash_of_the_run_that_was_left_alone()
      throws Exception {
    String settings = SETTINGS.formatted(8);
    TinyProject alone = project("alone");
    Run quiet =
        queue(alone).enqueue(alone.project().id(), "mdloo", "mirrorDescentRlhf", settings, 3);
    try (RunWorker worker = worker(alone)) {
      worker.runNext();
    }
    device = device + "-killed";
    TinyProject killed = project("killed");
    Run run =
        queue(killed).enqueue(killed.project().id(), "mdloo", "mirrorDescentRlhf", settings, 3);
    var worker =
        new KilledWorker(
            database,
            artifacts.resolve("store"),
            device,
            WorkerProcess.MirrorDescent.class,
            artifacts.resolve("worker.log"));
    for (int kills = 0; kills < 4; kills++) {
      // Somewhere after the next commit: inside a phase, or between two.
      long committed = commits(killed, run);
      worker.killAfter(() -> commits(killed, run) > committed, Duration.ofMillis(13L * kills));
    }
    assertThat(state(killed, run)).isEqualTo(RunState.RUNNING);
    worker.runUntil(() -> state(killed, run) == RunState.COMPLETED);
    assertThat(hash(killed)).isEqualTo(hash(alone));
    for (String series : List.of("mdloo/reward", "mdloo/loss", "mdloo/klToPrevious")) {
      assertThat(points(killed, run, series))
          .extracting(MetricPoint::value)
          .isEqualTo(points(alone, quiet, series).stream().map(MetricPoint::value).toList());
    }
  }

  @Test
  void a_missing_model_is_told_by_name() {
    TinyProject tiny = project("missing");
    Run run =
        queue(tiny)
            .enqueue(
                tiny.project().id(), "mdloo", "mirrorDescentRlhf", "{\"model\":\"nobody\"}", 1);
    try (RunWorker worker = worker(tiny)) {
      worker.runNext();
    }
    assertThat(tiny.stores().runs().find(run.id()).orElseThrow())
        .satisfies(ended -> {
          assertThat(ended.state()).isEqualTo(RunState.FAILED);
          assertThat(ended.detail()).contains("nobody").contains("base");
        });
  }

  @Test
  void an_unknown_setting_makes_no_run() {
    TinyProject tiny = project("unknown");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            queue(tiny)
                .enqueue(
                    tiny.project().id(),
                    "mdloo",
                    "mirrorDescentRlhf",
                    "{\"training\":{\"gama\":1}}",
                    1))
        .withMessageContaining("training.gama");
  }

  private TinyProject project(String name) {
    TinyProject tiny = TinyProject.create(database.jdbc(), artifacts.resolve("store"), name);
    tiny.addRewardModel("rm");
    return tiny;
  }

  private RunWorker worker(TinyProject tiny) {
    return WorkerProcess.worker(
        database.dataSource(), tiny.stores(), device, new WorkerProcess.MirrorDescent());
  }

  private RunQueue queue(TinyProject tiny) {
    var job =
        WorkerProcess.job(
            BatchOnPostgres.of(database.dataSource()),
            tiny.stores(),
            new RunProgress(System::nanoTime),
            tiny.shelf());
    return new RunQueue(tiny.stores().runs(), List.of(job), device, "test");
  }

  private static List<MetricPoint> points(TinyProject tiny, Run run, String series) {
    return tiny.stores().runs().points(run.id(), series);
  }

  private static long commits(TinyProject tiny, Run run) {
    return tiny.stores().checkpoints().ofRun(run.id()).size();
  }

  private static String hash(TinyProject tiny) {
    return tiny.stores()
        .models()
        .findByName(tiny.project().id(), "mdloo")
        .orElseThrow()
        .artifactSha256();
  }

  private static RunState state(TinyProject tiny, Run run) {
    return tiny.stores().runs().find(run.id()).orElseThrow().state();
  }
}
