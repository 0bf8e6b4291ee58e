package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernels against the naive twin on shapes that the golden files do not have: no grouping of
/// heads, one key/value head, untied output, odd widths, another temperature, an adapter on few
/// maps.
class NaiveTwinTest {
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static LlamaConfig config(int heads, int keyValueHeads, boolean tied) {
    return new LlamaConfig(
        29, 12, 22, 2, heads, keyValueHeads, 6, 40, 100, 1e-5, tied, LlamaConfig.SpecialIds.NONE);
  }

  private static Map<String, Tensor> weights(LlamaConfig config) {
    CounterStream stream = CounterStream.of(11, "weights", 0, 0);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    int drawn = 0;
    for (var entry : config.weightShapes().entrySet()) {
      Tensor weight = Tensor.zeros(entry.getValue());
      boolean norm = entry.getValue().length == 1;
      for (int i = 0; i < weight.size(); i++) {
        weight.data()[i] = (float) ((norm ? 1 : 0) + 0.3 * stream.normal(drawn++));
      }
      weights.put(entry.getKey(), weight);
    }
    return weights;
  }

  private static List<TokenRow> rows() {
    List<TokenRow> rows = new ArrayList<>();
    for (int r = 0; r < 4; r++) {
      int[] ids = new int[2 + 3 * r];
      boolean[] scored = new boolean[ids.length];
      for (int t = 0; t < ids.length; t++) {
        ids[t] = (7 * r + 5 * t + r * t) % 29;
        scored[t] = t > 0 && (t + r) % 3 != 0;
      }
      rows.add(new TokenRow(ids, scored));
    }
    return rows;
  }

  private static float[][] coefficients(List<TokenRow> rows) {
    CounterStream stream = CounterStream.of(12, "coefficients", 0, 0);
    float[][] c = new float[rows.size()][];
    for (int r = 0; r < c.length; r++) {
      c[r] = new float[rows.get(r).length()];
      for (int t = 0; t < c[r].length; t++) {
        c[r][t] = (float) stream.normal(100 * r + t);
      }
    }
    return c;
  }

  private static double objective(NaiveLlama naive, double temperature) {
    List<TokenRow> rows = rows();
    float[][] c = coefficients(rows);
    double sum = 0;
    for (int r = 0; r < rows.size(); r++) {
      double[] logProbs = naive.tokenLogProbs(rows.get(r).ids(), temperature);
      for (int t = 1; t < logProbs.length; t++) {
        sum += rows.get(r).scored(t) ? c[r][t] * logProbs[t] : 0;
      }
    }
    return sum;
  }

  private static void assertGradients(
      Map<String, Tensor> gradients, String name, ToDoubleFunction<Double> objective, int index) {
    double h = 1e-5;
    double difference = (objective.applyAsDouble(h) - objective.applyAsDouble(-h)) / (2 * h);
    float[] gradient = gradients.get(name).data();
    double scale = 0.1;
    for (float g : gradient) {
      scale = Math.max(scale, Math.abs(g));
    }
    // central differences in double are good to about 1e-9 here; the rest is float32 rounding,
    // relative to the largest entry of the parameter's gradient
    assertThat((double) gradient[index])
        .as(name + "[" + index + "]")
        .isCloseTo(difference, within(1e-5 * scale));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, true, 1.0, LLAMA",
    "4, 1, false, 0.7, LLAMA",
    "4, 2, true, 1.3, LLAMA",
    "1, 1, false, 1.0, LLAMA",
    "4, 2, false, 0.8, QWEN2",
    "2, 2, true, 1.0, QWEN2",
    "4, 2, false, 1.2, QWEN3",
    "3, 1, true, 1.0, QWEN3"
  })
  void log_probs_and_every_gradient_agree(
      int heads, int keyValueHeads, boolean tied, double temperature, Architecture architecture) {
    LlamaConfig config = config(heads, keyValueHeads, tied).withArchitecture(architecture);
    Map<String, Tensor> weights = weights(config);
    List<TokenRow> rows = rows();
    try (LlamaModel model = LlamaModel.load(engine, config, weights);
        Training training = Training.of(model, AdamW.withDecay(0))) {
      float[][] seen = training.accumulate(rows, temperature, coefficients(rows));
      NaiveLlama naive = new NaiveLlama(config, weights);
      for (int r = 0; r < rows.size(); r++) {
        double[] expected = naive.tokenLogProbs(rows.get(r).ids(), temperature);
        for (int t = 0; t < expected.length; t++) {
          assertThat((double) seen[r][t])
              .isCloseTo(rows.get(r).scored(t) ? expected[t] : 0, within(2e-5));
        }
      }
      Map<String, Tensor> gradients = training.gradients();
      int probe = 0;
      for (String name : weights.keySet()) {
        for (int k = 0; k < 3; k++) {
          int index = CounterStream.of(13, "probe", 0, 0).below(probe++, weights.get(name).size());
          assertGradients(
              gradients,
              name,
              h -> {
                NaiveLlama nudged = new NaiveLlama(config, weights);
                nudged.nudge(name, index, h);
                return objective(nudged, temperature);
              },
              index);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_adapters_gradients_agree_too(Architecture architecture) {
    LlamaConfig config = config(4, 2, false).withArchitecture(architecture);
    Map<String, Tensor> weights = weights(config);
    LoraConfig lora =
        new LoraConfig(
            3, 5, Set.of(LinearModule.K_PROJ, LinearModule.O_PROJ, LinearModule.UP_PROJ));
    LoraAdapter adapter = LoraAdapter.fresh(config, lora, CounterStream.of(14, "lora", 0, 0));
    int drawn = 0;
    for (Tensor value : adapter.weights().values()) {
      for (int i = 0; i < value.size(); i++) {
        value.data()[i] += (float) (0.2 * CounterStream.of(15, "b", 0, 0).normal(drawn++));
      }
    }
    List<TokenRow> rows = rows();
    try (LlamaModel base = LlamaModel.load(engine, config, weights);
        LlamaModel model = base.withAdapter(adapter);
        Training training = Training.of(model, AdamW.withDecay(0))) {
      training.accumulate(rows, 1.0, coefficients(rows));
      Map<String, Tensor> gradients = training.gradients();
      int probe = 0;
      for (String name : adapter.weights().keySet()) {
        Tensor value = adapter.weights().get(name);
        int index = CounterStream.of(16, "probe", 0, 0).below(probe++, value.size());
        assertGradients(
            gradients,
            name,
            h -> {
              // A nudge below float32's resolution: through the double-precision merge of two
              // copies.
              return objective(merged(config, weights, adapter, name, index, h), 1.0);
            },
            index);
      }
    }
  }

  /// The derivative along one entry of A or B is that of the merged matrix: nudging entry (i, j) of
  /// B adds h * scale * A[j] to row i; nudging (i, j) of A adds h * scale * B[., i] to column j.
  private static NaiveLlama merged(
      LlamaConfig config,
      Map<String, Tensor> weights,
      LoraAdapter adapter,
      String name,
      int index,
      double h) {
    NaiveLlama naive = new NaiveLlama(config, weights);
    naive.merge(adapter);
    LoraConfig lora = adapter.config();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : lora.modules()) {
        int inputs = module.inputs(config);
        String weight = module.weightName(layer);
        if (name.equals(LoraConfig.nameA(layer, module))) {
          float[] b = adapter.weights().get(LoraConfig.nameB(layer, module)).data();
          int row = index / inputs;
          for (int out = 0; out < module.outputs(config); out++) {
            double by = h * lora.scale() * b[out * lora.rank() + row];
            naive.nudge(weight, out * inputs + index % inputs, by);
          }
        } else if (name.equals(LoraConfig.nameB(layer, module))) {
          float[] a = adapter.weights().get(LoraConfig.nameA(layer, module)).data();
          int out = index / lora.rank();
          for (int in = 0; in < inputs; in++) {
            double by = h * lora.scale() * a[index % lora.rank() * inputs + in];
            naive.nudge(weight, out * inputs + in, by);
          }
        }
      }
    }
    return naive;
  }
}
