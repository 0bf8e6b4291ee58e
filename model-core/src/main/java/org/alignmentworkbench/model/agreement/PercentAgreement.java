package org.alignmentworkbench.model.agreement;

import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;

/// How often two people who judged the same unit gave the same value. Chance is not taken out: with
/// two answers to choose from it is a half already. Belongs beside every chance-corrected
/// coefficient, which may be low where nearly all values are the same.
///
/// ```
/// P[u] = Σ_c n[u,c] (n[u,c] - 1) / (m_u (m_u - 1)),  mean over units u with m_u >= 2 values
/// ```
///
/// The interval is Wilson's with n units: exact for two values a unit, too wide rather than too
/// narrow for more (a mean of shares varies less than a share).
public final class PercentAgreement {
  private PercentAgreement() {}

  /// The share; its n is the number of units with two values or more.
  public static Estimate of(Ratings ratings) {
    UnitPatterns patterns = ratings.patterns(2);
    long units = patterns.units();
    if (units == 0) {
      return new Estimate.Undefined("no two people judged the same thing");
    }
    double sum = 0;
    for (int p = 0; p < patterns.counts().length; p++) {
      sum += patterns.weights()[p] * shareOfEqualPairs(patterns.counts()[p], patterns.size(p));
    }
    return Proportion.wilson(Math.min(1, sum / units), units, Estimate.CONFIDENCE);
  }

  static double shareOfEqualPairs(int[] counts, int size) {
    double equal = 0;
    for (int count : counts) {
      equal += (double) count * (count - 1);
    }
    return equal / ((double) size * (size - 1));
  }
}
