package org.alignmentworkbench.model.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.statistics.Estimate.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {

  private static Known known(Estimate estimate) {
    return (Known) estimate;
  }

  /// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine
  /// 17 (1998), table I, method 3; printed to four places.
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void newcombe_1998_wilson_intervals(long count, long n, double low, double high) {
    Known share = known(new Proportion(count, n).estimate());
    assertThat(share.low()).isCloseTo(low, within(5e-5));
    assertThat(share.high()).isCloseTo(high, within(5e-5));
    assertThat(share.value()).isEqualTo((double) count / n);
    Known mirrored = known(new Proportion(n - count, n).estimate());
    assertThat(mirrored.low()).isCloseTo(1 - share.high(), within(1e-14));
    assertThat(mirrored.high()).isCloseTo(1 - share.low(), within(1e-14));
  }

  @Test
  void the_interval_of_none_and_of_all_ends_at_the_edge() {
    assertThat(known(new Proportion(0, 7).estimate()).low()).isZero();
    assertThat(known(new Proportion(7, 7).estimate()).high()).isEqualTo(1);
    assertThat(known(Proportion.of(new boolean[] {true, false}).estimate()).value()).isEqualTo(0.5);
  }

  @Test
  void without_observations_a_figure_says_why_it_is_missing() {
    assertThat(new Proportion(0, 0).estimate())
        .isEqualTo(new Estimate.Undefined("no observations"));
    assertThat(new Proportion(0, 0).estimate().valueOrNull()).isNull();
    assertThat(new Proportion(0, 5).estimate().lowOrNull()).isZero();
    assertThat(PairedDifference.between(new boolean[0], new boolean[0]).estimate())
        .isEqualTo(new Estimate.Undefined("no prompts in common"));
    assertThat(new Mean().estimate()).isEqualTo(new Estimate.Undefined("no values"));
    assertThat(Mean.of(3).estimate())
        .isEqualTo(new Estimate.Undefined("one value alone has no interval"));
    assertThatThrownBy(() -> new Mean().mean()).hasMessage("the mean of no values is undefined");
  }

  @Test
  void impossible_counts_are_refused() {
    assertThatThrownBy(() -> new Proportion(3, 2)).hasMessage("count must be 0..2, was 3");
    assertThatThrownBy(() -> new PairedDifference(1, -1, 0, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> PairedDifference.between(new boolean[1], new boolean[2]))
        .hasMessage("outcomes must be of the same prompts, were 1 and 2");
    assertThatThrownBy(() -> Mean.of(1, Double.NaN)).hasMessage("value 1 must be finite, was NaN");
  }

  /// Two tables that Fagerland, Lydersen and Laake, "Recommended tests and confidence intervals for
  /// paired binomial proportions" (2014), work through: airway hyper-responsiveness (Bentur et al.
  /// 2009: 1, 1, 7, 12) and complete response (Cavo et al. 2012: 59, 6, 16, 80). The ends are those
  /// of an independent implementation in another language, to three places.
  @ParameterizedTest
  @CsvSource({"1, 1, 7, 12, -0.2857, -0.517, -0.026", "59, 6, 16, 80, -0.0621, -0.124, -0.005"})
  void tango_1998_intervals(
      long both, long gained, long lost, long neither, double value, double low, double high) {
    Known change = known(new PairedDifference(both, gained, lost, neither).estimate());
    assertThat(change.value()).isCloseTo(value, within(5e-5));
    assertThat(change.low()).isCloseTo(low, within(5e-4));
    assertThat(change.high()).isCloseTo(high, within(5e-4));
  }

  /// By hand: without any change T(d)² = n d / (1 - d), so the interval is ± z² / (n + z²). Without
  /// losses and d > 0, q = 0 where 2n d >= gained (1 + d).
  @Test
  void without_changes_the_interval_is_symmetric_around_zero() {
    Known change = known(new PairedDifference(10, 0, 0, 5).estimate());
    double z2 = Estimate.Z * Estimate.Z;
    assertThat(change.value()).isZero();
    assertThat(change.high()).isCloseTo(z2 / (15 + z2), within(1e-12));
    assertThat(change.low()).isCloseTo(-z2 / (15 + z2), within(1e-12));
    assertThat(known(new PairedDifference(0, 5, 0, 0).estimate()).high())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void the_interval_leaves_out_zero_exactly_when_mcnemar_rejects() {
    for (int gained = 0; gained <= 30; gained++) {
      for (int lost = 0; lost <= 30; lost++) {
        Known change = known(new PairedDifference(200, gained, lost, 40).estimate());
        double apart = gained - lost;
        boolean rejects = apart * apart > Estimate.Z * Estimate.Z * (gained + lost);
        assertThat(change.covers(0)).as("%d against %d", gained, lost).isEqualTo(!rejects);
        assertThat(change.covers(change.value())).isTrue();
        assertThat(change.isAboveZero()).isEqualTo(rejects && gained > lost);
        Known other = known(new PairedDifference(40, lost, gained, 200).estimate());
        assertThat(other.low()).isCloseTo(-change.high(), within(1e-12));
      }
    }
  }

  @Test
  void outcomes_are_counted_by_what_changed() {
    assertThat(
            PairedDifference.between(
                new boolean[] {true, true, false, false, false},
                new boolean[] {true, false, true, true, false}))
        .isEqualTo(new PairedDifference(1, 2, 1, 1));
  }

  /// Coverage by simulation: of 2000 samples of 60 pairs the intervals must hold the truth in 95 %,
  /// within four standard errors (0.005 each).
  @Test
  void intervals_cover_the_truth_in_95_percent_of_samples() {
    int paired = 0;
    int single = 0;
    for (int sample = 0; sample < 2000; sample++) {
      CounterStream stream = CounterStream.of(11, "coverage", 0, sample);
      boolean[] before = new boolean[60];
      boolean[] after = new boolean[60];
      for (int i = 0; i < 60; i++) {
        double u = stream.uniform(i);
        before[i] = u < 0.5;
        after[i] = u < 0.4 || (u > 0.5 && u < 0.75); // loses 0.1, gains 0.25
      }
      paired += known(PairedDifference.between(before, after).estimate()).covers(0.15) ? 1 : 0;
      single += known(Proportion.of(after).estimate()).covers(0.65) ? 1 : 0;
    }
    assertThat(paired / 2000.0).isCloseTo(0.95, within(0.02));
    assertThat(single / 2000.0).isCloseTo(0.95, within(0.02));
  }

  /// Printed tables of Student's t, 97.5 %, three places; v = 1 is tan(0.475 pi), v = 2 in closed
  /// form.
  @ParameterizedTest
  @CsvSource({
    "1, 12.706",
    "2, 4.303",
    "4, 2.776",
    "9, 2.262",
    "30, 2.042",
    "120, 1.980",
    "1000000, 1.960"
  })
  void student_quantiles(long freedom, double expected) {
    assertThat(MeanInterval.tQuantile(0.975, freedom)).isCloseTo(expected, within(5e-4));
  }

  @Test
  void student_quantiles_in_closed_form() {
    assertThat(MeanInterval.tQuantile(0.975, 1))
        .isCloseTo(Math.tan(0.475 * Math.PI), within(1e-10));
    double p = 0.975;
    assertThat(MeanInterval.tQuantile(p, 2))
        .isCloseTo((2 * p - 1) / Math.sqrt(2 * p * (1 - p)), within(1e-11));
  }

  /// NIST/SEMATECH e-Handbook, 1.3.5.2, data set ZARR13: n 195, mean 9.261460, standard deviation
  /// 0.022789, interval 9.258242 to 9.264679. Values with that very mean and deviation: pairs at
  /// mean ± s sqrt(194/194) around it and one at the mean.
  @Test
  void nist_mean_interval() {
    double mean = 9.261460;
    double deviation = 0.02278881;
    Mean values = new Mean();
    for (int i = 0; i < 97; i++) {
      values.add(mean + deviation);
      values.add(mean - deviation);
    }
    values.add(mean);
    Known known = known(values.estimate());
    assertThat(known.n()).isEqualTo(195);
    assertThat(known.low()).isCloseTo(9.258242, within(1e-6));
    assertThat(known.high()).isCloseTo(9.264679, within(1e-6));
  }

  /// By hand: 4, 7, 13, 16 have mean 10 and variance 30, whatever is added to each.
  @Test
  void a_large_offset_costs_no_digits_and_parts_add_up() {
    Mean all = Mean.of(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16);
    assertThat(all.mean()).isEqualTo(1e9 + 10);
    assertThat(all.variance()).isCloseTo(30, within(1e-9));
    Mean parts = Mean.of(1e9 + 4);
    parts.add(Mean.of(1e9 + 7, 1e9 + 13, 1e9 + 16));
    parts.add(new Mean());
    assertThat(parts.n()).isEqualTo(4);
    assertThat(parts.variance()).isCloseTo(30, within(1e-6));
  }
}
