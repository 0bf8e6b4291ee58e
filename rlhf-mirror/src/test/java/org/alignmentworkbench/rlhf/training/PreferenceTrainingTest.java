package org.alignmentworkbench.rlhf.training;

import static org.alignmentworkbench.rlhf.training.MirrorDescentRlhfTest.assertSame;
import static org.alignmentworkbench.rlhf.training.MirrorDescentRlhfTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceTrainingTest {
  private static final OptimizerSettings OPTIMIZER = new OptimizerSettings(0.01, 0, 1, 0, 1);
  private static final PreferenceSettings DPO =
      new PreferenceSettings(PreferenceSettings.Loss.DPO, 0.1, 0, 4, 4, 2, 1, false, OPTIMIZER);

  @TempDir Path folder;

  @Test
  void dpo_starts_at_ln_2_and_learns_to_prefer_the_chosen() {
    try (LlamaModel policy = TinyModels.policy(5);
        var training = new PreferenceTraining(policy, pairs(12), DPO, 1)) {
      while (training.advance()) {}
      var metrics = training.takeMetrics();
      // Policy = reference: ln 2 up to float32 log-probabilities in other batches.
      assertThat(value(metrics, "loss", 0)).isCloseTo(Math.log(2), within(1e-5));
      assertThat(value(metrics, "loss", 11)).isLessThan(0.6);
      assertThat(value(metrics, "accuracy", 11)).isEqualTo(1);
      assertThat(training.progress()).isEqualTo(new ResumableWork.Progress("train", 12, 12));
    }
  }

  @Test
  void ipo_starts_at_its_own_constant_and_falls() {
    var ipo =
        new PreferenceSettings(PreferenceSettings.Loss.IPO, 0.5, 0, 4, 4, 2, 1, false, OPTIMIZER);
    try (LlamaModel policy = TinyModels.policy(5);
        var training = new PreferenceTraining(policy, pairs(12), ipo, 1)) {
      while (training.advance()) {}
      var metrics = training.takeMetrics();
      // 1 / (4 tau^2) with tau = 0.5.
      assertThat(value(metrics, "loss", 0)).isCloseTo(1, within(1e-4));
      assertThat(value(metrics, "loss", 11)).isLessThan(0.9);
    }
  }

  @Test
  void a_training_restored_after_every_unit_ends_with_the_same_bits() throws IOException {
    Map<String, Tensor> expected;
    try (LlamaModel policy = TinyModels.policy(5);
        var training = new PreferenceTraining(policy, pairs(10), DPO, 1)) {
      while (training.advance()) {}
      expected = policy.weights();
    }
    Path state = null;
    boolean more = true;
    for (int unit = 0; more; unit++) {
      try (LlamaModel policy = TinyModels.policy(5);
          var training = new PreferenceTraining(policy, pairs(10), DPO, 1)) {
        if (state != null) {
          training.restore(state);
        }
        more = training.advance();
        state = folder.resolve("unit-" + unit);
        training.save(state);
        if (!more) {
          assertSame(policy.weights(), expected);
        }
      }
    }
  }

  @Test
  void layers_computed_once_more_give_the_same_bits() {
    Map<String, Tensor> kept = trained(false);
    assertSame(trained(true), kept);
  }

  private static Map<String, Tensor> trained(boolean recompute) {
    var settings =
        new PreferenceSettings(
            PreferenceSettings.Loss.DPO, 0.1, 0, 4, 4, 2, 1, recompute, OPTIMIZER);
    try (LlamaModel policy = TinyModels.policy(5);
        var training = new PreferenceTraining(policy, pairs(10), settings, 1)) {
      while (training.advance()) {}
      assertThat(policy.body().dims()[8]).isEqualTo(recompute ? 1 : 0);
      return policy.weights();
    }
  }

  @Test
  void micro_batches_of_one_two_and_eight_pairs_give_one_loss_curve() {
    double[] one = losses(1);
    // Equivalence class: only float32 rounding differs, over three steps of an optimiser.
    assertThat(losses(2)).containsExactly(one, within(1e-4));
    assertThat(losses(8)).containsExactly(one, within(1e-4));
  }

  @Test
  void a_pair_without_tokens_is_refused_by_key() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PreferencePair("p7", new int[] {1}, new int[0], new int[] {2}))
        .withMessageContaining("p7");
  }

  private static double[] losses(int microPairs) {
    var settings =
        new PreferenceSettings(
            PreferenceSettings.Loss.DPO, 0.1, 0, 1, 8, microPairs, 1, false, OPTIMIZER);
    try (LlamaModel policy = TinyModels.policy(5);
        var training = new PreferenceTraining(policy, pairs(24), settings, 1)) {
      while (training.advance()) {}
      var metrics = training.takeMetrics();
      return new double[] {
        value(metrics, "loss", 0), value(metrics, "loss", 1), value(metrics, "loss", 2)
      };
    }
  }

  /// The chosen answer holds token 9, the rejected one token 11.
  static List<PreferencePair> pairs(int count) {
    var pairs = new ArrayList<PreferencePair>();
    for (int i = 0; i < count; i++) {
      CounterStream stream = CounterStream.of(1, "pairs", 0, i);
      int[] prompt = {1, 2 + stream.below(0, 5)};
      int[] chosen = {9, 3 + stream.below(1, 4), 0};
      int[] rejected = {11, 0};
      pairs.add(new PreferencePair("pair-" + i, prompt, chosen, rejected));
    }
    return pairs;
  }
}
