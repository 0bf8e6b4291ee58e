package org.alignmentworkbench.model.statistics;

/// A share of yes-or-no observations, with Wilson's score interval.
///
/// ```
/// centre = (p + z²/2n) / (1 + z²/n)
/// half   = z/(1 + z²/n) * sqrt(p(1-p)/n + z²/4n²)
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | p | probability | `count / n` |
/// | n | count | observations |
/// | z | 1 | 97.5 % quantile of the standard normal, 1.96 |
///
/// Stays inside [0, 1] and has a width at 0 and at n of n, where p ± z sqrt(p(1-p)/n) has none.
/// Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927;
/// method 3 of Newcombe, Statistics in Medicine 17 (1998) 857-872. Observations must be
/// independent: several answers to one prompt are not.
///
/// @param count observations that are yes
/// @param n observations; may be 0, then the estimate is undefined
public record Proportion(long count, long n) {
  public Proportion {
    if (count < 0 || count > n) {
      throw new IllegalArgumentException("count must be 0.." + n + ", was " + count);
    }
  }

  /// The share of true values.
  public static Proportion of(boolean[] outcomes) {
    long count = 0;
    for (boolean outcome : outcomes) {
      count += outcome ? 1 : 0;
    }
    return new Proportion(count, outcomes.length);
  }

  /// The share with its interval.
  public Estimate estimate() {
    if (n == 0) {
      return new Estimate.Undefined("no observations");
    }
    double p = (double) count / n;
    double z2 = Estimate.Z * Estimate.Z;
    double scale = 1 + z2 / n;
    double centre = (p + z2 / (2 * n)) / scale;
    double half = Estimate.Z / scale * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
    // Exactly 0 and 1 at the ends, where subtraction leaves a rounding error.
    double low = count == 0 ? 0 : centre - half;
    double high = count == n ? 1 : centre + half;
    return new Estimate.Known(p, low, high, n);
  }
}
