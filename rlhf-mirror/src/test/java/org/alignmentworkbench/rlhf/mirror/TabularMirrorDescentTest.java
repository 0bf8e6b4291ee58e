package org.alignmentworkbench.rlhf.mirror;

import static org.alignmentworkbench.rlhf.Fixture.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import org.alignmentworkbench.rlhf.Fixture;
import org.junit.jupiter.api.Test;

class TabularMirrorDescentTest {
  // Both sides are float64; iterates far from 0 in log space reach 1e2 and 20 steps, hence
  // relative.
  private static final double RELATIVE = 1e-10;

  private final JsonObject table = Fixture.read("mdloo.json");

  private TabularMirrorDescent descent(double gamma) {
    return new TabularMirrorDescent(
        vector(table.get("rewards")),
        logs(vector(table.get("pi_ref"))),
        table.get("beta").getAsDouble(),
        gamma);
  }

  @Test
  void twenty_iterates_agree_with_the_reference_for_each_gamma() {
    for (var element : table.getAsJsonArray("runs")) {
      JsonObject run = element.getAsJsonObject();
      var descent = descent(run.get("gamma").getAsDouble());
      double[] policy = logs(vector(table.get("start")));
      for (int k = 0; k <= 20; k++) {
        double[] expected = vector(run.getAsJsonArray("log_iterates").get(k));
        for (int a = 0; a < policy.length; a++) {
          assertThat(policy[a])
              .isCloseTo(expected[a], within(RELATIVE * Math.max(1, Math.abs(expected[a]))));
        }
        assertThat(descent.objective(policy))
            .isCloseTo(
                run.getAsJsonArray("objective_J").get(k).getAsDouble(), within(RELATIVE * 100));
        policy = descent.next(policy);
      }
      assertThat(descent.converges()).isEqualTo(run.get("converges").getAsBoolean());
    }
  }

  @Test
  void surrogate_value_and_gradient_agree_with_automatic_differentiation() {
    for (var element : table.getAsJsonArray("runs")) {
      JsonObject run = element.getAsJsonObject();
      JsonObject expected = run.getAsJsonObject("surrogate_gradient");
      var descent = descent(run.get("gamma").getAsDouble());
      double[] previous =
          vector(
              run.getAsJsonArray("log_iterates")
                  .get(expected.get("previous_policy_index").getAsInt()));
      double[] theta = vector(expected.get("theta"));
      // Absolute: the values themselves are as small as 1e-16 and come out of differences of order
      // 1.
      assertThat(descent.surrogate(previous, theta))
          .isCloseTo(expected.get("value_at_theta").getAsDouble(), within(1e-12));
      assertThat(descent.surrogateGradient(previous, theta))
          .containsExactly(vector(expected.get("gradient_at_theta")), within(1e-12));
      assertThat(descent.surrogateGradient(previous, previous))
          .containsExactly(vector(expected.get("at_previous_policy")), within(1e-12));
    }
  }

  @Test
  void the_optimum_is_the_reference_tilted_by_the_reward() {
    var descent = descent(0.05);
    assertThat(descent.optimum()).containsExactly(vector(table.get("log_optimum")), within(1e-11));
    assertThat(descent.objective(descent.optimum()))
        .isCloseTo(table.get("J_at_optimum").getAsDouble(), within(RELATIVE));
  }

  @Test
  void converges_if_and_only_if_gamma_exceeds_half_of_beta() {
    double[] rewards = {1, 0.2, -0.5, 0.7};
    double[] ref = TabularMirrorDescent.normalised(new double[] {0.3, 0.8, 0.1, -0.6});
    for (double factor : new double[] {0.3, 0.49, 0.5, 0.51, 0.8, 1, 3, 10}) {
      var descent = new TabularMirrorDescent(rewards, ref, 0.1, 0.1 * factor);
      double[] policy = ref;
      for (int k = 0; k < 2000; k++) {
        policy = descent.next(policy);
      }
      double error = largestDifference(policy, descent.optimum());
      // |1 - 1/factor| is 0.96 at 0.51: 2000 steps leave e^-80. At 0.5 it alternates, far from the
      // optimum.
      assertThat(error < 1e-6).as("gamma = %s beta", factor).isEqualTo(factor > 0.5);
      assertThat(descent.converges()).isEqualTo(factor > 0.5);
    }
  }

  @Test
  void gamma_of_three_beta_reaches_the_optimum_within_rounding_after_a_hundred_steps() {
    double[] rewards = {1, 0.2, -0.5, 0.7};
    double[] ref = TabularMirrorDescent.normalised(new double[] {0.3, 0.8, 0.1, -0.6});
    var descent = new TabularMirrorDescent(rewards, ref, 0.1, 0.3);
    double[] policy = ref;
    for (int k = 0; k < 100; k++) {
      policy = descent.next(policy);
    }
    for (int a = 0; a < 4; a++) {
      // The error factor is (2/3)^100 = 2.5e-18.
      assertThat(Math.exp(policy[a])).isCloseTo(Math.exp(descent.optimum()[a]), within(1e-12));
    }
  }

  @Test
  void gamma_equal_to_beta_arrives_in_one_step_from_anywhere() {
    var descent = descent(table.get("beta").getAsDouble());
    double[] anywhere = TabularMirrorDescent.normalised(new double[] {3, -2, 0, 1, 5});
    assertThat(descent.next(anywhere)).containsExactly(descent.optimum(), within(1e-11));
  }

  @Test
  void gradient_agrees_with_finite_differences() {
    var descent = descent(0.2);
    double[] previous = TabularMirrorDescent.normalised(new double[] {0.2, -0.4, 0.1, 0.9, 0});
    double[] logits = {0.5, -0.1, 0.3, 0.2, -0.4};
    double[] gradient = descent.surrogateGradient(previous, logits);
    double h = 1e-5;
    for (int a = 0; a < logits.length; a++) {
      double[] up = logits.clone();
      double[] down = logits.clone();
      up[a] += h;
      down[a] -= h;
      double slope =
          (descent.surrogate(previous, up) - descent.surrogate(previous, down)) / (2 * h);
      // Central differences in double: truncation h^2 and rounding 1e-16 / h, both near 1e-10.
      assertThat(gradient[a]).isCloseTo(slope, within(1e-9));
    }
  }

  @Test
  void refuses_an_impossible_problem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TabularMirrorDescent(new double[0], new double[0], 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TabularMirrorDescent(new double[2], new double[2], 0, 1))
        .withMessageContaining("> 0");
  }

  private static double[] logs(double[] probabilities) {
    double[] logs = new double[probabilities.length];
    for (int a = 0; a < logs.length; a++) {
      logs[a] = Math.log(probabilities[a]);
    }
    return logs;
  }

  private static double largestDifference(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs(Math.exp(a[i]) - Math.exp(b[i]));
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }
}
