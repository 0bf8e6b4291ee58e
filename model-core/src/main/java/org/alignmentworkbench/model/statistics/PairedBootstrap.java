package org.alignmentworkbench.model.statistics;

import java.util.function.IntUnaryOperator;

/// The difference of two means over the same items, with a percentile interval from resampling the
/// items: both values of an item stay together.
///
/// ```
/// d* = mean(a[i*] - b[i*]),  i* drawn with replacement;  interval = 2.5 % to 97.5 % of all d*
/// ```
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 13.3. Items must
/// be independent of each other.
///
/// @param observed the difference of the means
/// @param resampled the differences of the resamples, in the order drawn
public record PairedBootstrap(double observed, double[] resampled, int n) {
  public PairedBootstrap {
    resampled = resampled.clone();
  }

  @Override
  public double[] resampled() {
    return resampled.clone();
  }

  /// Draws the resamples.
  ///
  /// @param draw gives the next random integer in [0, bound); it is asked n times a resample
  public static PairedBootstrap of(double[] a, double[] b, int resamples, IntUnaryOperator draw) {
    if (a.length != b.length || a.length == 0) {
      throw new IllegalArgumentException(
          "values must be of the same items and at least one, were "
              + a.length
              + " and "
              + b.length);
    }
    double[] differences = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        int item = draw.applyAsInt(a.length);
        sum += a[item] - b[item];
      }
      differences[r] = sum / a.length;
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] - b[i];
    }
    return new PairedBootstrap(sum / a.length, differences, a.length);
  }

  /// The difference with its interval.
  public Estimate estimate() {
    Percentiles percentiles = Percentiles.of(resampled);
    double tail = (1 - Estimate.CONFIDENCE) / 2;
    return new Estimate.Known(observed, percentiles.at(tail), percentiles.at(1 - tail), n);
  }

  /// The share of resamples in which the difference is zero or less.
  public double shareAtMostZero() {
    long count = 0;
    for (double difference : resampled) {
      count += difference <= 0 ? 1 : 0;
    }
    return (double) count / resampled.length;
  }
}
