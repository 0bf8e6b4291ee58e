package org.alignmentworkbench.model.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Decoding of a model so large that its weights are brought into the layout of the packed product.
class PackedDecodeTest {
  /// 17.6 million parameters, a vocabulary that is no multiple of 64.
  private static final LlamaConfig LARGE =
      new LlamaConfig(
          60_001, 256, 512, 3, 8, 4, 32, 128, 10_000, 1e-5, true, LlamaConfig.SpecialIds.NONE);

  private static Map<String, Tensor> weights() {
    SplittableRandom random = new SplittableRandom(11);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    LARGE
        .weightShapes()
        .forEach((name, shape) -> {
          Tensor weight = Tensor.zeros(shape);
          float[] data = weight.data();
          for (int i = 0; i < data.length; i++) {
            data[i] = (shape.length == 1 ? 1 : 0) + (random.nextFloat() - 0.5f) * 0.2f;
          }
          weights.put(name, weight);
        });
    return weights;
  }

  @Test
  void samples_have_the_log_probabilities_that_scoring_gives_them() {
    try (Engine engine = Engine.start(EngineSettings.cpu(1));
        LlamaModel model = LlamaModel.load(engine, LARGE, weights())) {
      assumeTrue(engine.canPack(), "the natives have no packed product");
      assertThat(model.body().packs()).isTrue();
      List<int[]> prompts = List.of(new int[] {1, 50_000, 9}, new int[] {60_000, 8, 2, 30, 12});
      List<CounterStream> streams =
          List.of(CounterStream.of(1, "s", 0, 0), CounterStream.of(1, "s", 0, 1));
      List<Generation> drawn =
          Generator.generate(model, prompts, SamplingSettings.sampled(1, 20, Set.of()), streams);
      List<TokenRow> rows = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        int[] ids = java.util.Arrays.copyOf(prompts.get(r), prompts.get(r).length + 20);
        System.arraycopy(drawn.get(r).ids(), 0, ids, prompts.get(r).length, 20);
        rows.add(TokenRow.of(ids));
      }
      float[][] scored = model.tokenLogProbs(rows, 1);
      for (int r = 0; r < 2; r++) {
        for (int i = 0; i < 20; i++) {
          // float32 sums in another order; a vocabulary of 60,001 doubles the 2.7e-5 of the small
          // fixtures
          assertThat((double) drawn.get(r).logProbs()[i])
              .isCloseTo(scored[r][prompts.get(r).length + i], within(5e-5));
        }
      }
    }
  }
}
