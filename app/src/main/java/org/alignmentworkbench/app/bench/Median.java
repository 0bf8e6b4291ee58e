package org.alignmentworkbench.app.bench;

import java.util.Arrays;

/// The middle value, or the mean of the two in the middle.
final class Median {
  private Median() {}

  static double of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("there must be a value to take the median of");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
