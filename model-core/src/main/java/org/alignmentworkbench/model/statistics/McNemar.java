package org.alignmentworkbench.model.statistics;

/// McNemar's test: did as many change one way as the other?
///
/// Of pairs of yes-or-no outcomes only those that differ speak. Without an effect each of them is
/// equally likely to have gone either way.
///
/// ```
/// exact:  p = min(1, 2 P(X <= min(b, c))),  X ~ Binomial(b + c, 1/2)
/// mid-p:  exact - P(X = min(b, c)),  1 where b = c
/// chi²:   (b - c)² / (b + c),  with continuity correction (|b - c| - 1)² / (b + c)
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | b | count | pairs that changed one way |
/// | c | count | pairs that changed the other way |
///
/// Without any change every p is 1 by convention. Source: McNemar, "Note on the sampling error of
/// the difference between correlated proportions or percentages", 1947; mid-p as in Fagerland,
/// Lydersen and Laake, BMC Medical Research Methodology 13:91 (2013), who recommend it.
///
/// @param b pairs that changed one way
/// @param c pairs that changed the other way
public record McNemar(long b, long c) {
  public McNemar {
    if (b < 0 || c < 0) {
      throw new IllegalArgumentException("counts must be >= 0, were " + b + " and " + c);
    }
  }

  /// The two-sided exact p-value.
  public double exactP() {
    long n = b + c;
    long least = Math.min(b, c);
    double tail = 0;
    for (long k = least; k >= 0; k--) {
      double term = probability(k, n);
      tail += term;
      // Terms fall at least geometrically below the middle.
      if (term < tail * 1e-18) {
        break;
      }
    }
    return Math.min(1, 2 * tail);
  }

  /// The two-sided mid-p-value.
  public double midP() {
    return b == c ? 1 : exactP() - probability(Math.min(b, c), b + c);
  }

  /// The statistic, chi-squared with one degree of freedom in large samples.
  public double chiSquare() {
    return b + c == 0 ? 0 : (double) (b - c) * (b - c) / (b + c);
  }

  /// The statistic with continuity correction; never below zero's value for b = c.
  public double correctedChiSquare() {
    double apart = Math.abs((double) b - c) - 1;
    return b + c == 0 ? 0 : apart * apart / (b + c);
  }

  /// The p-value of [#chiSquare].
  public double chiSquareP() {
    return Normal.bothTails(Math.sqrt(chiSquare()));
  }

  /// The p-value of [#correctedChiSquare].
  public double correctedChiSquareP() {
    return Normal.bothTails(Math.sqrt(correctedChiSquare()));
  }

  private static double probability(long k, long n) {
    return Math.exp(
        LogGamma.of(n + 1.0) - LogGamma.of(k + 1.0) - LogGamma.of(n - k + 1.0) - n * Math.log(2));
  }
}
