package org.alignmentworkbench.model.agreement;

import org.alignmentworkbench.model.statistics.Estimate;

/// Krippendorff's alpha: how far raters agree beyond chance. 1 is perfect, 0 is chance, below 0
/// they disagree by system. Any number of raters, any gaps, any of four scales.
///
/// ```
/// o[c,k] = Σ_u (ordered pairs of values c and k in u) / (m_u - 1),  over units u with m_u >= 2 values
/// n[c]   = Σ_k o[c,k],  n = Σ_c n[c]
/// D_o    = Σ o[c,k] δ²(c,k) / n
/// D_e    = Σ n[c] n[k] δ²(c,k) / (n (n - 1))
/// alpha  = 1 - D_o / D_e
/// ```
///
/// | level | δ²(c,k) |
/// |---|---|
/// | nominal | 1 where c differs from k |
/// | ordinal | `(n[c] + ... + n[k] - (n[c] + n[k]) / 2)²`, by counts, not by the numbers |
/// | interval | (c - k)² |
/// | ratio | ((c - k) / (c + k))², 0 for c = k = 0 |
///
/// It is undefined without a unit that two raters judged, and when all their values are the same:
/// then nobody can tell agreement from a constant. It may be 0 with nearly everybody in agreement
/// (one dissent among equal values): show [PercentAgreement] beside it. A ratio has no meaning for
/// values below zero and is refused there.
///
/// Cost: the square of the number of categories, and one pass over the values. Sources:
/// Krippendorff, "Computing Krippendorff's alpha-reliability", 2011; Hayes and Krippendorff,
/// "Answering the call for a standard reliability measure for coding data", 2007. Its interval
/// comes from drawing units with replacement.
///
/// @param level what the values' numbers mean
public record KrippendorffAlpha(Level level) {

  /// What the numbers of a scale mean.
  public enum Level {
    /// Names without order.
    NOMINAL,
    /// An order without distances.
    ORDINAL,
    /// Distances without a zero.
    INTERVAL,
    /// Distances from a true zero.
    RATIO
  }

  /// The coefficient with its interval; its n is the number of units with two values or more.
  public Estimate of(Ratings ratings) {
    UnitPatterns patterns = ratings.patterns(2);
    return alone(patterns) instanceof Estimate.Undefined undefined
        ? undefined
        : patterns.estimate(weights -> coefficient(patterns, weights));
  }

  /// The coefficient without an interval, which is most of the work.
  public Estimate alone(Ratings ratings) {
    return alone(ratings.patterns(2));
  }

  private Estimate alone(UnitPatterns patterns) {
    if (patterns.categories().length == 0) {
      return new Estimate.Undefined("there are no judgements");
    }
    if (patterns.units() == 0) {
      return new Estimate.Undefined("no two people judged the same thing");
    }
    if (level == Level.RATIO && patterns.categories()[0] < 0) {
      return new Estimate.Undefined("a ratio has no meaning for values below zero");
    }
    double value = coefficient(patterns, patterns.weights());
    return Double.isNaN(value)
        ? new Estimate.Undefined(
            "everybody gave the same value, so agreement cannot be told from a constant")
        : new Estimate.Point(value, patterns.units(), "no interval was asked for");
  }

  /// NaN where the disagreement expected by chance is zero.
  double coefficient(UnitPatterns patterns, long[] weights) {
    double[] totals = patterns.totals(weights);
    double[][] distances = distances(patterns.categories(), totals);
    double observed = 0;
    for (int p = 0; p < weights.length; p++) {
      if (weights[p] > 0) {
        observed += weights[p] * pairs(patterns.counts()[p], distances) / (patterns.size(p) - 1.0);
      }
    }
    double n = 0;
    double expected = 0;
    for (int c = 0; c < totals.length; c++) {
      n += totals[c];
      for (int k = c + 1; k < totals.length; k++) {
        expected += totals[c] * totals[k] * distances[c][k];
      }
    }
    return expected == 0 ? Double.NaN : 1 - (n - 1) * observed / expected;
  }

  /// Σ δ² over unordered pairs of a unit's values.
  private static double pairs(int[] counts, double[][] distances) {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] > 0) {
        for (int k = c + 1; k < counts.length; k++) {
          sum += (double) counts[c] * counts[k] * distances[c][k];
        }
      }
    }
    return sum;
  }

  private double[][] distances(double[] categories, double[] totals) {
    double[][] squared = new double[categories.length][categories.length];
    for (int c = 0; c < categories.length; c++) {
      double between = totals[c];
      for (int k = c + 1; k < categories.length; k++) {
        between += totals[k];
        double apart = categories[c] - categories[k];
        double distance =
            switch (level) {
              case NOMINAL -> 1;
              case ORDINAL -> between - (totals[c] + totals[k]) / 2;
              case INTERVAL -> apart;
              case RATIO -> {
                double sum = categories[c] + categories[k];
                yield sum == 0 ? 0 : apart / sum;
              }
            };
        squared[c][k] = distance * distance;
      }
    }
    return squared;
  }
}
