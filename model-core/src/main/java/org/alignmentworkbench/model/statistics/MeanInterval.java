package org.alignmentworkbench.model.statistics;

/// The interval of a mean by Student's t distribution.
///
/// ```
/// mean ± t(0.975; n - 1) * s / sqrt(n)
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | s | of the values | sample standard deviation |
/// | n | count | values, at least 2 |
///
/// Exact for normal values, close for others once n is large. Values must be independent. Source:
/// Student, "The probable error of a mean", 1908.
public final class MeanInterval {
  private MeanInterval() {}

  /// The mean of what was added up, with its interval; undefined below two values.
  public static Estimate of(Mean mean) {
    if (mean.n() == 0) {
      return new Estimate.Undefined("no values");
    }
    if (mean.n() == 1) {
      return new Estimate.Undefined("one value alone has no interval");
    }
    double half =
        tQuantile(0.5 + Estimate.CONFIDENCE / 2, mean.n() - 1)
            * mean.standardDeviation()
            / Math.sqrt((double) mean.n());
    return new Estimate.Known(mean.mean(), mean.mean() - half, mean.mean() + half, mean.n());
  }

  /// The value below which Student's t lies with a probability.
  ///
  /// @param probability in (0.5, 1)
  /// @param freedom degrees of freedom, at least 1
  static double tQuantile(double probability, long freedom) {
    if (!(probability > 0.5 && probability < 1) || freedom < 1) {
      throw new IllegalArgumentException(
          "probability must be in (0.5, 1) and freedom >= 1, were "
              + probability
              + " and "
              + freedom);
    }
    double low = 0;
    double high = 1;
    while (tUpperTail(high, freedom) > 1 - probability) {
      high *= 2;
    }
    for (int i = 0; i < 200 && high - low > 1e-13 * high; i++) {
      double middle = (low + high) / 2;
      if (tUpperTail(middle, freedom) > 1 - probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /// P(T > t) = I(v / (v + t²); v/2, 1/2) / 2 for t >= 0.
  private static double tUpperTail(double t, long freedom) {
    return IncompleteBeta.of(freedom / (freedom + t * t), freedom / 2.0, 0.5) / 2;
  }
}
