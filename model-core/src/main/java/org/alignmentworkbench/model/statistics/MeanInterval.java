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
    return incompleteBeta(freedom / (freedom + t * t), freedom / 2.0, 0.5) / 2;
  }

  /// The regularised incomplete beta function by its continued fraction (Lentz's method; Abramowitz
  /// and Stegun 26.5.8).
  private static double incompleteBeta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    // The fraction converges fast below the mean; above it the mirrored one does.
    if (x > (a + 1) / (a + b + 2)) {
      return 1 - incompleteBeta(1 - x, b, a);
    }
    double front =
        Math.exp(
            a * Math.log(x)
                + b * Math.log1p(-x)
                - Math.log(a)
                - (logGamma(a) + logGamma(b) - logGamma(a + b)));
    double tiny = 1e-300;
    double f = 1;
    double c = 1;
    double d = 0;
    for (int i = 0; i <= 10_000; i++) {
      int m = i / 2;
      double numerator;
      if (i == 0) {
        numerator = 1;
      } else if (i % 2 == 0) {
        numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      } else {
        numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      }
      d = 1 + numerator * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + numerator / c;
      c = Math.abs(c) < tiny ? tiny : c;
      f *= c * d;
      if (Math.abs(1 - c * d) < 1e-15) {
        return front * (f - 1);
      }
    }
    throw new ArithmeticException("incomplete beta did not converge at " + x + ", " + a + ", " + b);
  }

  /// ln Γ(x) for x > 0: Stirling's series after shifting x above 10 (error below 1e-14).
  private static double logGamma(double x) {
    double shift = 0;
    double y = x;
    while (y < 10) {
      shift -= Math.log(y);
      y++;
    }
    double r = 1 / (y * y);
    double series =
        (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / y;
    return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series;
  }
}
