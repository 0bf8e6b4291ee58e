package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Products;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every product of a model whose matrices are all large enough for oneDNN, beside BLAS.
///
/// Both sum some hundreds of float32 products, in other orders: they are off by about 2^-24 times
/// the root of their number, 1.5e-6, of a value's size; a gradient passes two layers forwards and
/// backwards. A factor of ten is left, and a transposed or missing matrix misses it by far.
class ProductsPathTest {
  private static final double SHARE = 2e-5;

  /// 640 x 640 is the smallest matrix; q, k and v together, gate and up, and the output are larger.
  private static final LlamaConfig LARGE =
      new LlamaConfig(
          1_501, 640, 960, 2, 8, 4, 80, 128, 10_000, 1e-5, true, LlamaConfig.SpecialIds.NONE);

  private static Engine blas;
  private static Engine oneDnn;

  @BeforeAll
  static void open() {
    blas = Engine.start(EngineSettings.cpu(1).by(Products.BLAS));
    oneDnn = Engine.start(EngineSettings.cpu(1).by(Products.ONEDNN));
    assumeTrue(oneDnn.products() == Products.ONEDNN, "the natives have no oneDNN");
  }

  @AfterAll
  static void close() {
    blas.close();
    oneDnn.close();
  }

  private static LlamaModel model(Engine engine) {
    SplittableRandom random = new SplittableRandom(3);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    LARGE
        .weightShapes()
        .forEach((name, shape) -> {
          Tensor weight = Tensor.zeros(shape);
          float[] data = weight.data();
          for (int i = 0; i < data.length; i++) {
            data[i] = (shape.length == 1 ? 1 : 0) + (random.nextFloat() - 0.5f) * 0.1f;
          }
          weights.put(name, weight);
        });
    return LlamaModel.load(engine, LARGE, weights);
  }

  private static LlamaModel adapted(LlamaModel model) {
    LoraConfig config = LoraConfig.everywhere(8, 16);
    CounterStream stream = CounterStream.of(5, "adapter", 0, 0);
    LoraAdapter fresh = LoraAdapter.fresh(model.config(), config, stream);
    Map<String, Tensor> weights = new LinkedHashMap<>(fresh.weights());
    int drawn = 1_000_000;
    for (Tensor weight : weights.values()) {
      for (int i = 0; i < weight.data().length; i++) {
        weight.data()[i] += (float) (0.02 * stream.normal(drawn++));
      }
    }
    return model.withAdapter(new LoraAdapter(config, new LinkedHashMap<>(weights)));
  }

  private static List<TokenRow> rows() {
    List<TokenRow> rows = new ArrayList<>();
    for (int r = 0; r < 5; r++) {
      int[] ids = new int[9 + 14 * r];
      for (int t = 0; t < ids.length; t++) {
        ids[t] = (311 * r + 97 * t * t) % 1_501;
      }
      rows.add(TokenRow.of(ids));
    }
    return rows;
  }

  private static float[] scores(LlamaModel model) {
    return Fixture.flat(model.tokenLogProbs(rows(), 0.7));
  }

  private static float[] gradient(LlamaModel model) {
    List<TokenRow> rows = rows();
    float[][] c = Fixture.constant(rows, -0.01);
    try (Training training = Training.of(model, AdamW.withDecay(0))) {
      training.accumulate(rows, 1, c);
      return Fixture.flat(
          training.gradients().values().stream().map(Tensor::data).toArray(float[][]::new));
    }
  }

  @Test
  void scores_and_gradients_are_the_same_but_for_the_order_of_sums() {
    try (LlamaModel expected = model(blas);
        LlamaModel was = model(oneDnn)) {
      assertThat(Fixture.relative(scores(was), scores(expected))).isLessThan(SHARE);
      assertThat(Fixture.relative(gradient(was), gradient(expected))).isBetween(1e-12, SHARE);
    }
  }

  @Test
  void so_are_those_of_an_adapter() {
    try (LlamaModel base = model(blas);
        LlamaModel expected = adapted(base);
        LlamaModel other = model(oneDnn);
        LlamaModel was = adapted(other)) {
      assertThat(Fixture.relative(scores(was), scores(expected))).isLessThan(SHARE);
      assertThat(Fixture.relative(gradient(was), gradient(expected))).isBetween(1e-12, SHARE);
    }
  }

  /// What a run that was cut off and goes on rests on.
  @Test
  void the_same_again_has_the_same_bits_kept_or_computed_once_more() {
    try (LlamaModel model = model(oneDnn)) {
      float[] first = gradient(model);
      assertThat(gradient(model)).isEqualTo(first);
      model.body().recompute(true);
      assertThat(gradient(model)).isEqualTo(first);
    }
  }
}
