package org.alignmentworkbench.model.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  private static final Path TINY = Path.of("src/test/resources/fixtures/model/tiny-llama");

  @TempDir Path folder;

  private void copyTiny() throws IOException {
    try (Stream<Path> files = Files.list(TINY)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
  }

  private SequencedMap<String, Tensor> tinyWeights() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(TINY.resolve("model.safetensors"))) {
      return file.readAll();
    }
  }

  private void writeWeights(String name, Map<String, Tensor> weights) throws IOException {
    SafetensorsWriter.write(folder.resolve(name), weights, Dtype.F32, Map.of("format", "pt"));
  }

  @Test
  void a_folder_of_transformers_survives_reading_and_writing() throws IOException {
    ModelFolder tiny = ModelFolder.read(TINY);
    assertThat(tiny.config().vocabularySize()).isEqualTo(512);
    assertThat(tiny.generation().ids().eos()).containsExactly(2, 0);
    assertThat(tiny.stopIds()).containsExactly(2, 0);
    tiny.write(folder, Dtype.F32);
    assertThat(folder.resolve("model.safetensors"))
        .hasSameBinaryContentAs(TINY.resolve("model.safetensors"));
    assertThat(folder.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(TINY.resolve("tokenizer.json"));
    ModelFolder again = ModelFolder.read(folder);
    assertThat(again.config()).isEqualTo(tiny.config());
    assertThat(again.generation()).isEqualTo(tiny.generation());
    assertThat(again.tokenizerConfig()).isEqualTo(tiny.tokenizerConfig());
    List<ChatMessage> messages =
        List.of(ChatMessage.user("Hello 42!"), ChatMessage.assistant("Yes."));
    assertThat(again.chatTemplate().render(messages, true).ids())
        .isEqualTo(tiny.chatTemplate().render(messages, true).ids());
  }

  @Test
  void writing_twice_gives_the_same_bytes_and_half_the_size_in_16_bits() throws IOException {
    ModelFolder tiny = ModelFolder.read(TINY);
    tiny.write(folder.resolve("a"), Dtype.F16);
    ModelFolder.read(folder.resolve("a")).write(folder.resolve("b"), Dtype.F16);
    for (String name :
        List.of(
            "config.json",
            "model.safetensors",
            "tokenizer_config.json",
            "generation_config.json")) {
      assertThat(folder.resolve("a").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
    }
    long full = Files.size(TINY.resolve("model.safetensors"));
    assertThat(Files.size(folder.resolve("a/model.safetensors")))
        .isBetween(full / 2, full / 2 + 4096);
    assertThat(folder.resolve("a/config.json")).content().contains("\"dtype\": \"float16\"");
  }

  @Test
  void the_older_spelling_of_the_configuration_reads_the_same() throws IOException {
    copyTiny();
    Files.move(
        folder.resolve("config.v4.json"),
        folder.resolve("config.json"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(ModelFolder.readConfig(folder)).isEqualTo(ModelFolder.readConfig(TINY));
  }

  @Test
  void shards_read_as_one_file_does() throws IOException {
    copyTiny();
    Files.delete(folder.resolve("model.safetensors"));
    SequencedMap<String, Tensor> first = new LinkedHashMap<>();
    SequencedMap<String, Tensor> second = new LinkedHashMap<>();
    JsonObject map = new JsonObject();
    tinyWeights()
        .forEach((name, tensor) -> {
          boolean one = first.size() < 8;
          (one ? first : second).put(name, tensor);
          map.addProperty(name, "model-0000" + (one ? 1 : 2) + "-of-00002.safetensors");
        });
    writeWeights("model-00001-of-00002.safetensors", first);
    writeWeights("model-00002-of-00002.safetensors", second);
    JsonObject index = new JsonObject();
    index.add("weight_map", map);
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
    SequencedMap<String, Tensor> read = ModelFolder.read(folder).weights();
    tinyWeights()
        .forEach((name, tensor) -> assertThat(read.get(name).data()).isEqualTo(tensor.data()));

    second.remove("model.norm.weight");
    writeWeights("model-00002-of-00002.safetensors", second);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageEndingWith(
            "model-00002-of-00002.safetensors: weight missing: model.norm.weight");
    map.addProperty("model.norm.weight", "../../secret.safetensors");
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageEndingWith("a shard must be a file name, was ../../secret.safetensors");
    map.remove("model.norm.weight");
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageEndingWith("index.json: weight missing: model.norm.weight");
  }

  @Test
  void a_missing_unknown_or_misshapen_weight_is_named() throws IOException {
    copyTiny();
    SequencedMap<String, Tensor> weights = tinyWeights();
    weights.remove("model.layers.1.mlp.up_proj.weight");
    writeWeights("model.safetensors", weights);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessage(
            folder.resolve("model.safetensors")
                + ": weight missing: model.layers.1.mlp.up_proj.weight");

    weights = tinyWeights();
    weights.put("model.layers.7.extra", Tensor.zeros(3));
    writeWeights("model.safetensors", weights);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageEndingWith("weight not known: model.layers.7.extra");

    weights = tinyWeights();
    weights.put("model.norm.weight", Tensor.zeros(63));
    writeWeights("model.safetensors", weights);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageEndingWith("model.norm.weight must have shape [64], was [63]");

    weights = tinyWeights();
    weights.put(LlamaConfig.OUTPUT, Tensor.zeros(512, 64));
    writeWeights("model.safetensors", weights);
    assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("lm_head.weight");

    Files.delete(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> ModelFolder.read(folder)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void a_vocabulary_larger_than_the_embedding_is_refused() throws IOException {
    copyTiny();
    Path file = folder.resolve("config.json");
    Files.writeString(
        file, Files.readString(file).replace("\"vocab_size\": 512", "\"vocab_size\": 500"));
    SequencedMap<String, Tensor> weights = tinyWeights();
    weights.put(
        LlamaConfig.EMBEDDING,
        Tensor.of(
            java.util.Arrays.copyOf(weights.get(LlamaConfig.EMBEDDING).data(), 500 * 64), 500, 64));
    writeWeights("model.safetensors", weights);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessage(
            folder
                + ": the embedding must have a row for each of the tokenizer's 512 tokens, has 500");
  }

  @Test
  void without_a_generation_configuration_the_ids_of_config_json_hold() throws IOException {
    copyTiny();
    Files.delete(folder.resolve("generation_config.json"));
    assertThat(ModelFolder.read(folder).stopIds()).containsExactly(2);
    Files.writeString(folder.resolve("generation_config.json"), "[]");
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageContaining("generation_config.json: must hold ids in a JSON object");
  }
}
