package org.alignmentworkbench.model.statistics;

/// The middle of a sample, with the interval between two of its own values that makes no assumption
/// about how values are spread.
///
/// ```
/// (x[k], x[n - k + 1]) with the largest k for which 2 P(X <= k - 1) <= 5 %,  X ~ Binomial(n, 1/2)
/// ```
///
/// covers the true median in at least 95 % of samples; below six values no two of them do. Values
/// must be independent. Source: Thompson, "On confidence ranges for the median and other
/// expectation distributions for populations of unknown distribution form", 1936.
public final class Median {
  private static final int FEWEST = 6;

  private Median() {}

  /// The median with its interval.
  public static Estimate of(double... values) {
    int n = values.length;
    if (n == 0) {
      return new Estimate.Undefined("no values");
    }
    Percentiles percentiles = Percentiles.of(values);
    if (n < FEWEST) {
      return new Estimate.Point(
          percentiles.median(), n, "fewer than six values have no interval for their middle");
    }
    double tail = 0;
    int k = 0;
    double term = Math.exp(-n * Math.log(2));
    // For large n the first terms are too small to tell from zero; they come from logarithms then.
    while (true) {
      double next = term > 1e-290 ? term : probability(k, n);
      if (tail + next > (1 - Estimate.CONFIDENCE) / 2) {
        break;
      }
      tail += next;
      term = next * (n - k) / (k + 1.0);
      k++;
    }
    return new Estimate.Known(
        percentiles.median(),
        percentiles.at((k - 1.0) / (n - 1)),
        percentiles.at((n - (double) k) / (n - 1)),
        n);
  }

  private static double probability(int k, int n) {
    return Math.exp(
        LogGamma.of(n + 1.0) - LogGamma.of(k + 1.0) - LogGamma.of(n - k + 1.0) - n * Math.log(2));
  }
}
