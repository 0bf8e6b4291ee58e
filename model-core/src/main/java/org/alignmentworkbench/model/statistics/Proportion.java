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
  private static final Estimate NONE = new Estimate.Undefined("no observations");

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

  /// The share with Wilson's interval.
  public Estimate estimate() {
    return estimate(Estimate.CONFIDENCE);
  }

  /// The share with Wilson's interval of another confidence.
  public Estimate estimate(double confidence) {
    return n == 0 ? NONE : wilson((double) count / n, n, confidence);
  }

  /// Wilson's interval around the mean of n values in [0, 1]. Values between the ends vary less
  /// than zeros and ones of the same mean, so for them it is too wide rather than too narrow.
  public static Estimate wilson(double p, long n, double confidence) {
    if (!(p >= 0 && p <= 1) || n < 1) {
      throw new IllegalArgumentException(
          "the share must be in [0, 1] and n >= 1, were " + p + " and " + n);
    }
    double z = z(confidence);
    double z2 = z * z;
    double scale = 1 + z2 / n;
    double centre = (p + z2 / (2 * n)) / scale;
    double half = z / scale * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
    // Exactly 0 and 1 at the ends, where subtraction leaves a rounding error.
    double low = p == 0 ? 0 : centre - half;
    double high = p == 1 ? 1 : centre + half;
    return new Estimate.Known(p, low, high, n);
  }

  /// The share with the interval of Clopper and Pearson, "The use of confidence or fiducial
  /// limits", 1934: never covers less often than it says, and is wider for it.
  ///
  /// ```
  /// low = B(α/2; count, n - count + 1),  high = B(1 - α/2; count + 1, n - count)
  /// ```
  ///
  /// with `B(q; a, b)` the quantile of the beta distribution.
  public Estimate exact(double confidence) {
    if (n == 0) {
      return NONE;
    }
    double tail = (1 - confidence) / 2;
    return new Estimate.Known(
        (double) count / n,
        count == 0 ? 0 : IncompleteBeta.inverse(tail, (double) count, n - count + 1.0),
        count == n ? 1 : IncompleteBeta.inverse(1 - tail, count + 1.0, (double) n - count),
        n);
  }

  /// The share with the interval of Agresti and Coull, "Approximate is better than exact for
  /// interval estimation of binomial proportions", 1998: Wald's around z²/2 successes and failures
  /// more, cut off at 0 and 1.
  public Estimate agrestiCoull(double confidence) {
    if (n == 0) {
      return NONE;
    }
    double z = z(confidence);
    double more = n + z * z;
    double centre = (count + z * z / 2) / more;
    double half = z * Math.sqrt(centre * (1 - centre) / more);
    return new Estimate.Known(
        (double) count / n, Math.max(0, centre - half), Math.min(1, centre + half), n);
  }

  private static double z(double confidence) {
    return confidence == Estimate.CONFIDENCE ? Estimate.Z : Normal.quantile(0.5 + confidence / 2);
  }
}
