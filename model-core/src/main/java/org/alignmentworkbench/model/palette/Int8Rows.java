package org.alignmentworkbench.model.palette;

import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;

/// A matrix of 8-bit integers with one 16-bit scale a row: `w[r,c] = scale[r] * q[r,c]`.
///
/// For an embedding a row is a token, which for the output head that shares it is an output
/// channel. The scale is the row's largest size divided by 127, rounded to binary16, and the
/// integers are rounded against that rounded scale, so an entry is off by at most half a scale,
/// apart from the entry of largest size, which the rounded scale may cut by up to 127 * 2^-11 of a
/// scale more. A row so small that its scale would vanish (below about 4e-6) is stored as zeros.
///
/// @param rows number of rows
/// @param columns number of columns
/// @param values the integers, row-major, in -127..127
/// @param scales one scale a row, in binary16
public record Int8Rows(int rows, int columns, byte[] values, short[] scales)
    implements PackedWeight {
  /// Checks the extents.
  public Int8Rows {
    if (values.length != Math.multiplyExact(rows, columns) || scales.length != rows) {
      throw new IllegalArgumentException(
          "a matrix of "
              + rows
              + " x "
              + columns
              + " needs as many integers and a scale a row, there were "
              + values.length
              + " and "
              + scales.length);
    }
  }

  /// The nearest such matrix of a dense one.
  public static Int8Rows of(Tensor matrix) {
    if (matrix.rank() != 2) {
      throw new IllegalArgumentException("only a matrix has rows to scale, was " + matrix);
    }
    int rows = matrix.extent(0);
    int columns = matrix.extent(1);
    float[] data = matrix.data();
    byte[] values = new byte[data.length];
    short[] scales = new short[rows];
    for (int r = 0; r < rows; r++) {
      float largest = 0;
      for (int c = 0; c < columns; c++) {
        largest = Math.max(largest, Math.abs(data[r * columns + c]));
      }
      scales[r] = HalfTensor.half(largest / 127);
      float scale = Half.fromF16(scales[r]);
      if (scale == 0) {
        continue;
      }
      for (int c = 0; c < columns; c++) {
        long q = Math.round((double) data[r * columns + c] / scale);
        values[r * columns + c] = (byte) Math.clamp(q, -127, 127);
      }
    }
    return new Int8Rows(rows, columns, values, scales);
  }

  /// The scale of a row.
  public float scale(int row) {
    return Half.fromF16(scales[row]);
  }

  @Override
  public int[] shape() {
    return new int[] {rows, columns};
  }

  @Override
  public Tensor dense() {
    float[] dense = new float[values.length];
    for (int r = 0; r < rows; r++) {
      float scale = scale(r);
      for (int c = 0; c < columns; c++) {
        dense[r * columns + c] = scale * values[r * columns + c];
      }
    }
    return Tensor.of(dense, rows, columns);
  }

  @Override
  public long parameters() {
    return values.length;
  }

  @Override
  public long bytes() {
    return values.length + 2L * scales.length;
  }
}
