package org.alignmentworkbench.app.compression.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.export.job.ExportFormat;
import org.alignmentworkbench.app.export.job.ExportLinks;
import org.alignmentworkbench.app.export.job.Exported;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.lineage.Node;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.job.BatchOnPostgres;
import org.alignmentworkbench.rlhf.job.KilledWorker;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.RunWorker;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.alignmentworkbench.rlhf.job.WorkerProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way on a tiny random policy: two layers of hidden size 48, where a table of 16 values
/// costs a third of a bit a weight.
class CompressionJobIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static Path artifacts;

  private static final String SETTINGS =
      """
      {"model": "base", "prompts": 48, "heldOutShare": 0.25, "calibrationTexts": 20,
       "sensitivityTexts": 6, "maxNewTokens": 16, "generationRows": 16,
       "recovery": {"epochs": 2, "rowsPerStep": 12, "microRows": 12, "stepsPerUnit": 1,
         "evaluateEvery": 3}}
      """;

  private String device;

  @BeforeEach
  void aDeviceOfItsOwn() {
    device = "cpu-" + System.nanoTime();
  }

  @Test
  void compresses_within_the_budget_recovers_part_of_the_loss_and_exports_every_format()
      throws Exception {
    TinyProject tiny = project("whole");
    Run run = enqueue(tiny, "compression", SETTINGS, 1);
    work(tiny);
    completed(tiny, run);

    Model compressed = model(tiny, "compressed");
    Model recovered = model(tiny, "recovered");
    assertThat(compressed.kind()).isEqualTo(Model.Kind.COMPRESSED);
    assertThat(recovered.kind()).isEqualTo(Model.Kind.ADAPTER);
    assertThat(recovered.baseModelId()).isEqualTo(compressed.id());
    CompressionDetail before = detail(compressed);
    CompressionDetail after = detail(recovered);
    assertThat(before.bitsPerWeight()).isLessThanOrEqualTo(3.5).isGreaterThan(3.2);
    assertThat(before.projections()).hasSize(14).extracting("bits").contains(2, 4);
    assertThat(after.bitsPerWeight()).isEqualTo(before.bitsPerWeight());
    assertThat(after.bitsPerParameter()).isGreaterThan(before.bitsPerParameter());
    assertThat(after.divergence()).isPositive().isLessThan(before.divergence());
    assertThat(tiny.stores().lineage().ancestors(recovered.artifactSha256()).nodes())
        .flatExtracting(Node::names)
        .contains("recovered", "compressed", "base", "compressed/answers");
    assertThat(tiny.stores().runs().points(run.id(), "sensitivity/divergenceAtTwoBits"))
        .hasSize(14);
    assertThat(tiny.stores().runs().points(run.id(), "recovery/divergence")).isNotEmpty();

    // What the folder holds in full precision is what the packed file stands for.
    Path folder = tiny.stores().artifacts().open(compressed.artifactSha256());
    PalettizedModel packed = PalettizedModel.load(folder.resolve(PalettizedModel.FILE_NAME));
    Map<String, Tensor> dense = ModelFolder.read(folder).weights();
    packed.dense().forEach((n, t) -> assertThat(dense.get(n).data()).isEqualTo(t.data()));
    assertThat(packed.sizes().bitsPerWeight()).isEqualTo(before.bitsPerWeight());

    opens_as_policies(tiny);
    exports(tiny, compressed, recovered);
  }

  private void opens_as_policies(TinyProject tiny) throws Exception {
    ModelShelf shelf = CompressionJobs.shelf(tiny.stores());
    try (OpenPolicy base = shelf.policy(tiny.project().id(), "compressed");
        OpenPolicy adapted = shelf.policy(tiny.project().id(), "recovered")) {
      List<TokenRow> rows = List.of(TokenRow.of(new int[] {1, 40, 41, 42, 43}));
      float[] plain = base.model().tokenLogProbs(rows, 1)[0];
      float[] with = adapted.model().tokenLogProbs(rows, 1)[0];
      assertThat(with).isNotEqualTo(plain);
      assertThat(adapted.text(new int[] {40, 41})).isEqualTo(base.text(new int[] {40, 41}));
    }
  }

  private void exports(TinyProject tiny, Model compressed, Model recovered) throws Exception {
    Run run = enqueue(tiny, "export", "{}", 1);
    work(tiny);
    completed(tiny, run);
    List<Exported> ofBase = exported(tiny, compressed);
    List<Exported> ofAdapter = exported(tiny, recovered);
    assertThat(ofBase).extracting(Exported::format).containsExactly("gguf", "hf");
    assertThat(ofAdapter).extracting(Exported::format).containsExactly("gguf-adapter", "peft");
    assertThat(ofBase).allSatisfy(e -> assertThat(e.bytes()).isPositive());
    for (Exported gguf : List.of(ofBase.getFirst(), ofAdapter.getFirst())) {
      assertThat(new String(Files.readAllBytes(gguf.path()), 0, 4, StandardCharsets.US_ASCII))
          .isEqualTo("GGUF");
    }
    // The names for people lead to the same content.
    ExportLinks links = CompressionJobs.links(tiny.stores());
    Path gguf = links.path(tiny.project(), compressed, ExportFormat.GGUF);
    assertThat(gguf).isSymbolicLink().hasFileName("compressed.gguf");
    assertThat(gguf.toRealPath()).isEqualTo(ofBase.getFirst().path().toRealPath());
    Path peft = links.path(tiny.project(), recovered, ExportFormat.PEFT);
    assertThat(peft).hasFileName("recovered-peft").isDirectoryContaining("glob:**/README.md");
    ModelFolder folder = ModelFolder.read(ofBase.getLast().path());
    LlamaConfig config = folder.config();
    assertThat(PalettizedModel.load(ofBase.getLast().path().resolve(PalettizedModel.FILE_NAME)))
        .satisfies(packed -> assertThat(packed.config()).isEqualTo(config));
    assertThat(PeftFolder.load(ofAdapter.getLast().path(), config).config().rank()).isEqualTo(16);
    assertThat(ofAdapter.getLast().path().resolve("README.md"))
        .content()
        .contains(compressed.artifactSha256());
  }

  @Test
  void stopped_and_restarted_it_ends_with_the_hashes_of_the_run_that_was_left_alone()
      throws Exception {
    TinyProject alone = project("alone");
    completed(alone, enqueueAndWork(alone, SETTINGS, 5));
    device = device + "-stopped";
    TinyProject stopped = project("stopped");
    Run run = enqueue(stopped, "compression", SETTINGS, 5);
    long seen = 0;
    for (int stops = 0; stops < 3; stops++) {
      try (RunWorker worker = worker(stopped)) {
        worker.start();
        long until = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (commits(stopped, run) <= seen + 2) {
          assertThat(System.nanoTime()).isLessThan(until);
          Thread.sleep(5);
        }
      }
      // Closing lets the current unit end and puts the run back into the queue.
      seen = commits(stopped, run);
      assertThat(stopped.stores().runs().find(run.id()).orElseThrow().state())
          .isEqualTo(RunState.QUEUED);
    }
    work(stopped);
    completed(stopped, run);
    for (String name : List.of("compressed", "recovered")) {
      assertThat(model(stopped, name).artifactSha256())
          .as(name)
          .isEqualTo(model(alone, name).artifactSha256());
    }
  }

  @Test
  void killed_inside_and_between_its_steps_it_ends_with_the_hashes_of_the_run_that_was_left_alone()
      throws Exception {
    TinyProject alone = project("never-killed");
    Run quiet = enqueueAndWork(alone, SETTINGS, 6);
    completed(alone, quiet);
    device = device + "-killed";
    TinyProject killed = project("killed");
    Run run = enqueue(killed, "compression", SETTINGS, 6);
    var worker =
        new KilledWorker(
            database,
            artifacts.resolve("store"),
            device,
            CompressionJobs.class,
            artifacts.resolve("worker.log"));
    // Inside: answers are half sampled; the inputs lie in the store and no row says so; some
    // projections are measured; the compressed model lies in the store and is no model yet.
    worker.killAfter(() -> commits(killed, run, "answers") >= 1, Duration.ofMillis(7));
    worker.killWriting("checkpoint", "new.stage = 'inputs'");
    worker.killAfter(() -> commits(killed, run, "sensitivity") >= 5, Duration.ofMillis(3));
    worker.killWriting("model", "new.kind = 'COMPRESSED'");
    // Between: the compressed model is kept and the recovery has not begun.
    worker.killWriting("batch_step_execution", "new.step_name = 'trainRecovery'");
    // Inside: some steps are trained, and again when the adapter lies in the store.
    worker.killAfter(() -> commits(killed, run, "recovery") >= 2, Duration.ofMillis(11));
    worker.killWriting("model", "new.kind = 'ADAPTER'");
    // After the last step: all is done and only the run's row does not say so.
    worker.killWriting("run", "new.state = 'COMPLETED'");
    assertThat(state(killed, run)).isEqualTo(RunState.RUNNING);
    worker.runUntil(() -> state(killed, run) == RunState.COMPLETED);
    for (String name : List.of("compressed", "recovered")) {
      assertThat(model(killed, name).artifactSha256())
          .as(name)
          .isEqualTo(model(alone, name).artifactSha256());
      assertThat(model(killed, name).detail()).as(name).isEqualTo(model(alone, name).detail());
    }
    // Nothing is there twice.
    assertThat(killed.stores().models().ofProject(killed.project().id()))
        .extracting(Model::name)
        .containsExactlyInAnyOrder("base", "compressed", "recovered");
    assertThat(killed.stores().datasets().ofProject(killed.project().id()))
        .extracting(Dataset::name)
        .containsExactly("compressed/answers");
    for (String series : List.of("sensitivity/divergenceAtTwoBits", "recovery/divergence")) {
      assertThat(values(killed, run, series))
          .as(series)
          .isNotEmpty()
          .isEqualTo(values(alone, quiet, series));
    }
  }

  @Test
  void what_cannot_be_is_refused_by_name() {
    TinyProject tiny = project("refused");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enqueue(tiny, "compression", "{\"bitsPerWeight\": 1.5}", 1))
        .withMessageContaining("bitsPerWeight must be > 2, was 1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enqueue(tiny, "compression", "{\"bits\": 3}", 1))
        .withMessageContaining("bits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enqueue(tiny, "export", "{\"formats\": [\"onnx\"]}", 1))
        .withMessageContaining("formats must be of hf, peft, gguf and gguf-adapter, was onnx");
    Run run = enqueue(tiny, "compression", "{\"model\": \"nobody\"}", 1);
    work(tiny);
    assertThat(tiny.stores().runs().find(run.id()).orElseThrow().detail()).contains("nobody");
  }

  private static TinyProject project(String name) {
    return TinyProject.create(database.jdbc(), artifacts.resolve("store"), name);
  }

  private RunWorker worker(TinyProject tiny) {
    return WorkerProcess.worker(
        database.dataSource(), tiny.stores(), device, new CompressionJobs());
  }

  private Run enqueue(TinyProject tiny, String job, String settings, long seed) {
    List<RunJob> jobs =
        new CompressionJobs()
            .on(
                BatchOnPostgres.of(database.dataSource()),
                tiny.stores(),
                new RunProgress(System::nanoTime));
    return new RunQueue(tiny.stores().runs(), jobs, device, "test")
        .enqueue(tiny.project().id(), job, job, settings, seed);
  }

  private Run enqueueAndWork(TinyProject tiny, String settings, long seed) {
    Run run = enqueue(tiny, "compression", settings, seed);
    work(tiny);
    return run;
  }

  private void work(TinyProject tiny) {
    try (RunWorker worker = worker(tiny)) {
      assertThat(worker.runNext()).isTrue();
    }
  }

  private static void completed(TinyProject tiny, Run run) {
    Run ended = tiny.stores().runs().find(run.id()).orElseThrow();
    assertThat(ended.detail()).isEmpty();
    assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
  }

  private static long commits(TinyProject tiny, Run run) {
    return tiny.stores().checkpoints().ofRun(run.id()).size();
  }

  private static long commits(TinyProject tiny, Run run, String stage) {
    return tiny.stores().checkpoints().ofRun(run.id()).stream()
        .filter(checkpoint -> checkpoint.stage().equals(stage))
        .count();
  }

  private static RunState state(TinyProject tiny, Run run) {
    return tiny.stores().runs().find(run.id()).orElseThrow().state();
  }

  private static List<Double> values(TinyProject tiny, Run run, String series) {
    return tiny.stores().runs().points(run.id(), series).stream().map(MetricPoint::value).toList();
  }

  private static Model model(TinyProject tiny, String name) {
    return tiny.stores().models().findByName(tiny.project().id(), name).orElseThrow();
  }

  private static CompressionDetail detail(Model model) {
    return SettingsJson.parse(model.detail(), CompressionDetail.class);
  }

  private static List<Exported> exported(TinyProject tiny, Model model) {
    return Exported.of(model.artifactSha256(), tiny.stores().lineage(), tiny.stores().artifacts());
  }
}
