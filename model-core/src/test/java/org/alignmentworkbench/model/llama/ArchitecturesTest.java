package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.palette.HalfTensor;
import org.alignmentworkbench.model.palette.Int8Rows;
import org.alignmentworkbench.model.palette.PackedWeight;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.runtime.DecodeSession;
import org.alignmentworkbench.model.runtime.RuntimeModel;
import org.alignmentworkbench.model.runtime.SequenceForward;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Architectures beside plain Llama, against transformers: models and figures come from
/// `src/test/python/architectures.py`, computed there in float64.
class ArchitecturesTest {
  @TempDir private Path target;

  private static Path folder(String name) {
    try {
      return Path.of(
          ArchitecturesTest.class.getResource("/fixtures/architectures/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String config(String name) throws IOException {
    return Files.readString(folder(name).resolve("config.json"));
  }

  private static int[] ints(JsonElement array) {
    return array.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  /// A model of another architecture with what transformers says of it.
  private record Reference(LlamaConfig config, Map<String, Tensor> weights, JsonObject figures) {
    static Reference of(String name) throws IOException {
      try (SafetensorsFile weights =
          SafetensorsFile.open(folder(name).resolve("model.safetensors"))) {
        return new Reference(
            LlamaConfig.fromJson(ArchitecturesTest.config(name)),
            weights.readAll(),
            JsonParser.parseString(Files.readString(folder(name).resolve("reference.json")))
                .getAsJsonObject());
      }
    }

    JsonObject row(int row) {
      return figures.getAsJsonArray("rows").get(row).getAsJsonObject();
    }

    List<int[]> rows() {
      return List.of(ints(row(0).get("ids")), ints(row(1).get("ids")));
    }

    List<TokenRow> tokenRows() {
      return rows().stream().map(TokenRow::of).toList();
    }

    /// Logits of a text's last four positions, `at` being the first value of the last of them.
    void assertLast(int row, float[] logits, int at) {
      JsonArray last = row(row).getAsJsonArray("last_logits");
      for (int back = 0; back < 4; back++) {
        JsonArray position = last.get(3 - back).getAsJsonArray();
        for (int id = 0; id < 96; id++) {
          // float32 through two layers: 2e-5 of the largest logits, which are about 10
          assertThat((double) logits[at - back * 96 + id])
              .isCloseTo(position.get(id).getAsDouble(), within(2e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3-rope", "mistral", "qwen2", "qwen3"})
  void logits_losses_and_greedy_tokens_are_those_of_transformers(String name) throws IOException {
    Reference reference = Reference.of(name);
    List<int[]> rows = reference.rows();
    try (Engine engine = Engine.start(EngineSettings.cpu(1));
        LlamaModel model = LlamaModel.load(engine, reference.config, reference.weights)) {
      int width = rows.get(1).length;
      for (boolean left : new boolean[] {true, false}) {
        int[][] ids = new int[2][width];
        int[][] mask = new int[2][width];
        int[] end = new int[2];
        for (int row = 0; row < 2; row++) {
          int length = rows.get(row).length;
          int from = left ? width - length : 0;
          System.arraycopy(rows.get(row), 0, ids[row], from, length);
          Arrays.fill(mask[row], from, from + length, 1);
          end[row] = row * width + from + length - 1;
        }
        Tensor logits = model.logits(new TokenBatch(ids, mask));
        for (int row = 0; row < 2; row++) {
          reference.assertLast(row, logits.data(), end[row] * 96);
        }
      }
      float[][] scores = model.tokenLogProbs(reference.tokenRows(), 1);
      List<Generation> greedy =
          Generator.generate(model, rows, SamplingSettings.greedy(12, Set.of()), List.of());
      for (int row = 0; row < 2; row++) {
        double loss = 0;
        for (float score : scores[row]) {
          loss -= score;
        }
        double wanted = reference.row(row).get("loss_sum").getAsDouble();
        assertThat(loss).isCloseTo(wanted, within(1e-5 * wanted));
        assertThat(greedy.get(row).ids()).isEqualTo(ints(reference.row(row).get("greedy")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3-rope", "mistral", "qwen2", "qwen3"})
  void the_gradient_of_every_parameter_is_that_of_transformers(String name) throws IOException {
    Reference reference = Reference.of(name);
    float[][] each = {new float[reference.rows().get(0).length], new float[182]};
    for (float[] row : each) {
      Arrays.fill(row, -1);
    }
    try (Engine engine = Engine.start(EngineSettings.cpu(1));
        LlamaModel model = LlamaModel.load(engine, reference.config, reference.weights);
        Training training = Training.of(model, AdamW.withDecay(0))) {
      training.accumulate(reference.tokenRows(), 1, each);
      Map<String, Tensor> kept = training.gradients();
      JsonObject wanted = reference.figures.getAsJsonObject("gradients");
      assertThat(kept.keySet()).containsExactlyInAnyOrderElementsOf(wanted.keySet());
      kept.forEach((parameter, gradient) -> {
        JsonArray figures = wanted.getAsJsonArray(parameter);
        double norm = figures.get(0).getAsDouble();
        for (int k = 0; k < 3; k++) {
          double projection = 0;
          for (int i = 0; i < gradient.size(); i++) {
            projection += gradient.data()[i] * Math.cos(0.7 * i + k);
          }
          // transformers' own float32 is off by up to 1.5e-5 of a parameter's whole gradient here
          assertThat(projection)
              .as(parameter)
              .isCloseTo(figures.get(k + 1).getAsDouble(), within(1e-4 * norm));
        }
      });
      model.body().recompute(true);
      try (Training again = Training.of(model, AdamW.withDecay(0))) {
        again.accumulate(reference.tokenRows(), 1, each);
        again
            .gradients()
            .forEach((parameter, gradient) ->
                assertThat(gradient.data())
                    .as(parameter)
                    .isEqualTo(kept.getOrDefault(parameter, Tensor.zeros(1)).data()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3-rope", "mistral", "qwen2", "qwen3"})
  void the_runtime_in_plain_java_computes_the_same_dense_and_compressed(String name)
      throws IOException {
    Reference reference = Reference.of(name);
    SequenceForward whole = SequenceForward.of(reference.config, reference.weights);
    RuntimeModel dense = RuntimeModel.dense(reference.config, reference.weights);
    Map<String, PackedWeight> packed = new LinkedHashMap<>();
    reference.weights.forEach((key, weight) ->
        packed.put(key, weight.rank() == 1 ? HalfTensor.of(weight) : Int8Rows.of(weight)));
    Path file = target.resolve("packed.safetensors");
    new PalettizedModel(reference.config, packed).save(file);
    PalettizedModel compressed = PalettizedModel.load(file);
    assertThat(compressed.config()).isEqualTo(reference.config);
    for (int row = 0; row < 2; row++) {
      int[] ids = reference.rows().get(row);
      reference.assertLast(row, whole.logits(ids), (ids.length - 1) * 96);
      float[] logits = all(dense, ids);
      reference.assertLast(row, logits, (ids.length - 1) * 96);
      float[] small = all(RuntimeModel.palettized(compressed), ids);
      float[] same = all(RuntimeModel.dense(reference.config, compressed.dense()), ids);
      for (int i = 0; i < small.length; i++) {
        assertThat(small[i]).isCloseTo(same[i], within(2e-4f));
      }
    }
  }

  private static float[] all(RuntimeModel model, int[] ids) {
    DecodeSession session = model.session();
    float[] all = new float[ids.length * 96];
    for (int t = 0; t < ids.length; t++) {
      System.arraycopy(session.accept(ids[t]), 0, all, t * 96, 96);
    }
    return all;
  }

  /// bfloat16 has 8 bits: 0.4 % a number, and of a sum of errors the mean stays small.
  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "qwen3"})
  void in_bfloat16_scores_stay_near_and_are_others_than_in_float32(String name) throws IOException {
    Reference reference = Reference.of(name);
    double[] low = losses(reference, Precision.BF16);
    double[] full = losses(reference, Precision.FP32);
    for (int row = 0; row < 2; row++) {
      double wanted = reference.row(row).get("loss_sum").getAsDouble();
      assertThat(low[row]).isCloseTo(wanted, within(0.02 * wanted));
      assertThat(low[row]).isNotEqualTo(full[row]);
    }
  }

  private static double[] losses(Reference reference, Precision precision) {
    try (Engine engine = Engine.start(EngineSettings.cpu(1).in(precision));
        LlamaModel model = LlamaModel.load(engine, reference.config, reference.weights)) {
      double[] losses = new double[2];
      float[][] scores = model.tokenLogProbs(reference.tokenRows(), 1);
      for (int row = 0; row < 2; row++) {
        for (float score : scores[row]) {
          losses[row] -= score;
        }
      }
      return losses;
    }
  }

  @Test
  void a_qwen_configuration_is_written_as_it_was_read_and_its_window_refused() throws IOException {
    for (Architecture architecture : List.of(Architecture.QWEN2, Architecture.QWEN3)) {
      String json = config(architecture.modelType());
      LlamaConfig config = LlamaConfig.fromJson(json);
      assertThat(config.architecture()).isEqualTo(architecture);
      assertThat(LlamaConfig.fromJson(config.toJson())).isEqualTo(config);
      assertThatThrownBy(() ->
              LlamaConfig.fromJson(
                  json.replace("\"sliding_window\": null", "\"sliding_window\": 128")
                      .replace("\"use_sliding_window\": false", "\"use_sliding_window\": true")))
          .hasMessageContaining("sliding_window = 128");
      assertThatThrownBy(
              () -> LlamaConfig.fromJson(json.replaceFirst("full_attention", "sliding_attention")))
          .hasMessageContaining("layer_types = ");
      assertThatThrownBy(
              () -> LlamaConfig.fromJson(json.replaceFirst("num_key_value_heads", "return_dict")))
          .hasMessageContaining("num_key_value_heads is missing");
    }
  }

  @Test
  void the_configuration_of_stretched_angles_is_written_as_it_was_read() throws IOException {
    LlamaConfig config = LlamaConfig.fromJson(config("llama3-rope"));
    assertThat(config.ropeScaling()).isEqualTo(new RopeScaling(8, 1, 4, 64));
    assertThat(LlamaConfig.fromJson(config.toJson())).isEqualTo(config);
    JsonObject old = JsonParser.parseString(config("llama3-rope")).getAsJsonObject();
    JsonObject rope = old.remove("rope_parameters").getAsJsonObject();
    old.add("rope_theta", rope.remove("rope_theta"));
    old.add("rope_scaling", rope);
    assertThat(LlamaConfig.fromJson(old.toString())).isEqualTo(config);
    rope.addProperty("beta_fast", 32);
    assertThatThrownBy(() -> LlamaConfig.fromJson(old.toString()))
        .hasMessageContaining("rope_scaling.beta_fast = 32 asks for a computation");
    rope.remove("beta_fast");
    rope.addProperty("original_max_position_embeddings", 64.5);
    assertThatThrownBy(() -> LlamaConfig.fromJson(old.toString()))
        .hasMessageContaining("must be a whole number, was 64.5");
    rope.addProperty("original_max_position_embeddings", 64);
    JsonObject plain = new JsonObject();
    plain.addProperty("rope_type", "default");
    old.add("rope_parameters", plain);
    assertThatThrownBy(() -> LlamaConfig.fromJson(old.toString()))
        .hasMessageContaining("rope_scaling is RopeScaling")
        .hasMessageContaining("rope_parameters is null");
    old.remove("rope_parameters");
    rope.remove("low_freq_factor");
    assertThatThrownBy(() -> LlamaConfig.fromJson(old.toString()))
        .hasMessage("config.json: rope_scaling.low_freq_factor is missing");
    rope.addProperty("low_freq_factor", 5);
    assertThatThrownBy(() -> LlamaConfig.fromJson(old.toString()))
        .hasMessageContaining("0 < low_freq_factor < high_freq_factor must hold, were 5.0 and 4.0");
  }

  @Test
  void a_sliding_window_is_refused_where_it_hides_something() throws IOException {
    JsonObject json = JsonParser.parseString(config("mistral")).getAsJsonObject();
    json.addProperty("sliding_window", 512);
    assertThat(LlamaConfig.fromJson(json.toString()).contextLength()).isEqualTo(512);
    json.addProperty("sliding_window", 511);
    assertThatThrownBy(() -> LlamaConfig.fromJson(json.toString()))
        .hasMessage(
            "config.json: sliding_window = 511 asks for a computation this model does not do");
  }

  /// The rule on the published values of Llama 3.1: theta 500000, heads of 128, factor 8. Pair 0
  /// turns once in 2 pi positions and stays; the slowest turns once in about 2.6 million and is 8
  /// times slower; the divisors in between grow.
  @Test
  void divisors_tell_the_scaling_again() {
    RopeScaling llama31 = new RopeScaling(8, 1, 4, 8192);
    float[] divisors = llama31.divisors(500_000, 128);
    assertThat(divisors[0]).isEqualTo(1);
    assertThat(divisors[63]).isEqualTo(8);
    for (int i = 1; i < 64; i++) {
      assertThat(divisors[i]).isGreaterThanOrEqualTo(divisors[i - 1]);
    }
    assertThat(RopeScaling.ofDivisors(divisors, 500_000, 128)).contains(llama31);
    divisors[40] *= 1.01f;
    assertThat(RopeScaling.ofDivisors(divisors, 500_000, 128)).isEmpty();
    assertThat(RopeScaling.ofDivisors(new float[0], 500_000, 128)).isEmpty();
  }
}
