package org.alignmentworkbench.model.ranking;

/// A symmetric positive definite matrix, factored once by Cholesky: `A = Uᵀ U`.
///
/// Each step takes a multiple of a row from the rows below, so the innermost loops run along rows,
/// side by side. Every entry still meets the same subtractions in the same order as in the
/// textbook's sums.
final class SymmetricSystem {
  private final double[][] upper;

  private SymmetricSystem(double[][] upper) {
    this.upper = upper;
  }

  /// @param matrix its upper half is read
  /// @throws ArithmeticException when the matrix is not positive definite
  static SymmetricSystem factor(double[][] matrix) {
    int n = matrix.length;
    double[][] upper = new double[n][];
    for (int i = 0; i < n; i++) {
      upper[i] = matrix[i].clone();
    }
    for (int k = 0; k < n; k++) {
      double[] pivot = upper[k];
      if (!(pivot[k] > 0)) {
        throw new ArithmeticException("not positive definite at row " + k + ": " + pivot[k]);
      }
      pivot[k] = Math.sqrt(pivot[k]);
      for (int j = k + 1; j < n; j++) {
        pivot[j] /= pivot[k];
      }
      for (int i = k + 1; i < n; i++) {
        subtract(upper[i], pivot[i], pivot, i, n);
      }
    }
    return new SymmetricSystem(upper);
  }

  private static void subtract(double[] row, double times, double[] other, int from, int to) {
    for (int j = from; j < to; j++) {
      row[j] -= times * other[j];
    }
  }

  /// The x with `A x = right`.
  double[] solve(double[] right) {
    int n = upper.length;
    double[] x = right.clone();
    for (int k = 0; k < n; k++) {
      x[k] /= upper[k][k];
      subtract(x, x[k], upper[k], k + 1, n);
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = x[i];
      for (int k = i + 1; k < n; k++) {
        sum -= upper[i][k] * x[k];
      }
      x[i] = sum / upper[i][i];
    }
    return x;
  }

  /// The inverse of A.
  double[][] inverse() {
    int n = upper.length;
    double[][] inverse = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] unit = new double[n];
      unit[i] = 1;
      inverse[i] = solve(unit);
    }
    return inverse;
  }
}
