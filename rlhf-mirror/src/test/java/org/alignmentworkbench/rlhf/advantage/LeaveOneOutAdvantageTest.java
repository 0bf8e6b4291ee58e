package org.alignmentworkbench.rlhf.advantage;

import static org.alignmentworkbench.rlhf.Fixture.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.Fixture;
import org.junit.jupiter.api.Test;

class LeaveOneOutAdvantageTest {
  // A few roundings of numbers of order 1.
  private static final double ROUNDING = 1e-14;

  @Test
  void one_zero_zero_one_gives_two_thirds_and_minus_two_thirds() {
    // By hand: 1 - (0 + 0 + 1) / 3 = 2/3 and 0 - (1 + 0 + 1) / 3 = -2/3.
    double third = 2.0 / 3;
    assertThat(LeaveOneOutAdvantage.of(new double[] {1, 0, 0, 1}))
        .containsExactly(new double[] {third, -third, -third, third}, within(1e-15));
  }

  @Test
  void two_responses_get_their_difference() {
    assertThat(LeaveOneOutAdvantage.of(new double[] {3, 1})).containsExactly(2, -2);
  }

  @Test
  void agrees_with_the_reference_table() {
    for (var element :
        Fixture.read("preferences.json").getAsJsonObject("rloo").getAsJsonArray("cases")) {
      var rewards = element.getAsJsonObject().getAsJsonArray("rewards");
      var advantages = element.getAsJsonObject().getAsJsonArray("advantages");
      for (int i = 0; i < rewards.size(); i++) {
        assertThat(LeaveOneOutAdvantage.of(vector(rewards.get(i))))
            .containsExactly(vector(advantages.get(i)), within(1e-10));
      }
    }
  }

  @Test
  void one_response_has_no_sibling_and_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaveOneOutAdvantage.of(new double[] {1}))
        .withMessageContaining("K >= 2")
        .withMessageContaining("was 1");
  }

  @Test
  void an_unscorable_response_leaves_the_baseline_and_gets_zero() {
    double[] advantages = LeaveOneOutAdvantage.of(new double[] {1, Double.NaN, 0, 2});
    // By hand over {1, 0, 2}: 1 - 1, 0 - 1.5, 2 - 0.5.
    assertThat(advantages).containsExactly(new double[] {0, 0, -1.5, 1.5}, within(ROUNDING));
  }

  @Test
  void a_response_whose_siblings_are_all_unscorable_gets_zero() {
    assertThat(LeaveOneOutAdvantage.of(new double[] {5, Double.NaN})).containsExactly(0, 0);
    assertThat(LeaveOneOutAdvantage.of(new double[] {Double.NaN, Double.NaN}))
        .containsExactly(0, 0);
  }

  @Test
  void an_infinite_reward_is_refused_by_place() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaveOneOutAdvantage.of(new double[] {1, Double.NEGATIVE_INFINITY}))
        .withMessageContaining("reward 1")
        .withMessageContaining("-Infinity");
  }

  @Test
  void sums_to_zero_ignores_shifts_scales_and_follows_permutations() {
    for (int trial = 0; trial < 200; trial++) {
      CounterStream stream = CounterStream.of(1, "advantage-test", trial, 0);
      int k = 2 + stream.below(100, 7);
      double[] rewards = new double[k];
      double[] shifted = new double[k];
      double[] scaled = new double[k];
      double[] permuted = new double[k];
      int[] order = CounterStream.of(1, "order-test", trial, 0).permutation(k);
      for (int i = 0; i < k; i++) {
        rewards[i] = stream.normal(i);
        shifted[i] = rewards[i] + 1000;
        scaled[i] = -3 * rewards[i];
      }
      for (int i = 0; i < k; i++) {
        permuted[i] = rewards[order[i]];
      }
      double[] base = LeaveOneOutAdvantage.of(rewards);
      assertThat(Arrays.stream(base).sum()).isCloseTo(0, within(ROUNDING));
      // The shift itself costs a rounding of 1000, about 1e-13 each.
      assertThat(LeaveOneOutAdvantage.of(shifted)).containsExactly(base, within(1e-11));
      double[] timesMinusThree = Arrays.stream(base).map(a -> -3 * a).toArray();
      assertThat(LeaveOneOutAdvantage.of(scaled)).containsExactly(timesMinusThree, within(1e-13));
      double[] expected = new double[k];
      for (int i = 0; i < k; i++) {
        expected[i] = base[order[i]];
      }
      assertThat(LeaveOneOutAdvantage.of(permuted)).containsExactly(expected, within(ROUNDING));
    }
  }

  @Test
  void nearly_equal_rewards_do_not_explode() {
    // NVIDIA-NeMo/RL pull 4158: a leave-one-out deviation made -2075 of this vector.
    double[] rewards = {0, .95, .95, .95, .95, .95, .95, .95};
    assertThat(LeaveOneOutAdvantage.of(rewards)[0]).isCloseTo(-0.95, within(ROUNDING));
  }
}
