package org.alignmentworkbench.app.compression.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.app.compression.job.FeatureAdapterJob.Detail;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.lineage.Edge;
import org.alignmentworkbench.db.lineage.Node;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.job.BatchOnPostgres;
import org.alignmentworkbench.rlhf.job.KilledWorker;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.RunWorker;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.alignmentworkbench.rlhf.job.WorkerProcess;
import org.alignmentworkbench.sft.job.Demonstrations;
import org.alignmentworkbench.synthetic.task.TaskKind;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An adapter for summaries on a tiny compressed policy, from the answers that the policy gave.
class FeatureAdapterJobIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  @TempDir static Path artifacts;

  private static final String COMPRESSION =
      """
      {"model": "base", "prompts": 60, "heldOutShare": 0.2, "calibrationTexts": 10,
       "sensitivityTexts": 2, "maxNewTokens": 12, "generationRows": 60,
       "recovery": {"epochs": 1, "rowsPerStep": 24, "microRows": 24, "stepsPerUnit": 10,
         "evaluateEvery": 10}}
      """;
  private static final String ADAPTER =
      """
      {"result": "%s", "dataset": "%s", "heldOutShare": 0.25,
       "training": {"epochs": %d, "rowsPerStep": 4, "microRows": 4, "stepsPerUnit": 1,
         "evaluateEvery": 2, "optimizer": {"learningRate": 0.003, "warmupSteps": 1}}}
      """;
  private static final int END_OF_TURN = 2;
  private static final Set<String> SUMMARIES =
      Set.of(TaskKind.SUMMARISE_NOTIFICATION.name(), TaskKind.SUMMARISE_THREAD.name());

  private static TinyProject tiny;
  private static List<Demonstrations.Line> answers;

  private String device;

  @BeforeAll
  static void aCompressedPolicyAndTheCommitteesAnswers() throws IOException {
    tiny = TinyProject.create(database.jdbc(), artifacts.resolve("store"), "adapters");
    completed(work("cpu", "compression", "compression", COMPRESSION));
    answers = new ArrayList<>();
    for (Answers.Answer answer :
        Answers.read(tiny.stores().artifacts().open(dataset("compressed/answers").artifactSha256()))
            .rows()) {
      answers.add(
          new Demonstrations.Line(
              answer.promptKey(), answer.prompt(), "sampled", answer.text(), ended(answer.ids())));
    }
    keep("itec-2/selected", answers);
  }

  /// The tiny policy seldom ends its turn by itself.
  private static int[] ended(int[] ids) {
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = END_OF_TURN;
    return ended;
  }

  private static void keep(String name, List<Demonstrations.Line> lines) throws IOException {
    Path file = tiny.stores().artifacts().temporary().resolve("answers.jsonl");
    Files.write(file, lines.stream().map(SettingsJson::write).toList(), StandardCharsets.UTF_8);
    Artifact kept = tiny.stores().artifacts().adopt(Artifact.Kind.DATASET, file);
    tiny.stores()
        .datasets()
        .create(
            new NewDataset(tiny.project().id(), name, Dataset.Kind.SELECTED, kept.sha256(), null),
            lines.stream()
                .map(line -> new DatasetRow(prompt(line.promptKey()).id(), null, null, null))
                .toList());
  }

  @BeforeEach
  void aDeviceOfItsOwn() {
    device = "cpu-" + System.nanoTime();
  }

  @Test
  void learns_the_answers_of_its_kinds_on_the_frozen_base_and_knows_its_parents() throws Exception {
    Run run =
        work(
            device,
            "learns",
            "featureAdapter",
            ADAPTER.formatted("summaries", "itec-2/selected", 5));
    completed(run);

    Model adapter = model("summaries");
    Model base = model("compressed");
    Model start = model("recovered");
    assertThat(adapter.kind()).isEqualTo(Model.Kind.ADAPTER);
    assertThat(adapter.baseModelId()).isEqualTo(base.id());
    assertThat(adapter.runId()).isEqualTo(run.id());
    Detail detail = SettingsJson.parse(adapter.detail(), Detail.class);
    assertThat(detail.kinds()).containsExactlyInAnyOrderElementsOf(SUMMARIES);
    assertThat(detail.rows() + detail.heldOutRows())
        .as("answers of the other kinds are left out")
        .isEqualTo(
            (int)
                answers.stream()
                    .filter(line -> SUMMARIES.contains(prompt(line.promptKey()).kind()))
                    .count())
        .isLessThan(answers.size());
    assertThat(detail.heldOutRows()).isPositive();
    List<Double> heldOut = values(run, "adapter/heldOutLoss");
    assertThat(detail.heldOutLoss()).isEqualTo(heldOut.stream().min(Double::compare).orElseThrow());
    List<Double> loss = values(run, "adapter/loss");
    assertThat(loss.getLast()).isLessThan(loss.getFirst());

    String sha256 = adapter.artifactSha256();
    var lineage = tiny.stores().lineage().ancestors(sha256);
    assertThat(lineage.edges())
        .filteredOn(edge -> edge.child().equals(sha256))
        .extracting(Edge::parent, Edge::role, Edge::runId)
        .containsExactlyInAnyOrder(
            tuple(base.artifactSha256(), "base", run.id()),
            tuple(start.artifactSha256(), "start", run.id()),
            tuple(dataset("itec-2/selected").artifactSha256(), "answers", run.id()));
    assertThat(lineage.nodes()).flatExtracting(Node::names).contains("base", "compressed/answers");
  }

  @Test
  void stands_beside_the_adapter_it_started_from_and_is_evaluated_like_any_policy()
      throws Exception {
    completed(
        work(
            device, "stands", "featureAdapter", ADAPTER.formatted("beside", "itec-2/selected", 4)));
    ModelShelf shelf = CompressionJobs.shelf(tiny.stores());
    List<TokenRow> rows = List.of(TokenRow.of(new int[] {1, 40, 41, 42, 43}));
    try (OpenPolicy compressed = shelf.policy(tiny.project().id(), "compressed");
        OpenPolicy recovered = shelf.policy(tiny.project().id(), "recovered");
        OpenPolicy adapted = shelf.policy(tiny.project().id(), "beside")) {
      assertThat(adapted.model().tokenLogProbs(rows, 1)[0])
          .isNotEqualTo(recovered.model().tokenLogProbs(rows, 1)[0])
          .isNotEqualTo(compressed.model().tokenLogProbs(rows, 1)[0]);
      // The base's own tensors, bit for bit, lie under both adapters.
      assertThat(adapted.model().weights().keySet())
          .isEqualTo(compressed.model().weights().keySet());
      Map<String, Tensor> base = compressed.model().weights();
      adapted
          .model()
          .weights()
          .forEach((name, tensor) ->
              assertThat(tensor.data()).as(name).isEqualTo(base.get(name).data()));
    }
    completed(
        work(
            device,
            "evaluates",
            "evaluation",
            """
            {"stage": "beside", "model": "beside", "reference": "compressed", "prompts": 4,
             "sampling": {"maxNewTokens": 12, "rows": 4}}
            """));
    Evaluation evaluation =
        tiny.stores().evaluations().findByStage(tiny.project().id(), "beside").orElseThrow();
    assertThat(tiny.stores().evaluations().items(evaluation.id())).hasSize(4);
    JsonNode summary = JsonMapper.shared().readTree(evaluation.summary());
    assertThat(summary.get("n").asInt()).isEqualTo(4);
    assertThat(summary.get("klToReference").asDouble()).isNotZero();
  }

  @Test
  void killed_again_and_again_it_ends_with_the_hash_of_the_run_that_was_left_alone()
      throws Exception {
    Run quiet =
        work(device, "alone", "featureAdapter", ADAPTER.formatted("alone", "itec-2/selected", 4));
    completed(quiet);
    device = device + "-killed";
    Run run =
        enqueue(
            device, "killed", "featureAdapter", ADAPTER.formatted("killed", "itec-2/selected", 4));
    var worker =
        new KilledWorker(
            database,
            artifacts.resolve("store"),
            device,
            CompressionJobs.class,
            artifacts.resolve("worker.log"));
    worker.killAfter(() -> commits(run) >= 2, Duration.ofMillis(5));
    worker.killWriting("checkpoint", "new.step >= 5");
    worker.killWriting("model", "new.name = 'killed'");
    worker.runUntil(() -> state(run) == RunState.COMPLETED);
    assertThat(model("killed").artifactSha256()).isEqualTo(model("alone").artifactSha256());
    assertThat(model("killed").detail()).isEqualTo(model("alone").detail());
    for (String series : List.of("adapter/loss", "adapter/heldOutLoss")) {
      assertThat(values(run, series)).as(series).isEqualTo(values(quiet, series));
    }
  }

  @Test
  void leaves_out_what_cannot_be_learnt_as_if_it_had_never_been_there() throws Exception {
    Demonstrations.Line whole =
        answers.stream()
            .filter(line -> SUMMARIES.contains(prompt(line.promptKey()).kind()))
            .findFirst()
            .orElseThrow();
    var flawed = new ArrayList<>(answers);
    flawed.add(
        2,
        new Demonstrations.Line(
            whole.promptKey(), whole.prompt(), "cut", whole.answer(), new int[] {40, 41, 42}));
    flawed.add(
        new Demonstrations.Line(
            whole.promptKey(),
            "word ".repeat(600),
            "too long",
            whole.answer(),
            new int[] {40, END_OF_TURN}));
    keep("flawed", flawed);
    completed(
        work(device, "whole", "featureAdapter", ADAPTER.formatted("w", "itec-2/selected", 4)));
    Run run = work(device, "flawed", "featureAdapter", ADAPTER.formatted("f", "flawed", 4));
    completed(run);
    assertThat(model("f").artifactSha256()).isEqualTo(model("w").artifactSha256());
    assertThat(values(run, "adapter/leftOutUnended")).containsExactly(1.0);
    assertThat(values(run, "adapter/leftOutTooLong")).containsExactly(1.0);
    assertThat(tiny.stores().runs().logTail(run.id(), 10))
        .extracting(LogLine::message)
        .anySatisfy(message ->
            assertThat(message)
                .contains("1 left out as longer than the model's context (" + whole.promptKey())
                .contains("1 left out for want of a trained end of turn (" + whole.promptKey()));
    Detail detail = SettingsJson.parse(model("f").detail(), Detail.class);
    assertThat(detail.tooLong()).isEqualTo(1);
    assertThat(detail.unended()).isEqualTo(1);
  }

  @Test
  void what_cannot_be_is_refused_by_name() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enqueue(device, "no-kinds", "featureAdapter", "{\"kinds\": []}"))
        .withMessageContaining("kinds must be at least one kind, was []");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enqueue(device, "poem", "featureAdapter", "{\"kinds\": [\"POEM\"]}"))
        .withMessageContaining("POEM");
    assertThat(refusal("{\"model\": \"compressed\"}"))
        .contains("'compressed' is no adapter; a feature starts from one");
    assertThat(refusal("{\"dataset\": \"nowhere\"}")).contains("no dataset 'nowhere'");
    keep(
        "others",
        answers.stream()
            .filter(line -> !SUMMARIES.contains(prompt(line.promptKey()).kind()))
            .toList());
    assertThat(refusal("{\"dataset\": \"others\"}"))
        .contains("no answer of the kinds [SUMMARISE_NOTIFICATION, SUMMARISE_THREAD]");
    keep(
        "cut",
        answers.stream()
            .map(line ->
                new Demonstrations.Line(
                    line.promptKey(), line.prompt(), "cut", line.answer(), new int[] {40, 41}))
            .toList());
    assertThat(refusal("{\"dataset\": \"cut\"}"))
        .contains("leaves no row to train on")
        .contains("left out for want of a trained end of turn (");
  }

  private String refusal(String settings) {
    Run run = work(device, "refused " + settings, "featureAdapter", settings);
    assertThat(state(run)).isEqualTo(RunState.FAILED);
    return tiny.stores().runs().find(run.id()).orElseThrow().detail();
  }

  private static Run enqueue(String device, String name, String job, String settings) {
    var jobs =
        new CompressionJobs()
            .on(
                BatchOnPostgres.of(database.dataSource()),
                tiny.stores(),
                new RunProgress(System::nanoTime));
    return new RunQueue(tiny.stores().runs(), jobs, device, "test")
        .enqueue(tiny.project().id(), name, job, settings, 1);
  }

  private static Run work(String device, String name, String job, String settings) {
    Run run = enqueue(device, name, job, settings);
    try (RunWorker worker =
        WorkerProcess.worker(database.dataSource(), tiny.stores(), device, new CompressionJobs())) {
      assertThat(worker.runNext()).isTrue();
    }
    return run;
  }

  private static void completed(Run run) {
    assertThat(tiny.stores().runs().find(run.id()).orElseThrow().detail()).isEmpty();
    assertThat(state(run)).isEqualTo(RunState.COMPLETED);
  }

  private static RunState state(Run run) {
    return tiny.stores().runs().find(run.id()).orElseThrow().state();
  }

  private static int commits(Run run) {
    return tiny.stores().checkpoints().ofRun(run.id()).size();
  }

  private static List<Double> values(Run run, String series) {
    return tiny.stores().runs().points(run.id(), series).stream().map(MetricPoint::value).toList();
  }

  private static Model model(String name) {
    return tiny.stores().models().findByName(tiny.project().id(), name).orElseThrow();
  }

  private static Dataset dataset(String name) {
    return tiny.stores().datasets().findByName(tiny.project().id(), name).orElseThrow();
  }

  private static Prompt prompt(String key) {
    return tiny.stores().prompts().findByKey(tiny.project().id(), key).orElseThrow();
  }
}
