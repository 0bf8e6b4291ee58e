package org.alignmentworkbench.model.statistics;

/// The regularised incomplete beta function `I(x; a, b)`, the distribution function of the beta
/// distribution, by its continued fraction (Lentz's method; Abramowitz and Stegun 26.5.8).
final class IncompleteBeta {
  private IncompleteBeta() {}

  /// @param x in [0, 1]; values outside count as the nearer end
  /// @param a above 0
  /// @param b above 0
  static double of(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    // The fraction converges fast below the mean; above it the mirrored one does.
    if (x > (a + 1) / (a + b + 2)) {
      return 1 - of(1 - x, b, a);
    }
    double front =
        Math.exp(
            a * Math.log(x)
                + b * Math.log1p(-x)
                - Math.log(a)
                - (LogGamma.of(a) + LogGamma.of(b) - LogGamma.of(a + b)));
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

  /// The x at which `I(x; a, b)` reaches a probability, by bisection down to neighbouring numbers.
  static double inverse(double probability, double a, double b) {
    double low = 0;
    double high = 1;
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        return middle;
      }
      if (of(middle, a, b) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
