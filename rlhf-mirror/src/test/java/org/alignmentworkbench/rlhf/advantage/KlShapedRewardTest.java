package org.alignmentworkbench.rlhf.advantage;

import static org.alignmentworkbench.rlhf.Fixture.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.rlhf.Fixture;
import org.alignmentworkbench.rlhf.mirror.MirrorDescentUpdate;
import org.junit.jupiter.api.Test;

class KlShapedRewardTest {
  @Test
  void agrees_with_the_reference_table_down_to_the_policy_gradient() {
    var table = Fixture.read("preferences.json").getAsJsonObject("kl_in_reward");
    var shape = new KlShapedReward(table.get("beta").getAsDouble());
    var rewards = table.getAsJsonArray("rewards");
    int samples = 0;
    double loss = 0;
    for (int i = 0; i < rewards.size(); i++) {
      samples += rewards.get(i).getAsJsonArray().size();
    }
    for (int i = 0; i < rewards.size(); i++) {
      double[] scores = vector(rewards.get(i));
      double[] shaped = new double[scores.length];
      double[] sums = new double[scores.length];
      for (int k = 0; k < scores.length; k++) {
        double[] logProbs = row(table, "logprobs", i, k);
        boolean[] mask = mask(table, i, k);
        double[] ref = row(table, "ref_logprobs", i, k);
        assertThat(KlShapedReward.logRatio(logProbs, ref, mask))
            .isCloseTo(row(table, "sequence_kl_estimate", i)[k], within(1e-10));
        shaped[k] = shape.of(scores[k], logProbs, ref, mask);
        sums[k] = KlShapedReward.logRatio(logProbs, new double[mask.length], mask);
      }
      assertThat(shaped).containsExactly(row(table, "shaped_rewards", i), within(1e-10));
      double[] advantages = LeaveOneOutAdvantage.of(shaped);
      assertThat(advantages).containsExactly(row(table, "advantages", i), within(1e-10));
      // On fresh samples the ratio is 1: the update's gradient is that of the table's loss.
      double[] gradient =
          new MirrorDescentUpdate(0.3)
              .of(advantages, new double[advantages.length], samples)
              .lossGradient();
      for (int k = 0; k < scores.length; k++) {
        loss -= advantages[k] * sums[k] / samples;
        boolean[] mask = mask(table, i, k);
        double[] expected = row(table, "grad_wrt_logprobs", i, k);
        for (int t = 0; t < mask.length; t++) {
          assertThat(mask[t] ? gradient[k] : 0).isCloseTo(expected[t], within(1e-10));
        }
      }
    }
    assertThat(loss).isCloseTo(table.get("loss").getAsDouble(), within(1e-10));
  }

  @Test
  void twice_the_length_costs_twice_as_much() {
    var shape = new KlShapedReward(0.1);
    double[] policy = {-1, -1, -1, -1};
    double[] ref = {-2, -2, -2, -2};
    // By hand: moving above the reference lowers the reward by beta a nat.
    assertThat(shape.of(1, policy, ref, new boolean[] {true, true, false, false}))
        .isCloseTo(0.8, within(1e-15));
    assertThat(shape.of(1, policy, ref, new boolean[] {true, true, true, true}))
        .isCloseTo(0.6, within(1e-15));
  }

  @Test
  void an_empty_mask_leaves_the_reward_alone() {
    assertThat(new KlShapedReward(0.1).of(2, new double[] {-1}, new double[] {-9}, new boolean[1]))
        .isEqualTo(2);
  }

  @Test
  void an_unscorable_response_stays_unscorable() {
    assertThat(new KlShapedReward(0.1).of(Double.NaN, 1)).isNaN();
  }

  @Test
  void refuses_what_has_no_meaning() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KlShapedReward(Double.NaN))
        .withMessage("beta must be finite and >= 0, was NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> new KlShapedReward(1).of(0, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KlShapedReward.logRatio(new double[2], new double[1], new boolean[2]));
  }

  private static double[] row(com.google.gson.JsonObject table, String name, int i) {
    return vector(table.getAsJsonArray(name).get(i));
  }

  private static double[] row(com.google.gson.JsonObject table, String name, int i, int k) {
    return vector(table.getAsJsonArray(name).get(i).getAsJsonArray().get(k));
  }

  private static boolean[] mask(com.google.gson.JsonObject table, int i, int k) {
    double[] values = row(table, "mask", i, k);
    boolean[] mask = new boolean[values.length];
    for (int t = 0; t < mask.length; t++) {
      mask[t] = values[t] != 0;
    }
    return mask;
  }
}
