package org.alignmentworkbench.model.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.NativeFloats;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenBatch;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredModelTest {
  private static final Path TINY = Path.of("src/test/resources/fixtures/model/tiny-llama");
  private static final TokenBatch ROW =
      new TokenBatch(new int[][] {{5, 300, 17, 42, 511}}, new int[][] {{1, 1, 1, 1, 1}});

  private static Engine engine;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static float[] logits(LlamaModel model) {
    return model.logits(ROW).data();
  }

  @Test
  void a_folder_for_mapping_holds_the_same_model_and_gives_the_same_bits() throws Exception {
    ModelFolder inHeap = ModelFolder.read(TINY);
    List<String> told = new ArrayList<>();
    try (StoredModel stored = StoredModel.open(TINY)) {
      stored.writeForMapping(folder, (name, done, of) -> told.add(name + " " + done + "/" + of));
    }
    assertThat(told).hasSize(20);
    assertThat(told.getFirst()).isEqualTo(LlamaConfig.EMBEDDING + " 32768/125248");
    assertThat(told.getLast()).isEqualTo(LlamaConfig.FINAL_NORM + " 125248/125248");
    ModelFolder again = ModelFolder.read(folder);
    inHeap
        .weights()
        .forEach((name, weight) ->
            assertThat(again.weights().get(name).data()).as(name).isEqualTo(weight.data()));
    assertThat(again.description().stopIds()).isEqualTo(inHeap.stopIds());
    try (StoredModel stored = StoredModel.open(folder);
        LlamaModel mapped = stored.load(engine);
        LlamaModel loaded = LlamaModel.load(engine, inHeap.config(), inHeap.weights())) {
      assertThat(stored.weights().inPlace(inHeap.config().weightShapes().sequencedKeySet()))
          .hasValueSatisfying(NativeFloats::close);
      assertThat(logits(mapped)).isEqualTo(logits(loaded));
    }
  }

  @Test
  void the_weights_of_a_mapped_file_begin_at_a_cache_line() throws Exception {
    try (StoredModel stored = StoredModel.open(TINY)) {
      stored.writeForMapping(folder, (_, _, _) -> {});
    }
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(file.names())
          .containsExactlyElementsOf(ModelFolder.readConfig(TINY).weightShapes().keySet());
      assertThat(file.info(LlamaConfig.EMBEDDING).begin() % 64).isZero();
    }
  }

  @Test
  void what_a_kernel_writes_never_reaches_a_mapped_file() throws Exception {
    try (StoredModel stored = StoredModel.open(TINY)) {
      stored.writeForMapping(folder, (_, _, _) -> {});
    }
    byte[] before = Files.readAllBytes(folder.resolve("model.safetensors"));
    try (StoredModel stored = StoredModel.open(folder);
        LlamaModel changed = stored.load(engine);
        LlamaModel other = stored.load(engine)) {
      float[] zeros = new float[changed.body().values().size()];
      changed.body().values().write(zeros);
      assertThat(changed.body().values().read()).containsOnly(0);
      assertThat(other.body().values().read())
          .isEqualTo(other.body().layout().pack(ModelFolder.read(TINY).weights()));
    }
    assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(before);
  }

  @Test
  void sixteen_bit_and_sharded_weights_are_copied_value_by_value() throws Exception {
    ModelFolder tiny = ModelFolder.read(TINY);
    for (Dtype dtype : List.of(Dtype.F32, Dtype.F16, Dtype.BF16)) {
      Path at = folder.resolve(dtype.name());
      tiny.write(at, dtype);
      ModelFolder rounded = ModelFolder.read(at);
      try (StoredModel stored = StoredModel.open(at);
          LlamaModel copied = stored.load(engine);
          LlamaModel loaded = LlamaModel.load(engine, tiny.config(), rounded.weights())) {
        assertThat(stored.weights().storedAs(LlamaConfig.EMBEDDING)).isEqualTo(dtype.name());
        assertThat(copied.body().values().read()).isEqualTo(loaded.body().values().read());
      }
    }
  }

  @Test
  void a_weight_of_another_type_or_a_missing_shard_is_named() throws Exception {
    ModelFolder tiny = ModelFolder.read(TINY);
    tiny.write(folder, Dtype.F32);
    SafetensorsWriter writer = new SafetensorsWriter();
    tiny.weights()
        .forEach((name, weight) -> {
          if (name.equals(LlamaConfig.FINAL_NORM)) {
            writer.addInts(name, new int[64], 64);
          } else {
            writer.add(name, weight, Dtype.F32);
          }
        });
    Path file = folder.resolve("model.safetensors");
    writer.write(file);
    assertThatThrownBy(() -> StoredModel.open(folder))
        .hasMessage(file + ": model.norm.weight must be F32, F16 or BF16, was I32");
    Files.delete(file);
    Path index = folder.resolve("model.safetensors.index.json");
    StringBuilder map = new StringBuilder();
    tiny.weights()
        .keySet()
        .forEach(name ->
            map.append(map.isEmpty() ? "" : ",").append("\"" + name + "\":\"a.safetensors\""));
    Files.writeString(index, "{\"weight_map\":{" + map + "}}");
    assertThatThrownBy(() -> StoredModel.open(folder))
        .hasMessage(index + ": shard missing: a.safetensors");
  }

  @Test
  void a_tied_model_may_bring_a_copy_of_its_embedding_and_no_other_output_matrix()
      throws Exception {
    ModelFolder tiny = ModelFolder.read(TINY);
    tiny.write(folder, Dtype.F32);
    Map<String, Tensor> weights = new java.util.LinkedHashMap<>(tiny.weights());
    Path file = folder.resolve("model.safetensors");
    weights.put(LlamaConfig.OUTPUT, tiny.weights().get(LlamaConfig.EMBEDDING));
    SafetensorsWriter.write(file, weights, Dtype.F32, Map.of());
    try (StoredModel stored = StoredModel.open(folder)) {
      assertThat(stored.read().weights()).doesNotContainKey(LlamaConfig.OUTPUT);
    }
    weights.put(LlamaConfig.OUTPUT, Tensor.zeros(512, 64));
    SafetensorsWriter.write(file, weights, Dtype.F32, Map.of());
    assertThatThrownBy(() -> StoredModel.open(folder))
        .hasMessage(
            file
                + ": lm_head.weight differs from the embedding although tie_word_embeddings is"
                + " true");
  }
}
