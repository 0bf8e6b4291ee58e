package org.alignmentworkbench.model.llama;

import java.util.List;

/// The real tokens of some rows, one after the other, and where each stands in the padded grid.
///
/// The linear maps of a layer work on the tokens alone, so that padding costs nothing; only
/// attention spreads them over a grid `[rows, longest]`. Rows never see each other.
public final class PackedRows {
  private final long[] tokens;
  private final long[] places;
  private final long[] positions;
  private final int[] starts;
  private final int rows;
  private final int longest;

  private PackedRows(List<int[]> rowList, LlamaConfig config, boolean padLeft) {
    this.rows = rowList.size();
    if (rows == 0) {
      throw new IllegalArgumentException("a batch must hold at least one row");
    }
    this.starts = new int[rows + 1];
    int widest = 0;
    for (int row = 0; row < rows; row++) {
      int length = rowList.get(row).length;
      if (length == 0 || length > config.contextLength()) {
        throw new IllegalArgumentException(
            "row "
                + row
                + ": must hold 1 to "
                + config.contextLength()
                + " tokens (the model's context), was "
                + length);
      }
      starts[row + 1] = starts[row] + length;
      widest = Math.max(widest, length);
    }
    this.longest = widest;
    int total = starts[rows];
    this.tokens = new long[total];
    this.places = new long[total];
    this.positions = new long[total];
    for (int row = 0; row < rows; row++) {
      int[] ids = rowList.get(row);
      int pad = padLeft ? longest - ids.length : 0;
      for (int t = 0; t < ids.length; t++) {
        if (ids[t] < 0 || ids[t] >= config.vocabularySize()) {
          throw new IllegalArgumentException(
              "row "
                  + row
                  + ", token "
                  + t
                  + ": must lie in [0, "
                  + config.vocabularySize()
                  + "), was "
                  + ids[t]);
        }
        int i = starts[row] + t;
        tokens[i] = ids[t];
        places[i] = (long) row * longest + pad + t;
        positions[i] = t;
      }
    }
  }

  /// Rows padded on the right, as training and scoring use them.
  public static PackedRows padRight(List<int[]> rows, LlamaConfig config) {
    return new PackedRows(rows, config, false);
  }

  /// Rows padded on the left, as cached decoding uses them.
  public static PackedRows padLeft(List<int[]> rows, LlamaConfig config) {
    return new PackedRows(rows, config, true);
  }

  /// Ids of all real tokens.
  public long[] tokens() {
    return tokens;
  }

  /// Cells of the grid.
  public long[] places() {
    return places;
  }

  /// Positions inside the rows.
  public long[] positions() {
    return positions;
  }

  /// `[rows, longest]`.
  public long[] grid() {
    return new long[] {rows, longest};
  }

  /// The number of rows.
  public int rows() {
    return rows;
  }

  /// The longest row's length.
  public int longest() {
    return longest;
  }

  /// Where row `row` begins among the packed tokens; `start(rows)` is their number.
  public int start(int row) {
    return starts[row];
  }

  /// The index of each row's last token among the packed tokens.
  public long[] lastTokens() {
    long[] last = new long[rows];
    for (int row = 0; row < rows; row++) {
      last[row] = starts[row + 1] - 1L;
    }
    return last;
  }
}
