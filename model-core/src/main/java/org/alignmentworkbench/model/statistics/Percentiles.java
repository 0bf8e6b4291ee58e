package org.alignmentworkbench.model.statistics;

import java.util.Arrays;

/// Percentiles of a sample, by linear interpolation between order statistics (type 7 of Hyndman and
/// Fan, "Sample quantiles in statistical packages", 1996; what R and NumPy do by default).
///
/// ```
/// h = (n - 1) q,  result = x[floor(h)] + (h - floor(h)) (x[floor(h) + 1] - x[floor(h)])
/// ```
public final class Percentiles {
  private final double[] sorted;

  private Percentiles(double[] sorted) {
    this.sorted = sorted;
  }

  /// The percentiles of finite values, of which there must be one at least.
  public static Percentiles of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values have no percentiles");
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("values must be finite, one was " + value);
      }
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Percentiles(sorted);
  }

  /// The value below which a share q in [0, 1] of the sample lies.
  public double at(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("q must be in [0, 1], was " + q);
    }
    double h = (sorted.length - 1) * q;
    int below = (int) Math.floor(h);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (h - below) * (sorted[above] - sorted[below]);
  }

  /// The middle.
  public double median() {
    return at(0.5);
  }
}
