package org.alignmentworkbench.model.compression;

import java.util.Arrays;
import org.alignmentworkbench.model.palette.SecondMoments;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;

/// The low-rank pair that makes up for most of what palettization did to a projection's outputs:
/// where the recovery adapter starts, instead of at nothing.
///
/// ```
/// D = W - Q;   least over rank-r C of  sum of (D - C) H (D - C)^T's diagonal
/// C = U U^T D,  U = the r leading eigenvectors of  D H D^T
/// B = U diag(c),   A = diag(1 / (c s)) U^T D,   so that s B A = C
/// ```
///
/// | symbol | shape | unit |
/// |---|---|---|
/// | `W`, `Q` | `[outputs, inputs]` | weights before and after palettization |
/// | `H` | `[inputs, inputs]` | mean products of the inputs |
/// | `s` | scalar | the adapter's scale, alpha / rank |
/// | `c_k` | scalar | `sqrt(|u_k^T D| / s)`: column `k` of B and row `k` of A get the same length |
///
/// The optimum is that of Eckart and Young for `D L` with `H = L L^T`, as in EoRA (Liu et al.,
/// 2024). Eigenvectors come from block power iteration, started from a counter stream and run until
/// the captured energy settles: where eigenvalues lie close together the directions may still turn,
/// which the captured error does not feel.
///
/// @param a `[rank, inputs]`
/// @param b `[outputs, rank]`
/// @param captured share of the squared output error that the pair makes up for, in [0, 1]
public record LowRankCorrection(Tensor a, Tensor b, double captured) {
  private static final int MOST_ITERATIONS = 100;
  private static final double SETTLED = 1e-7;

  /// The best pair for `dense` stored as `stored`.
  public static LowRankCorrection of(
      Tensor dense, Tensor stored, SecondMoments inputs, int rank, double scale) {
    if (dense.rank() != 2 || !Arrays.equals(dense.shape(), stored.shape())) {
      throw new IllegalArgumentException(
          "two matrices of one shape are compared, were " + dense + " and " + stored);
    }
    int outputs = dense.extent(0);
    int columns = dense.extent(1);
    if (rank < 1 || !(scale > 0 && Double.isFinite(scale))) {
      throw new IllegalArgumentException(
          "rank must be >= 1 and scale finite and > 0, were " + rank + " and " + scale);
    }
    double[] d = new double[outputs * columns];
    for (int i = 0; i < d.length; i++) {
      d[i] = (double) dense.data()[i] - stored.data()[i];
    }
    double[] m = errorCovariance(d, inputs.matrix(), outputs, columns);
    double energy = 0;
    for (int i = 0; i < outputs; i++) {
      energy += m[i * outputs + i];
    }
    Tensor a = Tensor.zeros(rank, columns);
    Tensor b = Tensor.zeros(outputs, rank);
    if (!(energy > 0)) {
      return new LowRankCorrection(a, b, 0);
    }
    int kept = Math.min(rank, outputs);
    double[] u = leading(m, outputs, kept);
    double captured = 0;
    for (int k = 0; k < kept; k++) {
      captured += quadratic(m, u, k, kept, outputs);
      double[] row = new double[columns];
      double length = 0;
      for (int i = 0; i < outputs; i++) {
        for (int c = 0; c < columns; c++) {
          row[c] += u[i * kept + k] * d[i * columns + c];
        }
      }
      for (double value : row) {
        length += value * value;
      }
      length = Math.sqrt(length);
      if (length == 0) {
        continue;
      }
      double share = Math.sqrt(length / scale);
      for (int c = 0; c < columns; c++) {
        a.data()[k * columns + c] = (float) (row[c] / (share * scale));
      }
      for (int i = 0; i < outputs; i++) {
        b.data()[i * rank + k] = (float) (u[i * kept + k] * share);
      }
    }
    return new LowRankCorrection(a, b, Math.min(1, captured / energy));
  }

  /// `D H D^T`.
  private static double[] errorCovariance(double[] d, double[] h, int outputs, int columns) {
    double[] dh = new double[outputs * columns];
    for (int i = 0; i < outputs; i++) {
      for (int k = 0; k < columns; k++) {
        double x = d[i * columns + k];
        for (int c = 0; c < columns; c++) {
          dh[i * columns + c] += x * h[k * columns + c];
        }
      }
    }
    double[] m = new double[outputs * outputs];
    for (int i = 0; i < outputs; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += dh[i * columns + c] * d[j * columns + c];
        }
        m[i * outputs + j] = sum;
        m[j * outputs + i] = sum;
      }
    }
    return m;
  }

  /// Orthonormal columns `[n, r]` that span the leading eigenvectors of a symmetric matrix.
  private static double[] leading(double[] m, int n, int r) {
    CounterStream stream = CounterStream.of(0, "low-rank start", 0, 0);
    double[] u = new double[n * r];
    for (int i = 0; i < u.length; i++) {
      u[i] = stream.normal(i);
    }
    orthonormalise(u, n, r);
    double before = 0;
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      double[] next = new double[n * r];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double x = m[i * n + j];
          for (int k = 0; k < r; k++) {
            next[i * r + k] += x * u[j * r + k];
          }
        }
      }
      double energy = 0;
      for (int i = 0; i < u.length; i++) {
        energy += u[i] * next[i];
      }
      u = next;
      orthonormalise(u, n, r);
      if (energy - before <= SETTLED * energy) {
        break;
      }
      before = energy;
    }
    return u;
  }

  /// Gram and Schmidt, each column against those before it, twice for accuracy. A column that
  /// vanishes stays zero.
  private static void orthonormalise(double[] u, int n, int r) {
    for (int k = 0; k < r; k++) {
      double original = norm(u, k, n, r);
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < k; j++) {
          double dot = 0;
          for (int i = 0; i < n; i++) {
            dot += u[i * r + j] * u[i * r + k];
          }
          for (int i = 0; i < n; i++) {
            u[i * r + k] -= dot * u[i * r + j];
          }
        }
      }
      double length = norm(u, k, n, r);
      double factor = length > 1e-12 * original ? 1 / length : 0;
      for (int i = 0; i < n; i++) {
        u[i * r + k] *= factor;
      }
    }
  }

  private static double norm(double[] u, int k, int n, int r) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += u[i * r + k] * u[i * r + k];
    }
    return Math.sqrt(sum);
  }

  private static double quadratic(double[] m, double[] u, int k, int r, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double row = 0;
      for (int j = 0; j < n; j++) {
        row += m[i * n + j] * u[j * r + k];
      }
      sum += u[i * r + k] * row;
    }
    return sum;
  }
}
