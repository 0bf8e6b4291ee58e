package org.alignmentworkbench.model.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;

class SymmetricSystemTest {

  /// The textbook's sums, entry by entry: `A = L Lᵀ`, then forwards and backwards.
  private static double[] naive(double[][] matrix, double[] right) {
    int n = matrix.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
      }
    }
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= lower[i][k] * x[k];
      }
      x[i] /= lower[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        x[i] -= lower[k][i] * x[k];
      }
      x[i] /= lower[i][i];
    }
    return x;
  }

  private static double[][] positiveDefinite(int n, CounterStream stream) {
    double[][] root = new double[n][n];
    for (int i = 0; i < n * n; i++) {
      root[i / n][i % n] = stream.normal(i);
    }
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          matrix[i][j] += root[i][k] * root[j][k];
        }
      }
      matrix[i][i] += 1;
    }
    return matrix;
  }

  @Test
  void rows_side_by_side_give_the_textbooks_bits() {
    for (int n : new int[] {1, 2, 3, 17, 64}) {
      CounterStream stream = CounterStream.of(4, "system", 0, n);
      double[][] matrix = positiveDefinite(n, stream);
      double[] right = new double[n];
      for (int i = 0; i < n; i++) {
        right[i] = stream.normal(n * n + i);
      }
      double[] x = SymmetricSystem.factor(matrix).solve(right);
      assertThat(x).as("size %d", n).isEqualTo(naive(matrix, right));
      for (int i = 0; i < n; i++) {
        double product = 0;
        for (int j = 0; j < n; j++) {
          product += matrix[i][j] * x[j];
        }
        // Double rounding times a condition number of some thousands.
        assertThat(product).isCloseTo(right[i], within(1e-10));
      }
    }
  }

  @Test
  void a_matrix_that_is_not_positive_definite_is_refused() {
    assertThatThrownBy(() -> SymmetricSystem.factor(new double[][] {{1, 2}, {2, 1}}))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("not positive definite at row 1: -3.0");
  }
}
