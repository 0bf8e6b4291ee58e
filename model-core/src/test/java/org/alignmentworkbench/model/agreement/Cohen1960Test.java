package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.model.agreement.CohenKappa.Weights;
import org.alignmentworkbench.model.statistics.Estimate;
import org.junit.jupiter.api.Test;

/// Cohen, "A coefficient of agreement for nominal scales", 1960, page 45: it prints .492. Weighted
/// values, the standard error and the two small tables were worked out by hand from the formulas of
/// Fleiss, Cohen and Everitt (1969).
class Cohen1960Test {
  private static final ConfusionMatrix DIAGNOSES =
      matrix(new long[][] {{88, 14, 18}, {10, 40, 10}, {2, 6, 12}});

  private static ConfusionMatrix matrix(long[][] counts) {
    double[] categories = new double[counts.length];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = i + 1;
    }
    return new ConfusionMatrix(categories, counts);
  }

  private static double kappa(Weights weights, ConfusionMatrix matrix) {
    return new CohenKappa(weights).of(matrix).valueOrNull();
  }

  @Test
  void the_published_coefficient_and_its_weighted_forms() {
    assertThat(kappa(Weights.PLAIN, DIAGNOSES)).isCloseTo(0.491525, within(5e-7));
    assertThat(kappa(Weights.LINEAR, DIAGNOSES)).isCloseTo(0.473684, within(5e-7));
    assertThat(kappa(Weights.QUADRATIC, DIAGNOSES)).isCloseTo(0.454545, within(5e-7));
    assertThat(new CohenKappa(Weights.PLAIN).standardError(DIAGNOSES))
        .isCloseTo(0.051002, within(5e-7));
  }

  @Test
  void a_table_of_two() {
    Estimate.Known known =
        (Estimate.Known) new CohenKappa(Weights.PLAIN).of(matrix(new long[][] {{20, 5}, {10, 15}}));
    assertThat(known.value()).isCloseTo(0.4, within(1e-12));
    assertThat(known.n()).isEqualTo(50);
    for (Weights weights : Weights.values()) {
      assertThat(kappa(weights, matrix(new long[][] {{20, 5}, {10, 15}})))
          .as("with two categories every miss is equally far")
          .isCloseTo(0.4, within(1e-12));
    }
  }

  /// 95 of 100 alike, and yet below chance: nearly everything is the first category.
  @Test
  void high_agreement_may_be_below_chance() {
    assertThat(kappa(Weights.PLAIN, matrix(new long[][] {{95, 2}, {3, 0}})))
        .isCloseTo(-0.024590, within(5e-7));
  }
}
