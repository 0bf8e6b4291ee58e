package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaConfigTest {

  private static final LlamaConfig TINY =
      new LlamaConfig(
          512,
          64,
          176,
          2,
          4,
          2,
          16,
          512,
          10000,
          1e-5,
          true,
          new LlamaConfig.SpecialIds(1, List.of(2), 3));

  private static String fixture(String name) throws IOException {
    try (var in = LlamaConfigTest.class.getResourceAsStream("/fixtures/model/tiny-llama/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "config.v4.json"})
  void reads_both_spellings_of_transformers(String file) throws IOException {
    assertThat(LlamaConfig.fromJson(fixture(file))).isEqualTo(TINY);
  }

  @Test
  void what_it_writes_it_reads_back() {
    assertThat(LlamaConfig.fromJson(TINY.toJson())).isEqualTo(TINY);
    assertThat(TINY.toJson("float16")).contains("\"dtype\": \"float16\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_act|\"gelu\"",
        "attention_bias|true",
        "mlp_bias|true",
        "rope_scaling|{\"factor\":2}",
        "quantization_config|{}",
        "sliding_window|128",
        "attention_dropout|0.1",
        "pretraining_tp|2"
      })
  void refuses_by_name_what_changes_the_maths(String field, String value) throws IOException {
    String json = fixture("config.json");
    String changed =
        json.contains("\"" + field + "\"")
            ? json.replaceFirst("\"" + field + "\": [^,\n]*", "\"" + field + "\": " + value)
            : json.replaceFirst("\\{", "{\"" + field + "\": " + value + ",");
    assertThatThrownBy(() -> LlamaConfig.fromJson(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field + " = ");
  }

  @Test
  void refuses_scaled_rotary_angles_in_the_new_spelling() throws IOException {
    String json = fixture("config.json").replace("\"default\"", "\"yarn\"");
    assertThatThrownBy(() -> LlamaConfig.fromJson(json))
        .hasMessageContaining("rope_parameters.rope_type");
  }

  @Test
  void refuses_another_architecture() throws IOException {
    String json = fixture("config.json");
    assertThatThrownBy(
            () -> LlamaConfig.fromJson(json.replace("LlamaForCausalLM", "MistralForCausalLM")))
        .hasMessageContaining("architectures")
        .hasMessageContaining("MistralForCausalLM");
    assertThatThrownBy(() -> LlamaConfig.fromJson(json.replace("\"llama\"", "\"gemma\"")))
        .hasMessageContaining(
            "model_type must be \"llama\", \"mistral\", \"qwen2\" or \"qwen3\", was \"gemma\"");
    assertThatThrownBy(() -> LlamaConfig.fromJson(json.replace("\"llama\"", "\"qwen2\"")))
        .hasMessageContaining("architectures must be [\"Qwen2ForCausalLM\"]");
  }

  @Test
  void says_which_field_is_missing_or_wrong() throws IOException {
    String json = fixture("config.json");
    assertThatThrownBy(
            () -> LlamaConfig.fromJson(json.replace("\"vocab_size\": 512", "\"x\": null")))
        .hasMessageContaining("vocab_size is missing");
    assertThatThrownBy(
            () -> LlamaConfig.fromJson(json.replace("\"vocab_size\": 512", "\"vocab_size\": 1.5")))
        .hasMessageContaining("vocab_size must be an integer");
    assertThatThrownBy(() -> LlamaConfig.fromJson("[]")).hasMessageContaining("object");
    assertThatThrownBy(() -> LlamaConfig.fromJson("{")).hasMessageContaining("not JSON");
  }

  @Test
  void counts_the_parameters_by_hand() {
    // 512*64 embedding; a layer: 64*64*2 (q, o) + 32*64*2 (k, v) + 3*176*64 + 2*64; last norm 64.
    assertThat(TINY.parameters())
        .isEqualTo(512 * 64 + 2L * (64 * 64 * 2 + 32 * 64 * 2 + 3 * 176 * 64 + 2 * 64) + 64);
  }

  @Test
  void weights_are_checked_by_name_and_shape() {
    Map<String, Tensor> weights = new HashMap<>();
    TINY.weightShapes().forEach((name, shape) -> weights.put(name, Tensor.zeros(shape)));
    assertThat(TINY.checkWeights(weights).keySet())
        .containsExactlyElementsOf(TINY.weightShapes().keySet());

    Map<String, Tensor> extra = new HashMap<>(weights);
    extra.put("model.layers.2.mlp.up_proj.weight", Tensor.zeros(1));
    assertThatThrownBy(() -> TINY.checkWeights(extra)).hasMessageContaining("layers.2");

    Map<String, Tensor> wrong = new HashMap<>(weights);
    wrong.put(LlamaConfig.FINAL_NORM, Tensor.zeros(65));
    assertThatThrownBy(() -> TINY.checkWeights(wrong))
        .hasMessageContaining("model.norm.weight must have shape [64], was [65]");

    Map<String, Tensor> missing = new HashMap<>(weights);
    missing.remove(LlamaConfig.EMBEDDING);
    assertThatThrownBy(() -> TINY.checkWeights(missing)).hasMessageContaining("weight missing");
  }

  @Test
  void numbers_that_do_not_fit_are_refused() {
    assertThatThrownBy(() ->
            new LlamaConfig(
                512, 64, 176, 2, 4, 3, 16, 512, 1e4, 1e-5, true, LlamaConfig.SpecialIds.NONE))
        .hasMessageContaining("keyValueHeads must divide heads");
    assertThatThrownBy(() ->
            new LlamaConfig(
                512, 64, 176, 2, 4, 2, 15, 512, 1e4, 1e-5, true, LlamaConfig.SpecialIds.NONE))
        .hasMessageContaining("headSize must be even");
  }
}
