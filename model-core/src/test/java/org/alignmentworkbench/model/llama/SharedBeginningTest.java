package org.alignmentworkbench.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.reward.RewardGradient;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.reward.RewardScore;
import org.alignmentworkbench.model.reward.RewardTraining;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Samples of one prompt are computed with the prompt once; nothing but rounding may show it.
class SharedBeginningTest {
  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.start(EngineSettings.cpu(1));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /// Two prompts of 60 and 45 tokens with five and three continuations, in mixed order, one of them
  /// twice, and a row that shares nothing.
  private static List<TokenRow> rows() {
    List<TokenRow> rows = new ArrayList<>();
    int[] one = ids(1, 60);
    int[] two = ids(2, 45);
    for (int i = 0; i < 5; i++) {
      rows.add(TokenRow.response(one, ids(10 + i, 3 + 4 * i)));
      if (i < 3) {
        rows.add(TokenRow.response(two, ids(20 + i, 9 - 4 * i)));
      }
    }
    rows.add(TokenRow.response(one, ids(12, 11)));
    rows.add(TokenRow.of(ids(3, 50)));
    return rows;
  }

  private static int[] ids(int seed, int length) {
    int[] ids = new int[length];
    for (int t = 0; t < length; t++) {
      ids[t] = CounterStream.of(seed, "ids", 0, 0).below(t, 512);
    }
    return ids;
  }

  private static float[][] coefficients(List<TokenRow> rows) {
    float[][] c = new float[rows.size()][];
    for (int r = 0; r < c.length; r++) {
      c[r] = new float[rows.get(r).length()];
      for (int t = 0; t < c[r].length; t++) {
        c[r][t] = (float) (0.1 * CounterStream.of(31, "c", 0, r).normal(t));
      }
    }
    return c;
  }

  @Test
  void a_beginning_stands_once_and_every_token_keeps_its_position() {
    List<int[]> rows = rows().stream().map(TokenRow::ids).toList();
    PackedRows packed = PackedRows.sharing(rows, Fixture.tinyConfig());
    int apart = rows.stream().mapToInt(r -> r.length).sum();
    // by hand: the prompt of 60 is saved five times, the prompt of 45 twice
    assertThat(packed.tokens()).hasSize(apart - 5 * 60 - 2 * 45);
    assertThat(packed.grid()[0]).isEqualTo(3);
    assertThat(packed.grid()[2]).isEqualTo(1);
    for (int r = 0; r < rows.size(); r++) {
      for (int t = 0; t < rows.get(r).length; t++) {
        int i = packed.index(r, t);
        assertThat(packed.tokens()[i]).isEqualTo(rows.get(r)[t]);
        assertThat(packed.positions()[i]).isEqualTo(t);
      }
    }
    assertThat(Arrays.stream(packed.places()).distinct().count()).isEqualTo(packed.places().length);
  }

  @Test
  void rows_that_share_little_stay_apart() {
    List<int[]> rows = List.of(ids(1, 20), ids(2, 30), Arrays.copyOf(ids(1, 20), 12));
    assertThat(PackedRows.sharing(rows, Fixture.tinyConfig()).grid()).containsExactly(3, 30, 0);
  }

  @Test
  void log_probs_are_those_of_each_row_alone() {
    try (LlamaModel model = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights())) {
      List<TokenRow> rows = rows();
      float[][] together = model.tokenLogProbs(rows, 0.8);
      NaiveLlama naive = new NaiveLlama(Fixture.tinyConfig(), Fixture.tinyWeights());
      for (int r = 0; r < rows.size(); r++) {
        float[] alone = model.tokenLogProbs(List.of(rows.get(r)), 0.8)[0];
        double[] expected = naive.tokenLogProbs(rows.get(r).ids(), 0.8);
        assertThat(Fixture.maxDifference(alone, together[r])).isLessThan(2.7e-5);
        for (int t = 0; t < alone.length; t++) {
          if (rows.get(r).scored(t)) {
            assertThat((double) together[r][t]).isCloseTo(expected[t], within(2.7e-5));
          }
        }
      }
    }
  }

  @Test
  void gradients_are_the_sum_over_rows_alone() {
    LoraAdapter adapter =
        LoraAdapter.fresh(
            Fixture.tinyConfig(), LoraConfig.everywhere(4, 8), CounterStream.of(1, "a", 0, 0));
    adapter.weights().forEach((name, value) -> Arrays.fill(value.data(), 0.03f));
    try (LlamaModel base = LlamaModel.load(engine, Fixture.tinyConfig(), Fixture.tinyWeights());
        LlamaModel adapted = base.withAdapter(adapter)) {
      for (LlamaModel model : List.of(base, adapted)) {
        try (Training together = Training.of(model, AdamW.withDecay(0));
            Training apart = Training.of(model, AdamW.withDecay(0))) {
          List<TokenRow> rows = rows();
          float[][] c = coefficients(rows);
          together.accumulate(rows, 1.0, c);
          for (int r = 0; r < rows.size(); r++) {
            apart.accumulate(List.of(rows.get(r)), 1.0, new float[][] {c[r]});
          }
          Map<String, Tensor> expected = apart.gradients();
          together
              .gradients()
              .forEach((name, value) ->
                  assertThat(relativeL2(value.data(), expected.get(name).data()))
                      .as(name)
                      // sums of float32 in another order, cancelling to a fraction of their size
                      .isLessThan(2e-5));
        }
      }
    }
  }

  @Test
  void a_reward_model_scores_and_learns_as_from_each_row_alone() {
    try (RewardModel model =
            RewardModel.fromBackbone(
                engine,
                Fixture.tinyConfig(),
                Fixture.tinyWeights(),
                CounterStream.of(4, "reward", 0, 0));
        RewardTraining together = RewardTraining.of(model, AdamW.withDecay(0));
        RewardTraining apart = RewardTraining.of(model, AdamW.withDecay(0))) {
      List<int[]> rows = rows().stream().map(TokenRow::ids).toList();
      List<RewardGradient> gradients = new ArrayList<>();
      for (int r = 0; r < rows.size(); r++) {
        float[][] grades = new float[4][3];
        grades[r % 4][r % 3] = 0.3f;
        gradients.add(new RewardGradient(0.1 * (r - 4), grades));
      }
      List<RewardScore> scores = together.accumulate(rows, gradients);
      for (int r = 0; r < rows.size(); r++) {
        RewardScore alone =
            apart.accumulate(List.of(rows.get(r)), List.of(gradients.get(r))).getFirst();
        assertThat(scores.get(r).score()).isCloseTo(alone.score(), within(7e-5));
      }
      Map<String, Tensor> expected = new LinkedHashMap<>(apart.gradients());
      together
          .gradients()
          .forEach((name, value) ->
              assertThat(relativeL2(value.data(), expected.get(name).data()))
                  .as(name)
                  .isLessThan(2e-5));
    }
  }

  private static double relativeL2(float[] a, float[] b) {
    double difference = 0;
    double norm = 1e-12;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow((double) a[i] - b[i], 2);
      norm += Math.pow(b[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
