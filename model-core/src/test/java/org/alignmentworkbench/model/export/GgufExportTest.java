package org.alignmentworkbench.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.alignmentworkbench.model.gguf.RotaryRows;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufExportTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");
  private static final Path TINY = FIXTURES.resolve("tiny-llama");

  private static LlamaConfig config;
  private static Map<String, Tensor> weights;
  private static Tokenizer tokenizer;
  private static TokenizerConfig roles;

  @TempDir Path folder;

  @BeforeAll
  static void load() throws Exception {
    config = LlamaConfig.fromJson(Files.readString(TINY.resolve("config.json")));
    weights = tensors(TINY.resolve("model.safetensors"));
    tokenizer = Tokenizer.load(TINY);
    roles = TokenizerConfig.load(TINY);
  }

  /// The fixture was written by the `gguf` Python package and is read by llama.cpp with the right
  /// greedy output. The same pairs and tensors in the same order must give the same bytes.
  @Test
  void the_tiny_model_is_byte_for_byte_the_file_of_the_reference_writer() throws Exception {
    Path file = folder.resolve("model.gguf");
    GgufExport.writeModel(file, "tiny-llama", config, weights, tokenizer, roles);
    Path reference = FIXTURES.resolve("exports/tiny-llama.F16.gguf");
    GgufFile ours = GgufFile.read(file);
    GgufFile theirs = GgufFile.read(reference);
    assertThat(ours.pairs()).isEqualTo(theirs.pairs());
    assertThat(ours.tensors().keySet()).containsExactlyElementsOf(theirs.tensors().keySet());
    theirs
        .tensors()
        .forEach((name, tensor) -> {
          assertThat(ours.tensors().get(name).shape()).as(name).isEqualTo(tensor.shape());
          assertThat(ours.tensors().get(name).data()).as(name).isEqualTo(tensor.data());
        });
    assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(reference));
  }

  @Test
  void an_adapter_names_its_pairs_after_the_base_and_permutes_b_of_queries_and_keys()
      throws Exception {
    LoraAdapter trained = PeftFolder.load(FIXTURES.resolve("lora-trained"), config);
    Map<String, Tensor> adapter = trained.weights();
    Path file = folder.resolve("adapter.gguf");
    GgufExport.writeAdapter(file, "tiny", config, trained);
    GgufFile read = GgufFile.read(file);
    assertThat(read.pairs())
        .containsEntry("general.type", "adapter")
        .containsEntry("adapter.type", "lora")
        .containsEntry("adapter.lora.alpha", 32f);
    assertThat(read.tensors()).hasSize(28);
    String q = "base_model.model.model.layers.1.self_attn.q_proj.";
    assertThat(read.tensors().get("blk.1.attn_q.weight.lora_a").data())
        .isEqualTo(adapter.get(q + "lora_A.weight").data());
    assertThat(read.tensors().get("blk.1.attn_q.weight.lora_b").data())
        .isEqualTo(RotaryRows.interleaved(adapter.get(q + "lora_B.weight"), 16).data());
    String v = "base_model.model.model.layers.0.self_attn.v_proj.";
    assertThat(read.tensors().get("blk.0.attn_v.weight.lora_b").data())
        .isEqualTo(adapter.get(v + "lora_B.weight").data());
  }

  @Test
  void the_locale_changes_no_byte() throws Exception {
    Locale before = Locale.getDefault();
    Path file = folder.resolve("locale.gguf");
    try {
      Locale.setDefault(Locale.of("tr", "TR"));
      GgufExport.writeModel(file, "tiny-llama", config, weights, tokenizer, roles);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(Files.readAllBytes(file))
        .isEqualTo(Files.readAllBytes(FIXTURES.resolve("exports/tiny-llama.F16.gguf")));
  }

  @Test
  void refuses_a_pre_tokenizer_without_a_name_in_the_format() {
    String json =
        tokenizer.json().replace("\"individual_digits\": true", "\"individual_digits\": false");
    assertThat(json).isNotEqualTo(tokenizer.json());
    assertThatThrownBy(() ->
            GgufExport.writeModel(
                folder.resolve("no.gguf"), "tiny", config, weights, Tokenizer.parse(json), roles))
        .hasMessageContaining("the pre-tokenizer is {\"type\":\"Sequence\"");
    assertThat(folder.resolve("no.gguf")).doesNotExist();
  }

  private static Map<String, Tensor> tensors(Path path) throws Exception {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return file.readAll();
    }
  }
}
