package org.alignmentworkbench.model.statistics;

import java.util.function.DoubleUnaryOperator;

/// The change of a pass rate on the same prompts, with Tango's score interval.
///
/// Only prompts whose outcome changed speak for a difference; the others narrow the interval.
///
/// ```
///               after passes   after fails
/// before passes     both          lost
/// before fails     gained        neither        difference = (gained - lost) / n
///
/// T(d) = (gained - lost - n d) / sqrt(n (2 q(d) + d (1 - d)))
/// q(d) = (sqrt(B² - 4AC) - B) / 2A,  A = 2n,
/// B = -gained - lost + (2n - gained + lost) d,  C = -lost d (1 - d)
/// interval = { d : |T(d)| <= z }
/// ```
///
/// `q(d)` is the most likely probability of a loss if the true difference is d. The interval leaves
/// out 0 exactly when McNemar's test without continuity correction rejects, `(gained - lost)² > z²
/// (gained + lost)`. Source: Tango, "Equivalence test and confidence interval for the difference in
/// proportions for the paired-sample design", Statistics in Medicine 17 (1998) 891-908; recommended
/// by Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014) 2850-2875. The ends are found
/// by bisection, to 1e-15. Prompts must be independent of each other.
///
/// @param both prompts passed before and after
/// @param gained prompts passed only after
/// @param lost prompts passed only before
/// @param neither prompts never passed
public record PairedDifference(long both, long gained, long lost, long neither) {
  public PairedDifference {
    if (both < 0 || gained < 0 || lost < 0 || neither < 0) {
      throw new IllegalArgumentException(
          "counts must be >= 0, were " + both + ", " + gained + ", " + lost + ", " + neither);
    }
  }

  /// The difference `after - before` of outcomes listed in the same order of prompts.
  public static PairedDifference between(boolean[] before, boolean[] after) {
    if (before.length != after.length) {
      throw new IllegalArgumentException(
          "outcomes must be of the same prompts, were " + before.length + " and " + after.length);
    }
    long[] counts = new long[4];
    for (int i = 0; i < before.length; i++) {
      counts[(before[i] ? 0 : 2) + (after[i] ? 0 : 1)]++;
    }
    return new PairedDifference(counts[0], counts[2], counts[1], counts[3]);
  }

  /// The number of prompts.
  public long n() {
    return both + gained + lost + neither;
  }

  /// The difference with its interval.
  public Estimate estimate() {
    if (n() == 0) {
      return new Estimate.Undefined("no prompts in common");
    }
    double difference = (double) (gained - lost) / n();
    return new Estimate.Known(
        difference,
        whereFalling(this::score, Estimate.Z),
        whereFalling(this::score, -Estimate.Z),
        n());
  }

  /// Tango's statistic: falls from above to below as the assumed difference grows.
  private double score(double d) {
    double n = n();
    double a = 2 * n;
    double b = -gained - lost + (2 * n - gained + lost) * d;
    double c = -lost * d * (1 - d);
    double q = (Math.sqrt(Math.max(b * b - 4 * a * c, 0)) - b) / (2 * a);
    double variance = n * (2 * q + d * (1 - d));
    double distance = gained - lost - n * d;
    if (variance <= 0) {
      return distance == 0 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, distance);
    }
    return distance / Math.sqrt(variance);
  }

  private static double whereFalling(DoubleUnaryOperator falling, double level) {
    double low = -1;
    double high = 1;
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high || high - low < 1e-15) {
        return middle;
      }
      if (falling.applyAsDouble(middle) > level) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
