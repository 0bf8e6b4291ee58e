package org.alignmentworkbench.model.llama;

import java.util.ArrayList;
import java.util.List;

/// Rows padded to one length, on either side; what stands under the padding is never looked at.
///
/// Positions count from the first real token of a row.
public final class TokenBatch {
  private final int[][] ids;
  private final int[] starts;
  private final int[] lengths;
  private final int width;

  /// A batch from ids and its mask (1 for a real token, 0 for padding).
  ///
  /// @throws IllegalArgumentException if the rows differ in length, a mask holds another number, a
  ///   row has no real token or its real tokens are not contiguous
  public TokenBatch(int[][] ids, int[][] mask) {
    if (ids.length == 0 || mask.length != ids.length) {
      throw new IllegalArgumentException(
          "a batch must hold as many masks as rows and at least one row, was "
              + mask.length
              + " masks for "
              + ids.length
              + " rows");
    }
    this.width = ids[0].length;
    this.ids = new int[ids.length][];
    this.starts = new int[ids.length];
    this.lengths = new int[ids.length];
    for (int row = 0; row < ids.length; row++) {
      if (ids[row].length != width || mask[row].length != width) {
        throw new IllegalArgumentException("row " + row + " must be " + width + " long");
      }
      this.ids[row] = ids[row].clone();
      int start = -1;
      int end = -1;
      int real = 0;
      for (int t = 0; t < width; t++) {
        if (mask[row][t] != 0 && mask[row][t] != 1) {
          throw new IllegalArgumentException(
              "row " + row + ": a mask holds 0 and 1, was " + mask[row][t] + " at " + t);
        }
        if (mask[row][t] == 1) {
          start = start < 0 ? t : start;
          end = t + 1;
          real++;
        }
      }
      if (start < 0 || real != end - start) {
        throw new IllegalArgumentException(
            "row " + row + ": real tokens must be contiguous and at least one, was " + real);
      }
      starts[row] = start;
      lengths[row] = end - start;
    }
  }

  /// The number of rows.
  public int rows() {
    return ids.length;
  }

  /// The padded length.
  public int width() {
    return width;
  }

  /// The column of a row's first real token.
  public int start(int row) {
    return starts[row];
  }

  /// The real tokens of each row.
  public List<int[]> realTokens() {
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < ids.length; row++) {
      int[] real = new int[lengths[row]];
      System.arraycopy(ids[row], starts[row], real, 0, real.length);
      rows.add(real);
    }
    return rows;
  }
}
