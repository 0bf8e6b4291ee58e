package org.alignmentworkbench.model.statistics;

/// The standard normal distribution.
///
/// ```
/// Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + ...)            near the middle
/// 1 - Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + ...))))      in the tail
/// ```
///
/// Both are exact; each is used where it converges fast, so tails keep their relative accuracy
/// (about 1e-14). Source: Abramowitz and Stegun 26.2.11 and 26.2.14.
public final class Normal {
  /// Where the series hands over to the continued fraction.
  private static final double TAIL = 3;

  private Normal() {}

  /// The probability of a value above x.
  public static double upperTail(double x) {
    if (x < 0) {
      return 1 - upperTail(-x);
    }
    return x < TAIL ? 0.5 - series(x) : tail(x);
  }

  /// The probability of a value that lies further from zero than x, on either side.
  public static double bothTails(double x) {
    return Math.min(1, 2 * upperTail(Math.abs(x)));
  }

  /// The x with `Φ(x) = probability`, by bisection down to neighbouring numbers.
  ///
  /// @param probability in (0, 1)
  public static double quantile(double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("probability must be in (0, 1), was " + probability);
    }
    if (probability < 0.5) {
      return -quantile(1 - probability);
    }
    double low = 0;
    double high = 40;
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        return middle;
      }
      if (upperTail(middle) > 1 - probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int k = 1; term > sum * 1e-17; k++) {
      term *= x * x / (2 * k + 1);
      sum += term;
    }
    return density(x) * sum;
  }

  /// From the inside out: 60 levels are enough for every x above the hand-over.
  private static double tail(double x) {
    double fraction = x;
    for (int k = 60; k >= 1; k--) {
      fraction = x + k / fraction;
    }
    return density(x) / fraction;
  }
}
