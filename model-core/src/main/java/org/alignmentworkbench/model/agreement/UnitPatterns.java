package org.alignmentworkbench.model.agreement;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Multinomial;
import org.alignmentworkbench.model.statistics.Percentiles;

/// Units by what was said about them: how many values of each category, and how many units have
/// that very pattern.
///
/// 60,000 units with five values of five categories come to 126 patterns at most, so neither a
/// coefficient nor its bootstrap depends on the number of units.
///
/// @param categories the distinct values of all raters, in order, also those of units left out
/// @param counts values by pattern and category
/// @param weights units by pattern
record UnitPatterns(double[] categories, int[][] counts, long[] weights) {
  /// How often units are drawn anew for an interval.
  static final int RESAMPLES = 1000;

  /// Above this share of undefined resamples the percentiles of the others say nothing.
  private static final double MOST_UNDEFINED = 0.05;

  /// The seed of every interval: the same judgements give the same interval on every visit.
  private static final long SEED = 20260101;

  private record Key(int[] counts) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(counts, key.counts);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(counts);
    }
  }

  static UnitPatterns of(Ratings ratings, int least) {
    double[] categories = ratings.categories();
    Map<Key, long[]> patterns = new LinkedHashMap<>();
    for (int u = 0; u < ratings.units(); u++) {
      if (ratings.valuesOf(u) >= least) {
        int[] counts = new int[categories.length];
        ratings.count(u, counts);
        patterns.computeIfAbsent(new Key(counts), _ -> new long[1])[0]++;
      }
    }
    return new UnitPatterns(
        categories,
        patterns.keySet().stream().map(Key::counts).toArray(int[][]::new),
        patterns.values().stream().mapToLong(weight -> weight[0]).toArray());
  }

  long units() {
    return Arrays.stream(weights).sum();
  }

  /// The number of values of each category, if the patterns had other weights.
  double[] totals(long[] weightsOfPatterns) {
    double[] totals = new double[categories.length];
    for (int p = 0; p < counts.length; p++) {
      for (int c = 0; c < totals.length; c++) {
        totals[c] += (double) weightsOfPatterns[p] * counts[p][c];
      }
    }
    return totals;
  }

  /// The number of values.
  long values() {
    long values = 0;
    for (int p = 0; p < counts.length; p++) {
      values += weights[p] * size(p);
    }
    return values;
  }

  /// The number of values of a pattern.
  int size(int pattern) {
    return Arrays.stream(counts[pattern]).sum();
  }

  /// A coefficient with an interval from drawing the units anew, with replacement: 2.5 % to 97.5 %
  /// of what the resamples give (Efron and Tibshirani, "An introduction to the bootstrap", 1993,
  /// section 13.3). Units must be independent of each other.
  ///
  /// @param coefficient made of the patterns' weights; NaN where it is undefined
  Estimate estimate(ToDoubleFunction<long[]> coefficient) {
    double value = coefficient.applyAsDouble(weights);
    long n = units();
    if (n == 1) {
      return new Estimate.Point(value, n, "one unit alone has no interval");
    }
    Multinomial patterns = new Multinomial(weights);
    double[] resampled = new double[RESAMPLES];
    int defined = 0;
    for (int r = 0; r < RESAMPLES; r++) {
      long[] drawn = patterns.draw(n, CounterStream.of(SEED, "agreement interval", r, n));
      double again = coefficient.applyAsDouble(drawn);
      if (!Double.isNaN(again)) {
        resampled[defined++] = again;
      }
    }
    if (RESAMPLES - defined > MOST_UNDEFINED * RESAMPLES) {
      return new Estimate.Point(
          value,
          n,
          "in "
              + (RESAMPLES - defined)
              + " of "
              + RESAMPLES
              + " resamples of the units everybody gave the same value, so an interval would"
              + " mislead");
    }
    Percentiles percentiles = Percentiles.of(Arrays.copyOf(resampled, defined));
    double tail = (1 - Estimate.CONFIDENCE) / 2;
    double low = percentiles.at(tail);
    double high = percentiles.at(1 - tail);
    if (high - low < 1e-12) {
      return new Estimate.Point(
          value, n, "the units are all alike, so they do not tell how far off the value may be");
    }
    return new Estimate.Known(value, low, high, n);
  }
}
