package org.alignmentworkbench.model.agreement;

import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.McNemar;
import org.alignmentworkbench.model.statistics.Proportion;

/// How often the answer shown on the left wins. Sides are drawn by chance, so without a bias it is
/// half of the time, whatever the answers are worth.
///
/// Ties are left out of the share. The interval is Wilson's; judgements must be independent.
///
/// @param left judgements for the answer on the left
/// @param right judgements for the answer on the right
public record PositionBias(long left, long right) {
  public PositionBias {
    if (left < 0 || right < 0) {
      throw new IllegalArgumentException("counts must be >= 0, were " + left + " and " + right);
    }
  }

  /// The share of left wins among decided judgements.
  public Estimate leftShare() {
    return new Proportion(left, left + right).estimate();
  }

  /// The two-sided exact p-value of "left and right win alike".
  public double p() {
    return new McNemar(left, right).exactP();
  }
}
