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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Architectures beside plain Llama, against transformers: models and figures come from
/// `src/test/python/architectures.py`, computed there in float64.
class ArchitecturesTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"llama3-rope", "mistral"})
  void logits_losses_and_greedy_tokens_are_those_of_transformers(String name) throws IOException {
    LlamaConfig config = LlamaConfig.fromJson(config(name));
    JsonArray reference =
        JsonParser.parseString(Files.readString(folder(name).resolve("reference.json")))
            .getAsJsonArray();
    List<int[]> rows = new ArrayList<>();
    reference.forEach(row -> rows.add(ints(row.getAsJsonObject().get("ids"))));
    try (SafetensorsFile weights = SafetensorsFile.open(folder(name).resolve("model.safetensors"));
        Engine engine = Engine.start(EngineSettings.cpu(1));
        LlamaModel model = LlamaModel.load(engine, config, weights.readAll())) {
      int width = rows.get(1).length;
      int[][] ids = new int[rows.size()][width];
      int[][] mask = new int[rows.size()][width];
      for (int row = 0; row < rows.size(); row++) {
        int pad = width - rows.get(row).length;
        System.arraycopy(rows.get(row), 0, ids[row], pad, rows.get(row).length);
        java.util.Arrays.fill(mask[row], pad, width, 1);
      }
      Tensor logits = model.logits(new TokenBatch(ids, mask));
      float[][] scores = model.tokenLogProbs(rows.stream().map(TokenRow::of).toList(), 1);
      List<Generation> greedy =
          Generator.generate(model, rows, SamplingSettings.greedy(12, Set.of()), List.of());
      for (int row = 0; row < rows.size(); row++) {
        JsonObject expected = reference.get(row).getAsJsonObject();
        JsonArray last = expected.getAsJsonArray("last_logits");
        for (int back = 0; back < 4; back++) {
          JsonArray position = last.get(3 - back).getAsJsonArray();
          for (int id = 0; id < 96; id++) {
            // float32 through two layers: 2e-5 of the largest logits, which are about 10
            assertThat((double) logits.data()[((row + 1) * width - 1 - back) * 96 + id])
                .isCloseTo(position.get(id).getAsDouble(), within(2e-4));
          }
        }
        double loss = 0;
        for (float score : scores[row]) {
          loss -= score;
        }
        double wanted = expected.get("loss_sum").getAsDouble();
        assertThat(loss).isCloseTo(wanted, within(1e-5 * wanted));
        assertThat(greedy.get(row).ids()).isEqualTo(ints(expected.get("greedy")));
      }
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
