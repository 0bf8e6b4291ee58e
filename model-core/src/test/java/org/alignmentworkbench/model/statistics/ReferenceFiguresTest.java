package org.alignmentworkbench.model.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.statistics.Estimate.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against SciPy and statsmodels; the files' README says how they were made.
class ReferenceFiguresTest {

  private static void assertEnds(Estimate estimate, JsonElement ends) {
    assertThat(((Known) estimate).low())
        .isCloseTo(ends.getAsJsonArray().get(0).getAsDouble(), within(1e-10));
    assertThat(((Known) estimate).high())
        .isCloseTo(ends.getAsJsonArray().get(1).getAsDouble(), within(1e-10));
  }

  @Test
  void intervals_of_a_share() {
    for (JsonElement element :
        Figures.json("ratings/winrate.json").getAsJsonObject().getAsJsonArray("intervals")) {
      JsonObject row = element.getAsJsonObject();
      Proportion share = new Proportion(row.get("wins").getAsLong(), row.get("n").getAsLong());
      double confidence = 1 - row.get("alpha").getAsDouble();
      if (share.n() == 0) {
        Estimate none = new Estimate.Undefined("no observations");
        assertThat(share.estimate(confidence)).isEqualTo(none);
        assertThat(share.exact(confidence)).isEqualTo(none);
        assertThat(share.agrestiCoull(confidence)).isEqualTo(none);
      } else {
        assertEnds(share.estimate(confidence), row.get("wilson"));
        assertEnds(share.exact(confidence), row.get("clopper_pearson"));
        assertEnds(share.agrestiCoull(confidence), row.get("agresti_coull"));
      }
    }
  }

  /// Worked by hand with z = 1.959964: the ends to six places.
  @ParameterizedTest
  @CsvSource({
    "81, 263, .255289, .366210",
    "15, 148, .062386, .160487",
    "0, 20, 0, .161125",
    "1, 29, .006113, .171755",
    "56, 100, .462281, .653280",
    "12, 20, .386582, .781193",
    "20, 20, .838875, 1"
  })
  void wilson_to_six_places(long count, long n, double low, double high) {
    Known share = (Known) new Proportion(count, n).estimate();
    assertThat(share.low()).isCloseTo(low, within(5e-7));
    assertThat(share.high()).isCloseTo(high, within(5e-7));
  }

  @Test
  void mcnemar() {
    for (JsonElement element : Figures.json("ratings/mcnemar.json").getAsJsonArray()) {
      JsonObject row = element.getAsJsonObject();
      McNemar test = new McNemar(row.get("b").getAsLong(), row.get("c").getAsLong());
      if (row.has("expected")) {
        assertThat(test.exactP()).isEqualTo(1);
        assertThat(test.midP()).isEqualTo(1);
        assertThat(test.chiSquareP()).isEqualTo(1);
        continue;
      }
      assertThat(test.exactP()).isCloseTo(row.get("exact_p").getAsDouble(), within(1e-10));
      assertThat(test.chiSquare()).isCloseTo(row.get("chi2").getAsDouble(), within(1e-10));
      assertThat(test.chiSquareP()).isCloseTo(row.get("p").getAsDouble(), within(1e-10));
      assertThat(test.correctedChiSquare())
          .isCloseTo(row.get("chi2_corrected").getAsDouble(), within(1e-10));
      assertThat(test.correctedChiSquareP())
          .isCloseTo(row.get("p_corrected").getAsDouble(), within(1e-10));
      if (row.has("mid_p")) {
        assertThat(test.midP()).isCloseTo(row.get("mid_p").getAsDouble(), within(1e-10));
      }
      McNemar turned = new McNemar(test.c(), test.b());
      assertThat(turned.exactP()).isEqualTo(test.exactP());
      assertThat(turned.midP()).isEqualTo(test.midP());
    }
  }

  @Test
  void paired_bootstrap() {
    JsonObject figures = Figures.json("ratings/paired_bootstrap.json").getAsJsonObject();
    Figures.SplitMix64 random = new Figures.SplitMix64(figures.get("prng_seed").getAsLong());
    PairedBootstrap bootstrap =
        PairedBootstrap.of(
            Figures.doubles(figures.get("a")),
            Figures.doubles(figures.get("b")),
            figures.get("resamples").getAsInt(),
            random::nextInt);
    assertThat(bootstrap.observed())
        .isCloseTo(figures.get("observed").getAsDouble(), within(1e-12));
    double[] first = Figures.doubles(figures.get("first_five"));
    for (int i = 0; i < first.length; i++) {
      assertThat(bootstrap.resampled()[i]).isCloseTo(first[i], within(1e-12));
    }
    Known known = (Known) bootstrap.estimate();
    double[] ends = Figures.doubles(figures.get("ci95"));
    assertThat(known.low()).isCloseTo(ends[0], within(1e-12));
    assertThat(known.high()).isCloseTo(ends[1], within(1e-12));
    assertThat(known.n()).isEqualTo(80);
    assertThat(Mean.of(bootstrap.resampled()).standardDeviation())
        .isCloseTo(figures.get("se_ddof1").getAsDouble(), within(1e-12));
    assertThat(bootstrap.shareAtMostZero()).isEqualTo(figures.get("share_le_0").getAsDouble());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairedBootstrap.of(new double[1], new double[2], 1, n -> 0))
        .withMessage("values must be of the same items and at least one, were 1 and 2");
  }

  /// Printed tables: Abramowitz and Stegun, table 26.1 and 26.5; the far tail from the asymptotic
  /// series, 1 - Φ(10) = 7.619853024160527e-24.
  @Test
  void normal_tails_and_quantiles() {
    assertThat(Normal.upperTail(0)).isEqualTo(0.5);
    assertThat(Normal.upperTail(1)).isCloseTo(0.158655253931457, within(1e-15));
    assertThat(Normal.upperTail(-1)).isCloseTo(1 - 0.158655253931457, within(1e-15));
    assertThat(Normal.upperTail(10) / 7.619853024160527e-24).isCloseTo(1, within(1e-13));
    assertThat(Normal.upperTail(Math.nextDown(3.0)))
        .as("series and fraction meet")
        .isCloseTo(Normal.upperTail(3), within(1e-15));
    assertThat(Normal.quantile(0.975)).isCloseTo(Estimate.Z, within(1e-14));
    assertThat(Normal.quantile(0.995)).isCloseTo(2.575829303548901, within(1e-13));
    assertThat(Normal.quantile(0.025)).isCloseTo(-Estimate.Z, within(1e-13));
    assertThat(Normal.bothTails(-Estimate.Z)).isCloseTo(0.05, within(1e-15));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Normal.quantile(1))
        .withMessage("probability must be in (0, 1), was 1.0");
  }

  /// By hand: positions 0.9 and 2.1 of 1, 2, 4, 8.
  @Test
  void percentiles_lie_between_order_statistics() {
    Percentiles percentiles = Percentiles.of(8, 1, 4, 2);
    assertThat(percentiles.at(0)).isEqualTo(1);
    assertThat(percentiles.at(0.3)).isCloseTo(1.9, within(1e-12));
    assertThat(percentiles.at(0.7)).isCloseTo(4.4, within(1e-12));
    assertThat(percentiles.median()).isEqualTo(3);
    assertThat(percentiles.at(1)).isEqualTo(8);
    assertThatIllegalArgumentException()
        .isThrownBy(Percentiles::of)
        .withMessage("no values have no percentiles");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Percentiles.of(1, Double.NaN))
        .withMessage("values must be finite, one was NaN");
  }

  /// The distribution function by adding up probabilities is the naive twin: both searches must
  /// spend exactly the mass of an outcome on it.
  @ParameterizedTest
  @CsvSource({"12, 0.3", "12, 0.7", "200, 0.4", "200, 0.9", "1000, 0.5", "5, 0.01"})
  void a_binomial_draw_gives_each_outcome_its_probability(long n, double p) {
    double[] mass = new double[(int) n + 1];
    double logBase = n * Math.log1p(-p);
    for (int k = 0; k <= n; k++) {
      double logChoose = 0;
      for (int i = 1; i <= k; i++) {
        logChoose += Math.log((n - k + i) / (double) i);
      }
      mass[k] = Math.exp(logChoose + k * Math.log(p / (1 - p)) + logBase);
    }
    int grid = 200_000;
    double[] drawn = new double[(int) n + 1];
    for (int i = 0; i < grid; i++) {
      drawn[(int) Multinomial.binomial(n, p, (i + 0.5) / grid)] += 1.0 / grid;
    }
    for (int k = 0; k <= n; k++) {
      // An even grid hits an interval of length m with m ± one step.
      assertThat(drawn[k]).as("outcome %d", k).isCloseTo(mass[k], within(2.0 / grid));
    }
    assertThat(Multinomial.binomial(n, p, 0)).isBetween(0L, n);
    assertThat(Multinomial.binomial(n, p, Math.nextDown(1.0))).isBetween(0L, n);
  }

  @Test
  void a_multinomial_draw_keeps_the_total_and_the_shares() {
    long[] weights = {0, 5, 1, 0, 14, 0};
    double[] means = new double[weights.length];
    for (int r = 0; r < 4000; r++) {
      long[] drawn = Multinomial.draw(20, weights, CounterStream.of(3, "multinomial", r, 0));
      long total = 0;
      for (int i = 0; i < drawn.length; i++) {
        total += drawn[i];
        means[i] += drawn[i] / 4000.0;
      }
      assertThat(total).isEqualTo(20);
    }
    for (int i = 0; i < weights.length; i++) {
      // Standard deviation of a mean: at most sqrt(20/4/4000) = 0.035; four of them.
      assertThat(means[i]).isCloseTo(weights[i], within(0.14));
    }
    assertThat(means[0] + means[3] + means[5]).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Multinomial.draw(1, new long[2], CounterStream.of(3, "m", 0, 0)))
        .withMessage("one weight at least must be > 0");
  }

  @Test
  void a_figure_without_interval_still_has_a_value() {
    Estimate.Point point = new Estimate.Point(0.5, 3, "because");
    assertThat(point.valueOrNull()).isEqualTo(0.5);
    assertThat(point.lowOrNull()).isNull();
    assertThat(point.highOrNull()).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Estimate.Point(Double.NaN, 3, ""))
        .withMessage("a figure must be finite and n >= 1, was NaN, n 3");
  }

  /// Ranks from printed tables of the sign test at 5 %: 6 values 1 and 6, 10 values 2 and 9, 25
  /// values 8 and 18, 100 values 40 and 61; 5,000 values by the normal approximation, 2431 and
  /// 2570.
  @ParameterizedTest
  @CsvSource({"6, 1, 6", "10, 2, 9", "25, 8, 18", "100, 40, 61", "5000, 2431, 2570"})
  void median_interval_ranks(int n, int low, int high) {
    double[] ranks = new double[n];
    for (int i = 0; i < n; i++) {
      ranks[i] = n - i;
    }
    Known median = (Known) Median.of(ranks);
    assertThat(median.value()).isEqualTo((n + 1) / 2.0);
    assertThat(median.low()).isCloseTo(low, within(1e-6));
    assertThat(median.high()).isCloseTo(high, within(1e-6));
    assertThat(median.n()).isEqualTo(n);
  }

  @Test
  void few_values_have_a_median_without_an_interval() {
    assertThat(Median.of(3, 1, 2))
        .isEqualTo(
            new Estimate.Point(2, 3, "fewer than six values have no interval for their middle"));
    assertThat(Median.of()).isEqualTo(new Estimate.Undefined("no values"));
  }
}
