package org.alignmentworkbench.rlhf.preference;

import static org.alignmentworkbench.rlhf.Fixture.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.function.DoubleUnaryOperator;
import org.alignmentworkbench.rlhf.Fixture;
import org.junit.jupiter.api.Test;

class PreferenceLossesTest {
  // Float64 on both sides; relative to the value, which runs from 1e-37 to 80.
  private static final double RELATIVE = 1e-10;

  private final JsonObject table = Fixture.read("preferences.json");

  @Test
  void dpo_agrees_with_the_reference_with_and_without_smoothing() {
    JsonObject dpo = table.getAsJsonObject("dpo");
    double[] pc = vector(dpo.get("policy_chosen_logps"));
    double[] pr = vector(dpo.get("policy_rejected_logps"));
    double[] rc = vector(dpo.get("ref_chosen_logps"));
    double[] rr = vector(dpo.get("ref_rejected_logps"));
    for (var element : dpo.getAsJsonArray("cases")) {
      JsonObject expected = element.getAsJsonObject();
      boolean sigmoid = expected.get("loss_type").getAsString().equals("sigmoid");
      double beta = expected.get("beta").getAsDouble();
      for (int i = 0; i < pc.length; i++) {
        PairTerms terms =
            sigmoid
                ? new DpoLoss(beta, expected.get("label_smoothing").getAsDouble())
                    .of(pc[i], pr[i], rc[i], rr[i])
                // The table's variant takes sums, which is a mean over one token.
                : new IpoLoss(beta).of(pc[i], pr[i], rc[i], rr[i], 1, 1);
        same(terms.loss(), vector(expected.get("per_pair"))[i]);
        // The table's gradients are those of the mean over the pairs.
        same(terms.gradChosen() / pc.length, vector(expected.get("grad_chosen"))[i]);
        same(terms.gradRejected() / pc.length, vector(expected.get("grad_rejected"))[i]);
      }
    }
  }

  @Test
  void bradley_terry_agrees_with_the_reference_for_each_strength() {
    JsonObject expected = table.getAsJsonObject("bradley_terry_soft");
    double[] chosen = vector(expected.get("reward_chosen"));
    double[] rejected = vector(expected.get("reward_rejected"));
    double[] targets = vector(expected.get("targets"));
    for (int i = 0; i < chosen.length; i++) {
      PreferenceStrength strength = strengthOf(targets[i]);
      PairTerms terms = BradleyTerrySoftLabelLoss.of(chosen[i], rejected[i], strength);
      same(terms.loss(), vector(expected.get("per_pair"))[i]);
      same(terms.gradChosen() / chosen.length, vector(expected.get("grad_chosen"))[i]);
      same(terms.gradRejected() / chosen.length, vector(expected.get("grad_rejected"))[i]);
    }
  }

  @Test
  void the_soft_labels_are_the_published_ones_in_the_order_of_the_scale() {
    assertThat(PreferenceStrength.ofScale(4).probability()).isEqualTo(0.95);
    assertThat(PreferenceStrength.ofScale(-3).probability()).isEqualTo(0.85);
    assertThat(PreferenceStrength.ofScale(2).probability()).isEqualTo(0.75);
    assertThat(PreferenceStrength.ofScale(-1).probability()).isEqualTo(0.65);
    assertThatIllegalArgumentException().isThrownBy(() -> PreferenceStrength.ofScale(0));
    assertThatIllegalArgumentException().isThrownBy(() -> PreferenceStrength.ofScale(5));
  }

  @Test
  void the_minimum_of_the_ranking_loss_lies_at_the_logit_of_its_label() {
    // Method notes 1.5: margins 2.944, 1.735, 1.099, 0.619 with losses 0.1985, 0.4227, 0.5623,
    // 0.6474.
    double[] margins = {2.944, 1.735, 1.099, 0.619};
    double[] losses = {0.1985, 0.4227, 0.5623, 0.6474};
    for (PreferenceStrength strength : PreferenceStrength.values()) {
      double p = strength.probability();
      double margin = Math.log(p / (1 - p));
      PairTerms terms = BradleyTerrySoftLabelLoss.of(margin, 0, strength);
      assertThat(terms.gradChosen()).isCloseTo(0, within(1e-15));
      // The table has three and four decimals.
      assertThat(margin).isCloseTo(margins[strength.ordinal()], within(5e-4));
      assertThat(terms.loss()).isCloseTo(losses[strength.ordinal()], within(5e-5));
      assertThat(BradleyTerrySoftLabelLoss.of(7, 7, strength).loss())
          .isCloseTo(Math.log(2), within(1e-15));
    }
  }

  @Test
  void dpo_starts_at_ln_2_and_ipo_at_its_own_start() {
    assertThat(new DpoLoss(0.1, 0).of(-5, -7, -5, -7).loss()).isCloseTo(Math.log(2), within(1e-15));
    // 1 / (4 tau^2) with tau = 0.1.
    assertThat(new IpoLoss(0.1).of(-5, -7, -5, -7, 3, 4).loss()).isCloseTo(25, within(1e-12));
  }

  @Test
  void ipo_does_not_change_with_length_at_the_same_mean_ratio() {
    var ipo = new IpoLoss(0.1);
    assertThat(ipo.of(-8, -12, -10, -10, 10, 10).loss())
        .isCloseTo(ipo.of(-16, -24, -20, -20, 20, 20).loss(), within(1e-12));
  }

  @Test
  void gradients_agree_with_finite_differences() {
    var dpo = new DpoLoss(0.3, 0.1);
    var ipo = new IpoLoss(0.2);
    // Central differences with h = 1e-5: truncation and rounding both near 1e-10.
    slope(x -> dpo.of(x, -7, -6, -6.5).loss(), -5, dpo.of(-5, -7, -6, -6.5).gradChosen());
    slope(x -> dpo.of(-5, x, -6, -6.5).loss(), -7, dpo.of(-5, -7, -6, -6.5).gradRejected());
    slope(
        x -> ipo.of(x, -7, -6, -6.5, 4, 5).loss(), -5, ipo.of(-5, -7, -6, -6.5, 4, 5).gradChosen());
    slope(
        x -> ipo.of(-5, x, -6, -6.5, 4, 5).loss(),
        -7,
        ipo.of(-5, -7, -6, -6.5, 4, 5).gradRejected());
    for (PreferenceStrength strength : PreferenceStrength.values()) {
      PairTerms at = BradleyTerrySoftLabelLoss.of(0.7, 0.2, strength);
      slope(x -> BradleyTerrySoftLabelLoss.of(x, 0.2, strength).loss(), 0.7, at.gradChosen());
      slope(x -> BradleyTerrySoftLabelLoss.of(0.7, x, strength).loss(), 0.2, at.gradRejected());
    }
  }

  @Test
  void the_whole_reward_model_loss_agrees_with_finite_differences() {
    var loss = new RewardModelLoss(0.3, 0.01);
    double[][] up = {{0.1, 0.2, -0.4}, {1, 0, 0.3}, {0, 0, 0}, {-2, 0.5, 0.1}};
    double[][] down = {{0.4, -0.2, 0.4}, {0, 1, 0.3}, {0.2, 0, 0.7}, {2, -0.5, 0.1}};
    int[] upGrades = {2, 1, GradeLoss.MISSING, 0};
    int[] downGrades = {0, 1, 2, 2};
    var s = PreferenceStrength.BETTER;
    var at = loss.of(0.7, 0.2, s, up, down, upGrades, downGrades);
    slope(x -> loss.of(x, 0.2, s, up, down, upGrades, downGrades).loss(), 0.7, at.gradChosen());
    slope(x -> loss.of(0.7, x, s, up, down, upGrades, downGrades).loss(), 0.2, at.gradRejected());
    for (int d = 0; d < 4; d++) {
      for (int k = 0; k < 3; k++) {
        int dd = d;
        int kk = k;
        slope(
            x -> loss.of(0.7, 0.2, s, with(up, dd, kk, x), down, upGrades, downGrades).loss(),
            up[d][k],
            at.gradChosenGrades()[d][k]);
        slope(
            x -> loss.of(0.7, 0.2, s, up, with(down, dd, kk, x), upGrades, downGrades).loss(),
            down[d][k],
            at.gradRejectedGrades()[d][k]);
      }
    }
  }

  @Test
  void missing_grades_add_nothing() {
    var terms = GradeLoss.of(new double[4][3], new int[] {-1, -1, -1, -1});
    assertThat(terms.loss()).isZero();
    assertThat(terms.gradLogits()).isDeepEqualTo(new double[4][3]);
  }

  @Test
  void uniform_grades_cost_ln_3_a_dimension() {
    assertThat(GradeLoss.of(new double[4][3], new int[] {0, 1, 2, 0}).loss())
        .isCloseTo(4 * Math.log(3), within(1e-14));
  }

  @Test
  void huge_margins_neither_overflow_nor_lose_their_gradient() {
    PairTerms wrong = new DpoLoss(1, 0).of(-2000, 0, 0, 0);
    assertThat(wrong.loss()).isEqualTo(2000);
    assertThat(wrong.gradChosen()).isEqualTo(-1);
    PairTerms right = new DpoLoss(1, 0).of(2000, 0, 0, 0);
    assertThat(right.loss()).isZero();
    assertThat(right.gradChosen()).isZero();
    PairTerms soft = BradleyTerrySoftLabelLoss.of(1e6, 0, PreferenceStrength.BETTER);
    assertThat(soft.loss()).isCloseTo(0.15 * 1e6, within(1e-6));
    assertThat(soft.gradChosen()).isCloseTo(0.15, within(1e-15));
    double[][] logits = {{1e5, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    assertThat(GradeLoss.of(logits, new int[] {1, -1, -1, -1}).loss()).isEqualTo(1e5);
  }

  @Test
  void bad_settings_and_inputs_are_named() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DpoLoss(Double.NaN, 0))
        .withMessage("beta must be finite and > 0, was NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> new DpoLoss(1, 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpoLoss(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new RewardModelLoss(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpoLoss(1).of(0, 0, 0, 0, 0, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GradeLoss.of(new double[4][3], new int[] {0, 0, 3, 0}))
        .withMessageContaining("dimension 2");
    assertThatThrownBy(() -> new DpoLoss(1, 0).of(Double.NaN, 0, 0, 0))
        .isInstanceOf(ArithmeticException.class);
  }

  private static PreferenceStrength strengthOf(double probability) {
    for (PreferenceStrength strength : PreferenceStrength.values()) {
      if (strength.probability() == probability) {
        return strength;
      }
    }
    throw new IllegalArgumentException("no strength for " + probability);
  }

  private static void same(double actual, double expected) {
    assertThat(actual)
        .isCloseTo(expected, within(RELATIVE * Math.abs(expected) + Double.MIN_NORMAL));
  }

  private static void slope(DoubleUnaryOperator f, double x, double expected) {
    double h = 1e-5;
    assertThat((f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h))
        .isCloseTo(expected, within(1e-8));
  }

  private static double[][] with(double[][] logits, int d, int k, double value) {
    double[][] copy = new double[4][];
    for (int i = 0; i < 4; i++) {
      copy[i] = logits[i].clone();
    }
    copy[d][k] = value;
    return copy;
  }
}
