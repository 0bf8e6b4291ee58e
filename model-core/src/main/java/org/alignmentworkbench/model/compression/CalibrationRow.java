package org.alignmentworkbench.model.compression;

/// A text on which a model is measured.
///
/// @param ids its tokens
/// @param counted for each token, whether predicting it counts; the first cannot be predicted
public record CalibrationRow(int[] ids, boolean[] counted) {
  /// Checks that the two go together.
  public CalibrationRow {
    if (ids.length == 0 || ids.length != counted.length) {
      throw new IllegalArgumentException(
          "a row needs tokens and a mark for each, had " + ids.length + " and " + counted.length);
    }
  }

  /// How many tokens count, the first left out.
  public int countedTokens() {
    int sum = 0;
    for (int t = 1; t < counted.length; t++) {
      sum += counted[t] ? 1 : 0;
    }
    return sum;
  }
}
