package org.alignmentworkbench.rlhf.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;

class KlEstimateTest {
  @Test
  void two_normals_give_the_published_biases() {
    // Schulman's example: pi = N(0, 1), ref = N(1, 1), true divergence 0.5; k2 is off by 0.25.
    // 200 000 draws; relative spreads 2.00, 1.73, 1.68 of 0.5 give standard errors of at most
    // 0.0023.
    int n = 200_000;
    double[] l = new double[n];
    CounterStream stream = CounterStream.of(1, "kl-test", 0, 0);
    for (int i = 0; i < n; i++) {
      double y = stream.normal(i);
      l[i] = 0.5 - y;
    }
    assertThat(KlEstimate.K1.mean(l)).isCloseTo(0.5, within(0.012));
    assertThat(KlEstimate.K2.mean(l)).isCloseTo(0.625, within(0.012));
    assertThat(KlEstimate.K3.mean(l)).isCloseTo(0.5, within(0.012));
  }

  @Test
  void k3_is_exactly_unbiased_by_enumeration() {
    double[] pi = {0.5, 0.3, 0.2};
    double[] ref = {0.2, 0.2, 0.6};
    double truth = 0;
    double k3 = 0;
    for (int a = 0; a < 3; a++) {
      double l = Math.log(pi[a] / ref[a]);
      truth += pi[a] * l;
      k3 += pi[a] * KlEstimate.K3.of(l);
    }
    assertThat(k3).isCloseTo(truth, within(1e-15));
  }

  @Test
  void k2_and_k3_are_never_negative_and_meet_at_equal_policies() {
    for (double l : new double[] {-30, -1, -1e-9, 0, 1e-9, 1, 30}) {
      assertThat(KlEstimate.K2.of(l)).isNotNegative();
      assertThat(KlEstimate.K3.of(l)).isNotNegative();
    }
    assertThat(KlEstimate.K1.of(-2)).isEqualTo(-2);
  }

  @Test
  void no_samples_have_no_estimate() {
    assertThatIllegalArgumentException().isThrownBy(() -> KlEstimate.K1.mean(new double[0]));
  }
}
