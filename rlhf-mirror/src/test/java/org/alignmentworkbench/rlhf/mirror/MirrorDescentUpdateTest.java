package org.alignmentworkbench.rlhf.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.advantage.LeaveOneOutAdvantage;
import org.junit.jupiter.api.Test;

class MirrorDescentUpdateTest {
  private static final double[] REWARDS = {1, 0.2, -0.5, 0.7, 0};
  private static final double[] REF =
      TabularMirrorDescent.normalised(new double[] {0.3, 0.8, 0.1, -0.6, -1});

  @Test
  void at_the_previous_policy_it_is_the_leave_one_out_policy_gradient_whatever_gamma() {
    double[] advantages = LeaveOneOutAdvantage.of(new double[] {1, 0, 0, 1});
    for (double gamma : new double[] {0, 0.05, 10}) {
      var terms = new MirrorDescentUpdate(gamma).of(advantages, new double[4]);
      for (int i = 0; i < 4; i++) {
        // The leave-one-out policy gradient descends along -A / N for each sequence.
        assertThat(terms.lossGradient()[i]).isEqualTo(-advantages[i] / 4);
      }
      assertThat(terms.klToPrevious()).isZero();
    }
  }

  @Test
  void coefficient_is_the_ratio_times_advantage_less_the_pull_back() {
    // By hand: rho = e^0.5 = 1.6487212707; 1.6487212707 * (2 - 0.3 * 0.5) = 3.0501343508.
    assertThat(new MirrorDescentUpdate(0.3).coefficient(2, 0.5))
        .isCloseTo(3.0501343508, within(1e-9));
  }

  @Test
  void gradient_agrees_with_finite_differences() {
    var update = new MirrorDescentUpdate(0.3);
    double[] advantages = {1.2, -0.7, 0.4, -0.9};
    double[] logRatios = {0.3, -1.1, 2.2, 0.01};
    double[] gradient = update.of(advantages, logRatios).lossGradient();
    double h = 1e-6;
    for (int i = 0; i < 4; i++) {
      double[] up = logRatios.clone();
      double[] down = logRatios.clone();
      up[i] += h;
      down[i] -= h;
      double slope =
          (update.of(advantages, up).loss() - update.of(advantages, down).loss()) / (2 * h);
      // Truncation is of order h^2, rounding 1e-16 / h = 1e-10, on values up to 10.
      assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
    }
  }

  @Test
  void the_expected_sampled_gradient_is_the_exact_one() {
    // Enumerate y ~ pi_k: sum pi_k(y) * coefficient * grad log pi(y) against the exact surrogate.
    var descent = new TabularMirrorDescent(REWARDS, REF, 0.05, 0.2);
    double[] previous = TabularMirrorDescent.normalised(new double[] {0.2, -0.4, 0.1, 0.9, 0});
    double[] current = TabularMirrorDescent.normalised(new double[] {0.5, -0.1, 0.3, 0.2, -0.4});
    double[] gradient =
        enumerate(
            previous,
            current,
            y ->
                new MirrorDescentUpdate(0.2)
                    .coefficient(descent.advantages(previous)[y], current[y] - previous[y]));
    assertThat(gradient)
        .containsExactly(descent.surrogateGradient(previous, current), within(1e-14));
  }

  @Test
  void groups_of_four_samples_average_to_the_exact_gradient() {
    // With its own sample in no baseline the leave-one-out estimate is unbiased: 40 000 groups of
    // 4.
    int groups = 40_000;
    var descent = new TabularMirrorDescent(REWARDS, REF, 0.05, 0.2);
    double[] exact = descent.surrogateGradient(REF, REF);
    double[] mean = new double[5];
    double[] square = new double[5];
    var update = new MirrorDescentUpdate(0.2);
    for (int g = 0; g < groups; g++) {
      CounterStream stream = CounterStream.of(3, "bandit", g, 0);
      int[] actions = new int[4];
      double[] rewards = new double[4];
      for (int k = 0; k < 4; k++) {
        actions[k] = draw(REF, stream.uniform(k));
        rewards[k] = REWARDS[actions[k]];
      }
      double[] loss = update.of(LeaveOneOutAdvantage.of(rewards), new double[4]).lossGradient();
      double[] sample = new double[5];
      for (int k = 0; k < 4; k++) {
        for (int a = 0; a < 5; a++) {
          sample[a] -= loss[k] * ((a == actions[k] ? 1 : 0) - Math.exp(REF[a]));
        }
      }
      for (int a = 0; a < 5; a++) {
        mean[a] += sample[a] / groups;
        square[a] += sample[a] * sample[a] / groups;
      }
    }
    for (int a = 0; a < 5; a++) {
      double error = Math.sqrt((square[a] - mean[a] * mean[a]) / groups);
      // Four standard errors of the mean; five components of one fixed seed.
      assertThat(mean[a]).isCloseTo(exact[a], within(4 * error));
    }
  }

  @Test
  void of_the_divergence_estimators_only_this_one_has_the_exact_gradient() {
    // The gradient of KL(pi || pi_k) at pi != pi_k, samples from pi_k, by enumeration of 5 actions.
    double[] previous = REF;
    double[] current = TabularMirrorDescent.normalised(new double[] {0.5, 0.7, 0.15, -0.6, -1.3});
    double[] truth = new double[5];
    double kl = 0;
    for (int y = 0; y < 5; y++) {
      kl += Math.exp(current[y]) * (current[y] - previous[y]);
    }
    for (int a = 0; a < 5; a++) {
      truth[a] = Math.exp(current[a]) * (current[a] - previous[a] - kl);
    }
    // Slopes of each estimator in log rho.
    double bregman = estimatorError(previous, current, truth, l -> Math.exp(l) * l);
    double halfSquare = estimatorError(previous, current, truth, l -> l);
    double k3 = estimatorError(previous, current, truth, l -> 1 - Math.exp(-l));
    double k1 = estimatorError(previous, current, truth, l -> 1);
    assertThat(bregman).isLessThan(1e-15);
    // The order of the table in the method notes: 0, 0.0064, 0.0110, 0.0487 on its own example.
    assertThat(halfSquare).isBetween(1e-4, k3);
    assertThat(k3).isLessThan(k1);
    assertThat(k1).isGreaterThan(4 * k3);
  }

  @Test
  void several_inner_steps_on_exact_expectations_reach_the_mirror_step() {
    var descent = new TabularMirrorDescent(REWARDS, REF, 0.1, 0.5);
    double[] logits = REF.clone();
    var update = new MirrorDescentUpdate(0.5);
    double[] advantages = descent.advantages(REF);
    for (int step = 0; step < 4000; step++) {
      double[] current = TabularMirrorDescent.normalised(logits);
      double[] gradient =
          enumerate(REF, current, y -> update.coefficient(advantages[y], current[y] - REF[y]));
      for (int a = 0; a < 5; a++) {
        logits[a] += gradient[a];
      }
    }
    // Gradient ascent of a smooth concave-in-pi problem; 4000 steps end well below 1e-6.
    assertThat(TabularMirrorDescent.normalised(logits))
        .containsExactly(descent.next(REF), within(1e-6));
  }

  @Test
  void ratios_beyond_the_guard_are_cut_and_counted() {
    var update = new MirrorDescentUpdate(0.1, 2);
    var terms = update.of(new double[] {1, 1, -1}, new double[] {50, -50, 0.5});
    assertThat(terms.guarded()).isEqualTo(2);
    assertThat(terms.largestLogRatio()).isEqualTo(50);
    assertThat(terms.lossGradient()[0]).isCloseTo(-Math.exp(2) * (1 - 0.2) / 3, within(1e-14));
    assertThat(terms.loss()).isFinite();
  }

  @Test
  void micro_batches_add_up_to_the_batch() {
    var update = new MirrorDescentUpdate(0.3);
    double[] advantages = {1.2, -0.7, 0.4, -0.9};
    double[] logRatios = {0.3, -1.1, 2.2, 0.01};
    var whole = update.of(advantages, logRatios);
    double loss = 0;
    for (int i = 0; i < 4; i++) {
      var part = update.of(new double[] {advantages[i]}, new double[] {logRatios[i]}, 4);
      loss += part.loss();
      assertThat(part.lossGradient()[0]).isEqualTo(whole.lossGradient()[i]);
    }
    assertThat(loss).isCloseTo(whole.loss(), within(1e-15));
  }

  @Test
  void the_divergence_is_never_negative_and_keeps_its_digits_near_one() {
    for (double l : new double[] {-700, -1, -1e-8, 0, 1e-8, 1, 3}) {
      assertThat(MirrorDescentUpdate.divergence(l)).isNotNegative();
    }
    // l^2 / 2 for a small l; the cubic term is 3e-7 of it, expm1's rounding 1e-16 / 5e-9.
    assertThat(MirrorDescentUpdate.divergence(1e-4)).isCloseTo(5e-9, within(1e-12));
  }

  @Test
  void an_empty_batch_has_loss_zero() {
    assertThat(new MirrorDescentUpdate(1).of(new double[0], new double[0]).loss()).isZero();
  }

  @Test
  void refuses_bad_settings_and_names_the_bad_sequence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MirrorDescentUpdate(-1))
        .withMessage("gamma must be finite and >= 0, was -1.0");
    assertThatIllegalArgumentException().isThrownBy(() -> new MirrorDescentUpdate(1, 0));
    assertThatThrownBy(
            () -> new MirrorDescentUpdate(1).of(new double[] {0, 1}, new double[] {0, Double.NaN}))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("sequence 1");
  }

  private static double estimatorError(
      double[] previous, double[] current, double[] truth, DoubleUnaryOperator slope) {
    double[] gradient =
        enumerate(previous, current, y -> slope.applyAsDouble(current[y] - previous[y]));
    double largest = 0;
    for (int a = 0; a < truth.length; a++) {
      largest = Math.max(largest, Math.abs(gradient[a] - truth[a]));
    }
    return largest;
  }

  /// The mean over y ~ previous of `coefficient(y) * grad log current(y)`.
  private static double[] enumerate(
      double[] previous, double[] current, java.util.function.IntToDoubleFunction coefficient) {
    double[] gradient = new double[current.length];
    for (int y = 0; y < current.length; y++) {
      double weight = Math.exp(previous[y]) * coefficient.applyAsDouble(y);
      for (int a = 0; a < current.length; a++) {
        gradient[a] += weight * ((a == y ? 1 : 0) - Math.exp(current[a]));
      }
    }
    return gradient;
  }

  private static int draw(double[] logProbs, double u) {
    double cumulative = 0;
    for (int a = 0; a < logProbs.length; a++) {
      cumulative += Math.exp(logProbs[a]);
      if (u < cumulative) {
        return a;
      }
    }
    return logProbs.length - 1;
  }
}
