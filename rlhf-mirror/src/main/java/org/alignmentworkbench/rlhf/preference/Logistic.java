package org.alignmentworkbench.rlhf.preference;

/// The logistic function and its logarithm, safe for any margin.
final class Logistic {
  private Logistic() {}

  /// `1 / (1 + exp(-x))`; never NaN for a finite x.
  static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  /// `log(1 + exp(x)) = -log sigmoid(-x)`, without overflow and exact to rounding for any x.
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new ArithmeticException(name + " must be finite, was " + value);
    }
    return value;
  }
}
