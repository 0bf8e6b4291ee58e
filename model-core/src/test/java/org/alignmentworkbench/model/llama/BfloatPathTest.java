package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.reward.RewardScore;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every path of the kernels with products in bfloat16, beside the same in float32.
///
/// Bounds: bfloat16 keeps 8 significant bits, so one rounding is off by at most 2^-9 = 0.2 % of a
/// value. A sum of many rounded products is off by about that share of its size, and two layers
/// round some ten times one after the other: 2 % of the size of a vector leaves a factor of three.
/// A gradient passes forwards and backwards and is allowed twice that. Each bound is also failed by
/// a computation that ignores a layer's norm, rotation or adapter.
class BfloatPathTest {
  private static final double SHARE = 0.02;

  private static Engine full;
  private static Engine low;

  @BeforeAll
  static void open() {
    full = Engine.start(EngineSettings.cpu(1));
    low = Engine.start(EngineSettings.cpu(1).in(Precision.BF16));
  }

  @AfterAll
  static void close() {
    full.close();
    low.close();
  }

  private static LlamaModel model(Engine engine) {
    return LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
  }

  private static LlamaModel adapted(LlamaModel model) {
    LoraConfig config = LoraConfig.everywhere(8, 16);
    CounterStream stream = CounterStream.of(5, "adapter", 0, 0);
    LoraAdapter fresh = LoraAdapter.fresh(model.config(), config, stream);
    SequencedMap<String, Tensor> weights = new java.util.LinkedHashMap<>(fresh.weights());
    int drawn = 1_000_000;
    for (Map.Entry<String, Tensor> entry : weights.entrySet()) {
      float[] data = entry.getValue().data();
      for (int i = 0; i < data.length; i++) {
        data[i] += (float) (0.05 * stream.normal(drawn++));
      }
    }
    return model.withAdapter(new LoraAdapter(config, weights));
  }

  private static List<TokenRow> rows() {
    List<TokenRow> rows = new ArrayList<>();
    for (int r = 0; r < 6; r++) {
      int[] ids = new int[7 + 5 * r];
      for (int t = 0; t < ids.length; t++) {
        // two rows begin alike, so that the shared beginning is computed once
        ids[t] = (31 * (t < 4 ? r / 2 : r) + 17 * t) % 512;
      }
      rows.add(TokenRow.of(ids));
    }
    return rows;
  }

  @Test
  void scores() {
    try (LlamaModel exact = model(full);
        LlamaModel rounded = model(low)) {
      float[] expected = Fixture.flat(exact.tokenLogProbs(rows(), 0.7));
      float[] was = Fixture.flat(rounded.tokenLogProbs(rows(), 0.7));
      assertThat(Fixture.relative(was, expected)).isBetween(1e-6, SHARE);
    }
  }

  @Test
  void scores_with_an_adapter() {
    try (LlamaModel base = model(full);
        LlamaModel exact = adapted(base);
        LlamaModel lowBase = model(low);
        LlamaModel rounded = adapted(lowBase)) {
      float[] expected = Fixture.flat(exact.tokenLogProbs(rows(), 1));
      assertThat(Fixture.relative(Fixture.flat(rounded.tokenLogProbs(rows(), 1)), expected))
          .isBetween(1e-6, SHARE);
    }
  }

  /// A fresh adapter adds nothing: the reference, which is the adapter switched off, is at distance
  /// 0.
  @Test
  void a_fresh_adapter_changes_no_bit() {
    for (Engine engine : List.of(full, low)) {
      try (LlamaModel base = model(engine);
          LlamaModel fresh =
              base.withAdapter(
                  LoraAdapter.fresh(
                      base.config(),
                      LoraConfig.everywhere(4, 8),
                      CounterStream.of(5, "adapter", 0, 0)))) {
        assertThat(Fixture.flat(fresh.tokenLogProbs(rows(), 1)))
            .isEqualTo(Fixture.flat(base.tokenLogProbs(rows(), 1)));
      }
    }
  }

  @Test
  void gradients_of_all_weights() {
    try (LlamaModel exact = model(full);
        LlamaModel rounded = model(low)) {
      assertThat(Fixture.relative(gradient(rounded), gradient(exact))).isBetween(1e-6, 2 * SHARE);
    }
  }

  @Test
  void gradients_of_an_adapter() {
    try (LlamaModel base = model(full);
        LlamaModel exact = adapted(base);
        LlamaModel lowBase = model(low);
        LlamaModel rounded = adapted(lowBase)) {
      assertThat(Fixture.relative(gradient(rounded), gradient(exact))).isBetween(1e-6, 2 * SHARE);
    }
  }

  /// Layers computed once more on the way back give the bits of layers that were kept.
  @Test
  void layers_computed_once_more_change_no_bit() {
    for (Engine engine : List.of(full, low)) {
      try (LlamaModel model = model(engine);
          LlamaModel adapted = adapted(model)) {
        for (LlamaModel one : List.of(model, adapted)) {
          float[] kept = gradient(one);
          one.body().recompute(true);
          assertThat(gradient(one)).isEqualTo(kept);
          one.body().recompute(false);
        }
      }
    }
  }

  private static float[] gradient(LlamaModel model) {
    List<TokenRow> rows = rows();
    float[][] c = Fixture.constant(rows, -0.01);
    try (Training training = Training.of(model, AdamW.withDecay(0))) {
      // in two halves the second time, which must add up to twice the first
      training.accumulate(rows, 1, c);
      training.accumulate(rows, 1, logProbs -> c);
      float[][] all =
          training.gradients().values().stream().map(Tensor::data).toArray(float[][]::new);
      return Fixture.flat(all);
    }
  }

  /// Ten steps gain what they gain in float32: the rounded copies follow the weights, which stay
  /// float32.
  @Test
  void training_gains_what_it_gains_in_float32() {
    double[] gain = new double[2];
    Engine[] engines = {full, low};
    for (int side = 0; side < 2; side++) {
      List<TokenRow> rows = rows();
      float[][] c = Fixture.constant(rows, -0.01);
      try (LlamaModel model = model(engines[side]);
          Training training = Training.of(model, AdamW.withDecay(0))) {
        double first = loss(model, rows);
        for (int step = 0; step < 10; step++) {
          training.accumulate(rows, 1, c);
          training.step(1e-2);
        }
        gain[side] = first - loss(model, rows);
        assertThat(gain[side]).isGreaterThan(0.4 * first);
        float[] weights = model.weights().firstEntry().getValue().data();
        assertThat(
                java.util.stream.IntStream.range(0, weights.length)
                    .anyMatch(i -> (Float.floatToIntBits(weights[i]) & 0xffff) != 0))
            .as("weights with more bits than bfloat16 has")
            .isTrue();
      }
    }
    assertThat(gain[1]).isBetween((1 - 2 * SHARE) * gain[0], (1 + 2 * SHARE) * gain[0]);
  }

  private static double loss(LlamaModel model, List<TokenRow> rows) {
    double sum = 0;
    for (float value : Fixture.flat(model.tokenLogProbs(rows, 1))) {
      sum -= value;
    }
    return sum;
  }

  @Test
  void decodes() {
    List<int[]> prompts = List.of(new int[] {1, 5, 9}, new int[] {7, 8, 2, 30, 12}, new int[] {4});
    try (LlamaModel exact = model(full);
        LlamaModel rounded = model(low)) {
      List<Generation> drawn =
          Generator.generate(rounded, prompts, SamplingSettings.greedy(12, Set.of()), List.of());
      List<TokenRow> rows = new ArrayList<>();
      List<float[]> said = new ArrayList<>();
      for (int r = 0; r < prompts.size(); r++) {
        int[] prompt = prompts.get(r);
        int[] ids = java.util.Arrays.copyOf(prompt, prompt.length + 12);
        System.arraycopy(drawn.get(r).ids(), 0, ids, prompt.length, 12);
        boolean[] scored = new boolean[ids.length];
        java.util.Arrays.fill(scored, prompt.length, ids.length, true);
        rows.add(new TokenRow(ids, scored));
        float[] aligned = new float[ids.length];
        System.arraycopy(drawn.get(r).logProbs(), 0, aligned, prompt.length, 12);
        said.add(aligned);
      }
      float[] expected = Fixture.flat(exact.tokenLogProbs(rows, 1));
      assertThat(Fixture.relative(Fixture.flat(said.toArray(float[][]::new)), expected))
          .isBetween(1e-6, SHARE);
    }
  }

  @Test
  void rewards() {
    List<int[]> texts = rows().stream().map(TokenRow::ids).toList();
    CounterStream stream = CounterStream.of(3, "reward", 0, 0);
    float[][] score = new float[2][texts.size()];
    Engine[] engines = {full, low};
    for (int side = 0; side < 2; side++) {
      try (RewardModel model =
          RewardModel.fromBackbone(
              engines[side], Fixture.tinyConfig(), Fixture.tinyWeights(), stream)) {
        List<RewardScore> scores = model.scores(texts);
        for (int row = 0; row < texts.size(); row++) {
          score[side][row] = (float) scores.get(row).score();
        }
      }
    }
    assertThat(Fixture.relative(score[1], score[0])).isBetween(1e-6, SHARE);
  }
}
