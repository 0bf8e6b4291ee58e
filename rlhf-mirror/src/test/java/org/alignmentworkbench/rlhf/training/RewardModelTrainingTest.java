package org.alignmentworkbench.rlhf.training;

import static org.alignmentworkbench.rlhf.training.MirrorDescentRlhfTest.assertSame;
import static org.alignmentworkbench.rlhf.training.MirrorDescentRlhfTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.preference.PreferenceStrength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardModelTrainingTest {
  private static final RewardModelSettings SETTINGS =
      new RewardModelSettings(
          0.2, 0.01, 4, 8, 4, 1, 0.2, false, new OptimizerSettings(0.01, 0, 1, 0, 1));

  @TempDir Path folder;

  @Test
  void learns_what_the_chosen_answers_have_in_common_and_says_how_well_by_strength() {
    try (RewardModel model = model();
        var training = new RewardModelTraining(model, pairs(0, 48), pairs(100, 24), SETTINGS, 1)) {
      while (training.advance()) {}
      RewardModelQuality quality = training.measure(pairs(100, 24));
      assertThat(quality.pairs()).isEqualTo(24);
      assertThat(quality.accuracy()).isGreaterThan(0.9);
      assertThat(quality.byStrength().values().stream().mapToInt(s -> s.pairs()).sum())
          .isEqualTo(24);
      var metrics = training.takeMetrics();
      assertThat(value(metrics, "heldOutLoss", 23)).isEqualTo(quality.loss());
      assertThat(value(metrics, "rankLoss", 23)).isLessThan(value(metrics, "rankLoss", 0));
      assertThat(training.best().isEmpty()).isFalse();
    }
  }

  @Test
  void layers_computed_once_more_give_the_same_bits() {
    Map<String, Tensor> kept = trained(false);
    trained(true)
        .forEach((name, weight) ->
            assertThat(weight.data())
                .as(name)
                .isEqualTo(kept.getOrDefault(name, Tensor.zeros(1)).data()));
  }

  private static Map<String, Tensor> trained(boolean recompute) {
    var settings =
        new RewardModelSettings(
            0.2, 0.01, 4, 8, 4, 1, 0.2, recompute, new OptimizerSettings(0.01, 0, 1, 0, 1));
    try (RewardModel model = model();
        var training = new RewardModelTraining(model, pairs(0, 20), pairs(100, 8), settings, 1)) {
      while (training.advance()) {}
      assertThat(model.body().dims()[8]).isEqualTo(recompute ? 1 : 0);
      return model.weights();
    }
  }

  @Test
  void a_training_restored_after_every_unit_ends_with_the_same_bits() throws IOException {
    Map<String, Tensor> expected;
    Map<String, Tensor> best;
    try (RewardModel model = model();
        var training = new RewardModelTraining(model, pairs(0, 20), pairs(100, 8), SETTINGS, 1)) {
      while (training.advance()) {}
      expected = model.weights();
      best = training.best().weights();
    }
    Path state = null;
    boolean more = true;
    for (int unit = 0; more; unit++) {
      try (RewardModel model = model();
          var training = new RewardModelTraining(model, pairs(0, 20), pairs(100, 8), SETTINGS, 1)) {
        if (state != null) {
          training.restore(state);
        }
        more = training.advance();
        state = folder.resolve("unit-" + unit);
        training.save(state);
        if (!more) {
          assertSame(model.weights(), expected);
          assertSame(training.best().weights(), best);
        }
      }
    }
  }

  @Test
  void scoring_in_training_and_in_use_reads_the_same_rows() {
    try (RewardModel model = model()) {
      JudgedPair pair = pairs(0, 1).getFirst();
      int[] prompt = {pair.chosen()[0], pair.chosen()[1]};
      int[] response = {pair.chosen()[2], pair.chosen()[3]};
      double used =
          new RewardModelScorer(model, 4)
              .of(List.of(new PromptRow("p", prompt)), List.of(response))[0];
      double trained = model.scores(List.of(pair.chosen())).getFirst().score();
      assertThat(used).isCloseTo(trained, within(1e-6));
    }
  }

  private static RewardModel model() {
    return RewardModel.fromBackbone(
        TinyModels.engine(),
        TinyModels.CONFIG,
        TinyModels.weights(TinyModels.CONFIG, 7),
        CounterStream.of(7, "reward-heads", 0, 0));
  }

  /// Chosen answers hold token 9 and good grades, rejected ones token 11 and bad grades.
  private static List<JudgedPair> pairs(int from, int count) {
    var pairs = new ArrayList<JudgedPair>();
    for (int i = from; i < from + count; i++) {
      int middle = 2 + CounterStream.of(1, "judged", 0, i).below(0, 5);
      pairs.add(
          new JudgedPair(
              "pair-" + i,
              new int[] {1, middle, 9, 0},
              new int[] {1, middle, 11, 0},
              PreferenceStrength.values()[i % 4],
              new int[] {2, 2, -1, 2},
              new int[] {0, 1, -1, 2}));
    }
    return pairs;
  }
}
