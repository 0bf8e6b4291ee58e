package org.alignmentworkbench.model.palette;

import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;

/// A matrix as small indices into tables, one table for each group of rows: `w[r,c] = table[r /
/// groupRows][index[r,c]]`.
///
/// | stored | shape | type |
/// |---|---|---|
/// | indices | `[rows * columns * bits / 8]` | bytes; element `i` (row-major) begins at bit `i * bits`, lowest bit first |
/// | tables | `[ceil(rows / groupRows), 2^bits]` | binary16, ascending within a table |
///
/// The layout is that of Core ML's `constexpr_lut_to_dense`. A row must fill whole bytes, so that
/// it can be read on its own. The last group may have fewer rows.
///
/// @param rows output features
/// @param columns input features
/// @param groupRows rows that share a table
/// @param width bits of an index
/// @param indices the packed indices
/// @param tables the tables, one after the other
public record PalettizedMatrix(
    int rows, int columns, int groupRows, PaletteBits width, byte[] indices, short[] tables)
    implements PackedWeight {
  /// Checks the extents.
  public PalettizedMatrix {
    if (rows < 1 || columns < 1 || groupRows < 1) {
      throw new IllegalArgumentException(
          "rows, columns and group rows must be at least 1, were "
              + rows
              + ", "
              + columns
              + ", "
              + groupRows);
    }
    if ((columns * width.bits()) % 8 != 0) {
      throw new IllegalArgumentException(
          "a row of "
              + columns
              + " indices of "
              + width.bits()
              + " bits does not fill whole bytes");
    }
    if (indices.length != (long) rows * columns * width.bits() / 8) {
      throw new IllegalArgumentException(
          "indices take "
              + (long) rows * columns * width.bits() / 8
              + " bytes, there were "
              + indices.length);
    }
    int groups = (rows + groupRows - 1) / groupRows;
    if (tables.length != groups * width.tableSize()) {
      throw new IllegalArgumentException(
          groups
              + " tables of "
              + width.tableSize()
              + " values are needed, there were "
              + tables.length
              + " values");
    }
  }

  static PalettizedMatrix pack(
      int rows, int columns, int groupRows, PaletteBits width, byte[] index, short[] tables) {
    int bits = width.bits();
    byte[] packed = new byte[Math.toIntExact((long) rows * columns * bits / 8)];
    for (int i = 0; i < index.length; i++) {
      packed[(int) (((long) i * bits) >>> 3)] |= (byte) (index[i] << (((long) i * bits) & 7));
    }
    return new PalettizedMatrix(rows, columns, groupRows, width, packed, tables);
  }

  /// Tables in use.
  public int groups() {
    return (rows + groupRows - 1) / groupRows;
  }

  /// The index of an element.
  public int index(int row, int column) {
    int bits = width.bits();
    long bit = ((long) row * columns + column) * bits;
    int shifted = (indices[(int) (bit >>> 3)] & 0xFF) >>> (int) (bit & 7);
    return shifted & (width.tableSize() - 1);
  }

  /// The table of a group of rows.
  public float[] table(int group) {
    float[] table = new float[width.tableSize()];
    for (int j = 0; j < table.length; j++) {
      table[j] = Half.fromF16(tables[group * table.length + j]);
    }
    return table;
  }

  @Override
  public int[] shape() {
    return new int[] {rows, columns};
  }

  @Override
  public Tensor dense() {
    float[] dense = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      float[] table = table(r / groupRows);
      for (int c = 0; c < columns; c++) {
        dense[r * columns + c] = table[index(r, c)];
      }
    }
    return Tensor.of(dense, rows, columns);
  }

  @Override
  public long parameters() {
    return (long) rows * columns;
  }

  @Override
  public long bytes() {
    return indices.length + 2L * tables.length;
  }

  /// Bytes that a matrix of this shape takes at a width, tables included.
  public static long bytes(int rows, int columns, int groupRows, PaletteBits width) {
    int groups = (rows + groupRows - 1) / groupRows;
    return (long) rows * columns * width.bits() / 8 + 2L * groups * width.tableSize();
  }
}
