package org.alignmentworkbench.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.export.GgufExport;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The benches on prepared files, on the model that is shipped.
class PreparedBenchTest {
  private static final Path SHIPPED = Path.of("..", "models", "nano");

  @TempDir Path files;

  @Test
  void a_loss_before_the_first_step_is_that_of_the_model_alone() throws IOException {
    var _ =
        new ModelRegistry(files.resolve("models")).importModel("smol", SHIPPED, (n, d, o) -> {});
    List<SupervisedRow> rows =
        IntStream.range(0, 20)
            .mapToObj(i -> SupervisedRow.of("r" + i, new int[] {5, 6 + i}, new int[] {7, 8, 9 + i}))
            .toList();
    List<List<BenchFiles.Row>> batches = BenchFiles.batches(Bench.RAGGED, rows);
    Files.writeString(
        files.resolve(BenchFiles.BATCHES),
        JsonMapper.shared().writeValueAsString(new BenchFiles.Batches(batches)));

    BenchWork.Measured measured = RaggedWork.measured(Bench.RAGGED, 1, Precision.FP32, files);

    assertThat(measured.of(Bench.RAGGED.speed())).isPositive();
    // Three of the five tokens of each row are supervised, and both rates share their seconds.
    assertThat(measured.of(Bench.ALL_TOKENS) / measured.of(Bench.RAGGED.speed()))
        .isCloseTo(5.0 / 3, within(1e-9));
    // The adapter begins as nothing; float32 sums of 24 terms in another order.
    assertThat(measured.firstLoss()).isCloseTo(meanLoss(batches.getFirst()), within(1e-5));
  }

  private static double meanLoss(List<BenchFiles.Row> batch) throws IOException {
    double sum = 0;
    int tokens = 0;
    try (Engine engine = Engine.start(EngineSettings.cpu(1));
        StoredModel stored = ModelRegistry.open(SHIPPED);
        LlamaModel model = stored.load(engine)) {
      for (BenchFiles.Row row : batch) {
        TokenRow tokenRow = new TokenRow(row.ids(), row.supervised());
        for (float logProb : model.tokenLogProbs(List.of(tokenRow), 1)[0]) {
          sum -= logProb;
        }
        tokens += tokenRow.scoredTokens();
      }
    }
    return sum / tokens;
  }

  @Test
  void batches_are_full_random_and_the_same_each_time() {
    List<SupervisedRow> rows =
        IntStream.range(0, 21)
            .mapToObj(i -> SupervisedRow.of("r" + i, new int[] {i}, new int[] {1}))
            .toList();
    List<List<Integer>> first = firstIds(BenchFiles.batches(Bench.RAGGED, rows));
    assertThat(first).hasSize(BenchWork.WARM_UPS + Bench.RAGGED.repetitions());
    // 21 rows make two full batches an epoch; no row comes twice in one.
    assertThat(first).allSatisfy(batch -> assertThat(new HashSet<>(batch)).hasSize(8));
    assertThat(first.getFirst()).isNotEqualTo(IntStream.range(0, 8).boxed().toList());
    assertThat(first).isEqualTo(firstIds(BenchFiles.batches(Bench.RAGGED, rows)));
  }

  private static List<List<Integer>> firstIds(List<List<BenchFiles.Row>> batches) {
    return batches.stream().map(batch -> batch.stream().map(row -> row.ids()[0]).toList()).toList();
  }

  @Test
  void conversations_are_rendered_by_the_models_template() throws IOException {
    Path file =
        Files.writeString(
            files.resolve("two.jsonl"),
            """
            {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "2"}]}
            """);
    ChatTemplate template = ChatTemplate.load(SHIPPED);
    List<SupervisedRow> rows = BenchFiles.rows(file, template);
    assertThat(rows).hasSize(1);
    assertThat(template.tokenizer().decode(rows.getFirst().ids(), true)).contains("1 + 1?");
    Files.writeString(file, "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}\n");
    assertThatThrownBy(() -> BenchFiles.rows(file, template))
        .hasMessageContaining("every row must be a conversation");
  }

  @Test
  void an_import_is_measured_and_leaves_no_model_behind() throws IOException {
    ModelFolder model = ModelFolder.read(SHIPPED);
    GgufExport.writeModel(
        files.resolve(BenchFiles.GGUF),
        "nano",
        model.config(),
        model.weights(),
        model.tokenizer(),
        model.tokenizerConfig());
    BenchWork.Measured measured = ImportWork.measured(Bench.IMPORT, 1, Precision.FP32, files);
    assertThat(measured.of(Bench.LOAD)).isPositive();
    assertThat(measured.of(Bench.LOAD_AND_LOGITS)).isGreaterThan(measured.of(Bench.LOAD));
    assertThat(measured.of(Bench.IMPORT_TIME)).isPositive();
    assertThat(new ModelRegistry(files.resolve("models")).names()).isEmpty();
  }

  @Test
  void sides_that_do_other_work_are_no_pair() throws IOException {
    var ours = new BenchWork.Measured(new LinkedHashMap<>(), 2.5);
    BenchCommand.requireSameWork(ours, json("{\"first_loss\": 2.5004}"), Precision.FP32);
    assertThatThrownBy(
            () -> BenchCommand.requireSameWork(ours, json("{\"first_loss\": 2.6}"), Precision.FP32))
        .hasMessageContaining("the same loss")
        .hasMessageContaining("2.5 and 2.6");
    assertThatThrownBy(() -> BenchCommand.requireSameWork(ours, json("{}"), Precision.FP32))
        .isInstanceOf(IOException.class);
  }

  private static tools.jackson.databind.JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void an_import_has_no_peer() {
    assertThatThrownBy(() -> Bench.IMPORT.peer(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'import' has no peer");
    assertThat(Bench.RAGGED.peer(2)).containsExactly("ragged_peer.py", "--threads", "2");
  }
}
