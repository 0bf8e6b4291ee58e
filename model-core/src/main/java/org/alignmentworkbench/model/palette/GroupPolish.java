package org.alignmentworkbench.model.palette;

import org.alignmentworkbench.model.palette.Palettizer.Group;

/// Improves the table and the indices of one group of rows in turns, under the error of
/// `Palettizer`.
///
/// With residuals `e_r = w_r - q_r` and `G_r = H e_r`, moving weight `(r, c)` by `s` changes the
/// error by `H[c,c] s^2 - 2 s G_r[c]`, which is least at `s = G_r[c] / H[c,c]`: the weight moves to
/// the table value nearest to `q + G / H[c,c]`.
///
/// With the indices fixed, `q_r = S_r t` for the table `t` (`S_r[c,j]` is 1 where weight `c` has
/// index `j`), so the best table solves `(sum_r S_r^T H S_r) t = sum_r S_r^T H w_r`.
final class GroupPolish {
  private final double[] values;
  private final int rows;
  private final int columns;
  private final double[] h;
  private float[] table;
  private byte[] index;
  private final double[] gradient;
  private double error;

  GroupPolish(double[] values, int rows, int columns, double[] h, float[] table, byte[] index) {
    this.values = values;
    this.rows = rows;
    this.columns = columns;
    this.h = h;
    this.table = table.clone();
    this.index = index.clone();
    this.gradient = new double[values.length];
    this.error = restart();
  }

  Group improve(int rounds) {
    for (int round = 0; round < rounds; round++) {
      boolean moved = moveWeights();
      boolean refitted = refitTable();
      if (!moved && !refitted) {
        break;
      }
    }
    return ascending();
  }

  double error() {
    return error;
  }

  /// Residual products from nothing; returns the error.
  private double restart() {
    double sum = 0;
    double[] residual = new double[columns];
    for (int r = 0; r < rows; r++) {
      int row = r * columns;
      for (int c = 0; c < columns; c++) {
        residual[c] = values[row + c] - table[index[row + c]];
        gradient[row + c] = 0;
      }
      for (int c = 0; c < columns; c++) {
        double e = residual[c];
        for (int k = 0; k < columns; k++) {
          gradient[row + k] += e * h[c * columns + k];
        }
      }
      for (int c = 0; c < columns; c++) {
        sum += residual[c] * gradient[row + c];
      }
    }
    return sum;
  }

  private boolean moveWeights() {
    boolean moved = false;
    for (int r = 0; r < rows; r++) {
      int row = r * columns;
      for (int c = 0; c < columns; c++) {
        double curvature = h[c * columns + c];
        int now = index[row + c];
        byte to = Palettizer.nearest(table, table[now] + gradient[row + c] / curvature);
        if (to == now) {
          continue;
        }
        double step = (double) table[to] - table[now];
        double change = step * (curvature * step - 2 * gradient[row + c]);
        // Rounding alone must not set two equal choices swinging.
        if (change >= -1e-12 * error) {
          continue;
        }
        index[row + c] = to;
        error += change;
        moved = true;
        for (int k = 0; k < columns; k++) {
          gradient[row + k] -= step * h[c * columns + k];
        }
      }
    }
    return moved;
  }

  private boolean refitTable() {
    int size = table.length;
    double[] a = new double[size * size];
    double[] b = new double[size];
    for (int r = 0; r < rows; r++) {
      int row = r * columns;
      for (int c = 0; c < columns; c++) {
        int j = index[row + c];
        // H w = H q + G, and the H q part is what A t gives for the present table: solve for the
        // change of the table instead of the table itself.
        b[j] += gradient[row + c];
        for (int k = 0; k < columns; k++) {
          a[j * size + index[row + k]] += h[c * columns + k];
        }
      }
    }
    double[] change = solvePositive(a, b, size);
    float[] before = table;
    double errorBefore = error;
    float[] after = new float[size];
    boolean same = true;
    for (int j = 0; j < size; j++) {
      after[j] = Palettizer.rounded(before[j] + change[j]);
      same &= after[j] == before[j];
    }
    if (same) {
      return false;
    }
    table = after;
    error = restart();
    if (error < errorBefore) {
      return true;
    }
    table = before;
    error = restart();
    return false;
  }

  /// Solves `A x = b` for a positive semi-definite `A` by Cholesky; unknowns without curvature (a
  /// table value that no weight uses) stay 0.
  private static double[] solvePositive(double[] a, double[] b, int n) {
    double[] l = new double[n * n];
    boolean[] used = new boolean[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i * n + j];
        for (int k = 0; k < j; k++) {
          sum -= l[i * n + k] * l[j * n + k];
        }
        if (i == j) {
          used[i] = sum > 1e-12 * a[i * n + i] && a[i * n + i] > 0;
          l[i * n + i] = used[i] ? Math.sqrt(sum) : 1;
        } else {
          l[i * n + j] = used[j] ? sum / l[j * n + j] : 0;
        }
      }
      if (!used[i]) {
        for (int j = 0; j < i; j++) {
          l[i * n + j] = 0;
        }
      }
    }
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      double sum = used[i] ? b[i] : 0;
      for (int k = 0; k < i; k++) {
        sum -= l[i * n + k] * x[k];
      }
      x[i] = sum / l[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = x[i];
      for (int k = i + 1; k < n; k++) {
        sum -= l[k * n + i] * x[k];
      }
      x[i] = sum / l[i * n + i];
    }
    return x;
  }

  /// The same weights with the table in ascending order.
  private Group ascending() {
    int size = table.length;
    int[] order = new int[size];
    for (int j = 0; j < size; j++) {
      int at = j;
      while (at > 0 && table[order[at - 1]] > table[j]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = j;
    }
    float[] sorted = new float[size];
    byte[] place = new byte[size];
    for (int j = 0; j < size; j++) {
      sorted[j] = table[order[j]];
      place[order[j]] = (byte) j;
    }
    byte[] renamed = new byte[index.length];
    for (int i = 0; i < index.length; i++) {
      renamed[i] = place[index[i]];
    }
    return new Group(sorted, renamed);
  }
}
