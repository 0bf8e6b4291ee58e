package org.alignmentworkbench.model.statistics;

import org.jspecify.annotations.Nullable;

/// A figure made from a sample, or the reason why there is none.
public sealed interface Estimate {

  /// The confidence of every interval here.
  double CONFIDENCE = 0.95;

  /// The 97.5 % quantile of the standard normal distribution.
  double Z = 1.959963984540054;

  /// A figure.
  ///
  /// @param value the estimate
  /// @param low lower end of its 95 % confidence interval
  /// @param high upper end
  /// @param n the number of observations behind it
  record Known(double value, double low, double high, long n) implements Estimate {
    public Known {
      if (!(low <= high) || n < 1) {
        throw new IllegalArgumentException(
            "an interval must be ordered and n >= 1, was " + low + " to " + high + ", n " + n);
      }
    }

    /// Whether the whole interval lies above zero.
    public boolean isAboveZero() {
      return low > 0;
    }

    /// Whether the interval holds a value.
    public boolean covers(double other) {
      return low <= other && other <= high;
    }
  }

  /// A figure whose uncertainty cannot be told from the sample.
  ///
  /// @param value the estimate
  /// @param n the number of observations behind it
  /// @param why the reason why there is no interval, for people
  record Point(double value, long n, String why) implements Estimate {
    public Point {
      if (!Double.isFinite(value) || n < 1) {
        throw new IllegalArgumentException(
            "a figure must be finite and n >= 1, was " + value + ", n " + n);
      }
    }
  }

  /// No figure.
  ///
  /// @param why the reason, for people
  record Undefined(String why) implements Estimate {}

  /// The estimate, or null if undefined.
  default @Nullable Double valueOrNull() {
    return switch (this) {
      case Known known -> (Double) known.value();
      case Point point -> (Double) point.value();
      case Undefined _ -> null;
    };
  }

  /// The lower end, or null if there is none.
  default @Nullable Double lowOrNull() {
    return this instanceof Known known ? (Double) known.low() : null;
  }

  /// The upper end, or null if there is none.
  default @Nullable Double highOrNull() {
    return this instanceof Known known ? (Double) known.high() : null;
  }
}
