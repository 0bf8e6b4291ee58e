package org.alignmentworkbench.model.palette;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;

/// Finds tables and indices for a matrix.
///
/// The error that matters is the projection's squared output error, for weights `W` stored as `Q`
/// and inputs of second moments `H`:
///
/// ```
/// E = sum over rows r of (w_r - q_r) (H + d I) (w_r - q_r)^T
/// ```
///
/// | symbol | shape | unit |
/// |---|---|---|
/// | `W`, `Q` | `[rows, columns]` | weights |
/// | `H` | `[columns, columns]` | mean products of inputs, see `SecondMoments` |
/// | `d` | scalar | damping times the mean of H's diagonal |
///
/// 1. Each group of rows gets the table of the exact k-means of its weights, a weight counting as
///    much as the mean square of its input (the diagonal of `H`), rounded to binary16.
/// 2. Columns are assigned one after the other, those of the largest inputs first. A column's
///    rounding error is divided among the columns still to come so that `E` is least: the order and
///    update of GPTQ (Frantar et al., 2022, section 3.3), with `U` the upper Cholesky factor of `(H
///    + d I)^-1`.
/// 3. In turns, tables are refitted to the indices (linear least squares in the table's values
///    under `E`) and every weight may move to the table value that lowers `E` most, until nothing
///    changes or the rounds are used up. A refit that does not lower `E` after rounding is dropped,
///    so `E` never rises.
///
/// Left out: inputs are those of the uncompressed model, not of the layers already rounded.
public final class Palettizer {
  private final PaletteSettings settings;

  /// A palettizer of these settings.
  public Palettizer(PaletteSettings settings) {
    this.settings = settings;
  }

  /// The matrix that loses least for inputs that look like `inputs`.
  public PalettizedMatrix palettize(Tensor weight, SecondMoments inputs, PaletteBits width) {
    requireMatrix(weight);
    int columns = weight.extent(1);
    if (inputs.size() != columns) {
      throw new IllegalArgumentException(
          "inputs have " + inputs.size() + " features, the matrix has " + columns + " columns");
    }
    double[] h = damped(inputs.matrix(), columns, settings.damping());
    int[] order = byDiagonal(h, columns);
    double[] propagation = inverseFactor(permuted(h, columns, order), columns);
    double[] importance = inputs.meanSquares();

    return eachGroup(
        weight,
        width,
        (values, rows) -> {
          float[] table = weightedTable(values, rows, columns, importance, width);
          byte[] index = errorFeedback(values, rows, columns, table, order, propagation);
          return new GroupPolish(values, rows, columns, h, table, index)
              .improve(settings.polishing());
        });
  }

  /// The matrix of plain or weighted k-means, each weight at its nearest table value: what error
  /// feedback is compared with.
  ///
  /// @param importance one entry a column; all 1 for plain k-means
  public PalettizedMatrix nearest(Tensor weight, double[] importance, PaletteBits width) {
    requireMatrix(weight);
    int columns = weight.extent(1);
    if (importance.length != columns) {
      throw new IllegalArgumentException(
          "importance needs an entry a column, " + columns + ", had " + importance.length);
    }
    return eachGroup(
        weight,
        width,
        (values, rows) -> {
          float[] table = weightedTable(values, rows, columns, importance, width);
          byte[] index = new byte[values.length];
          for (int i = 0; i < index.length; i++) {
            index[i] = nearest(table, values[i]);
          }
          return new Group(table, index);
        });
  }

  /// A table and the indices of a group's rows.
  record Group(float[] table, byte[] index) {}

  private interface GroupFit {
    Group fit(double[] values, int rows);
  }

  private PalettizedMatrix eachGroup(Tensor weight, PaletteBits width, GroupFit fit) {
    int rows = weight.extent(0);
    int columns = weight.extent(1);
    int groupRows = settings.groupRows();
    int groups = (rows + groupRows - 1) / groupRows;
    byte[] index = new byte[rows * columns];
    short[] tables = new short[groups * width.tableSize()];
    // Groups know nothing of each other, so the order in which they are fitted changes nothing.
    IntStream.range(0, groups)
        .parallel()
        .forEach(g -> {
          int from = g * groupRows;
          int count = Math.min(groupRows, rows - from);
          double[] values = new double[count * columns];
          for (int i = 0; i < values.length; i++) {
            values[i] = weight.data()[from * columns + i];
          }
          Group group = fit.fit(values, count);
          System.arraycopy(group.index, 0, index, from * columns, group.index.length);
          for (int j = 0; j < width.tableSize(); j++) {
            tables[g * width.tableSize() + j] = HalfTensor.half(group.table[j]);
          }
        });
    return PalettizedMatrix.pack(rows, columns, groupRows, width, index, tables);
  }

  private static float[] weightedTable(
      double[] values, int rows, int columns, double[] importance, PaletteBits width) {
    double[] a = new double[values.length];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(importance, 0, a, r * columns, columns);
    }
    double[] centres = OptimalKMeans.solve(values, a, width.tableSize()).centres();
    float[] table = new float[centres.length];
    for (int j = 0; j < table.length; j++) {
      table[j] = rounded(centres[j]);
    }
    return table;
  }

  /// The value as the file will hold it.
  static float rounded(double value) {
    return Half.fromF16(HalfTensor.half((float) value));
  }

  /// The position of the nearest table value; of two equally near the lower one.
  static byte nearest(float[] table, double value) {
    int best = 0;
    double least = Math.abs(value - table[0]);
    for (int j = 1; j < table.length; j++) {
      double distance = Math.abs(value - table[j]);
      if (distance < least) {
        least = distance;
        best = j;
      }
    }
    return (byte) best;
  }

  private static byte[] errorFeedback(
      double[] values, int rows, int columns, float[] table, int[] order, double[] u) {
    byte[] index = new byte[values.length];
    double[] left = new double[columns];
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < columns; p++) {
        left[p] = values[r * columns + order[p]];
      }
      for (int p = 0; p < columns; p++) {
        byte j = nearest(table, left[p]);
        index[r * columns + order[p]] = j;
        int row = p * columns;
        double error = (left[p] - table[j]) / u[row + p];
        for (int q = p + 1; q < columns; q++) {
          left[q] -= error * u[row + q];
        }
      }
    }
    return index;
  }

  static double[] damped(double[] h, int n, double damping) {
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += h[i * n + i] / n;
    }
    // Inputs that are all zero say nothing: every weight then counts alike.
    double add = mean > 0 ? damping * mean : 1;
    double[] out = h.clone();
    for (int i = 0; i < n; i++) {
      out[i * n + i] += add;
    }
    return out;
  }

  /// Columns by descending diagonal, equal ones by position.
  private static int[] byDiagonal(double[] h, int n) {
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (p, q) -> Double.compare(h[q * n + q], h[p * n + p]));
    int[] plain = new int[n];
    Arrays.setAll(plain, i -> order[i]);
    return plain;
  }

  private static double[] permuted(double[] h, int n, int[] order) {
    double[] out = new double[h.length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        out[i * n + j] = h[order[i] * n + order[j]];
      }
    }
    return out;
  }

  /// The upper triangular `U` with `U^T U = H^-1`, row-major.
  ///
  /// With `H = R R^T` for an upper triangular `R` (a Cholesky factorisation from the last row up),
  /// `H^-1 = R^-T R^-1`, so `U = R^-1`, which is upper triangular as well.
  static double[] inverseFactor(double[] h, int n) {
    double[] r = new double[n * n];
    for (int j = n - 1; j >= 0; j--) {
      for (int i = j; i >= 0; i--) {
        double sum = h[i * n + j];
        for (int k = j + 1; k < n; k++) {
          sum -= r[i * n + k] * r[j * n + k];
        }
        if (i == j) {
          if (!(sum > 0)) {
            throw new IllegalArgumentException(
                "second moments must be positive definite after damping, pivot "
                    + j
                    + " was "
                    + sum);
          }
          r[j * n + j] = Math.sqrt(sum);
        } else {
          r[i * n + j] = sum / r[j * n + j];
        }
      }
    }
    double[] u = new double[n * n];
    for (int i = n - 1; i >= 0; i--) {
      double pivot = r[i * n + i];
      u[i * n + i] = 1 / pivot;
      // Row i of U is (e_i - sum_k R[i,k] * U row k) / R[i,i], over k > i.
      for (int k = i + 1; k < n; k++) {
        double factor = r[i * n + k] / pivot;
        for (int j = k; j < n; j++) {
          u[i * n + j] -= factor * u[k * n + j];
        }
      }
    }
    return u;
  }

  private static void requireMatrix(Tensor weight) {
    if (weight.rank() != 2) {
      throw new IllegalArgumentException("only a matrix can be palettized, was " + weight);
    }
  }
}
