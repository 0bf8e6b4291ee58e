package org.alignmentworkbench.model.agreement;

import java.util.Arrays;

/// Small steps on rows of numbers.
final class Matrix {
  private Matrix() {}

  static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  /// The position of the largest value; the first of equal ones.
  static int largest(double[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  /// Divides a row by its sum.
  static void normalise(double[] row) {
    double sum = Arrays.stream(row).sum();
    for (int i = 0; i < row.length; i++) {
      row[i] /= sum;
    }
  }
}
