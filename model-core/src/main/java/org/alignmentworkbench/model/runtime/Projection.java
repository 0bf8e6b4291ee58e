package org.alignmentworkbench.model.runtime;

import org.alignmentworkbench.model.palette.HalfTensor;
import org.alignmentworkbench.model.palette.Int8Rows;
import org.alignmentworkbench.model.palette.PackedWeight;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PalettizedMatrix;
import org.alignmentworkbench.model.tensor.Tensor;

/// A linear map `y = W x` of one vector, in the form in which its weights are stored.
///
/// All forms add up in the same order (four partial sums, column `c` in sum `c mod 4`), so that a
/// palettized map gives the bits of its dense reconstruction. Eight-bit rows are scaled after the
/// sum, which differs in rounding only.
sealed interface Projection {
  int inputs();

  int outputs();

  /// Writes `W x` to `y`.
  void apply(float[] x, float[] y);

  /// Writes row `row` of `W` to `out`: what an embedding looks up.
  void row(int row, float[] out);

  static Projection of(Tensor weight) {
    return new Dense(weight.extent(0), weight.extent(1), weight.data());
  }

  static Projection of(PackedWeight weight) {
    return switch (weight) {
      case PalettizedMatrix m -> Palettized.of(m);
      case Int8Rows m -> new EightBit(m);
      case HalfTensor t -> of(t.dense());
    };
  }

  /// Weights as they are.
  record Dense(int outputs, int inputs, float[] weights) implements Projection {
    @Override
    public void apply(float[] x, float[] y) {
      for (int r = 0; r < outputs; r++) {
        int at = r * inputs;
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < inputs; i += 4) {
          a += weights[at + i] * x[i];
          b += weights[at + i + 1] * x[i + 1];
          c += weights[at + i + 2] * x[i + 2];
          d += weights[at + i + 3] * x[i + 3];
        }
        for (; i < inputs; i++) {
          a += weights[at + i] * x[i];
        }
        y[r] = (a + b) + (c + d);
      }
    }

    @Override
    public void row(int row, float[] out) {
      System.arraycopy(weights, row * inputs, out, 0, inputs);
    }
  }

  /// Indices into tables; both are read as they are stored.
  record Palettized(PalettizedMatrix matrix, float[][] tables) implements Projection {
    static Palettized of(PalettizedMatrix matrix) {
      float[][] tables = new float[matrix.groups()][];
      for (int g = 0; g < tables.length; g++) {
        tables[g] = matrix.table(g);
      }
      return new Palettized(matrix, tables);
    }

    @Override
    public int inputs() {
      return matrix.columns();
    }

    @Override
    public int outputs() {
      return matrix.rows();
    }

    @Override
    public void apply(float[] x, float[] y) {
      byte[] indices = matrix.indices();
      int rowBytes = inputs() * matrix.width().bits() / 8;
      for (int r = 0; r < outputs(); r++) {
        float[] table = tables[r / matrix.groupRows()];
        y[r] =
            matrix.width() == PaletteBits.FOUR
                ? fourBits(indices, r * rowBytes, rowBytes, table, x)
                : twoBits(indices, r * rowBytes, rowBytes, table, x);
      }
    }

    private static float fourBits(byte[] indices, int from, int bytes, float[] table, float[] x) {
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      int i = 0;
      int p = 0;
      for (; p + 1 < bytes; p += 2, i += 4) {
        int low = indices[from + p];
        int high = indices[from + p + 1];
        a += table[low & 15] * x[i];
        b += table[(low >>> 4) & 15] * x[i + 1];
        c += table[high & 15] * x[i + 2];
        d += table[(high >>> 4) & 15] * x[i + 3];
      }
      if (p < bytes) {
        a += table[indices[from + p] & 15] * x[i];
        a += table[(indices[from + p] >>> 4) & 15] * x[i + 1];
      }
      return (a + b) + (c + d);
    }

    private static float twoBits(byte[] indices, int from, int bytes, float[] table, float[] x) {
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      for (int p = 0, i = 0; p < bytes; p++, i += 4) {
        int four = indices[from + p];
        a += table[four & 3] * x[i];
        b += table[(four >>> 2) & 3] * x[i + 1];
        c += table[(four >>> 4) & 3] * x[i + 2];
        d += table[(four >>> 6) & 3] * x[i + 3];
      }
      return (a + b) + (c + d);
    }

    @Override
    public void row(int row, float[] out) {
      float[] table = tables[row / matrix.groupRows()];
      for (int c = 0; c < inputs(); c++) {
        out[c] = table[matrix.index(row, c)];
      }
    }
  }

  /// Eight-bit integers with a scale a row.
  record EightBit(Int8Rows matrix) implements Projection {
    @Override
    public int inputs() {
      return matrix.columns();
    }

    @Override
    public int outputs() {
      return matrix.rows();
    }

    @Override
    public void apply(float[] x, float[] y) {
      byte[] q = matrix.values();
      int inputs = matrix.columns();
      for (int r = 0; r < matrix.rows(); r++) {
        int at = r * inputs;
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < inputs; i += 4) {
          a += q[at + i] * x[i];
          b += q[at + i + 1] * x[i + 1];
          c += q[at + i + 2] * x[i + 2];
          d += q[at + i + 3] * x[i + 3];
        }
        for (; i < inputs; i++) {
          a += q[at + i] * x[i];
        }
        y[r] = matrix.scale(r) * ((a + b) + (c + d));
      }
    }

    @Override
    public void row(int row, float[] out) {
      float scale = matrix.scale(row);
      for (int c = 0; c < matrix.columns(); c++) {
        out[c] = scale * matrix.values()[row * matrix.columns() + c];
      }
    }
  }
}
