package org.alignmentworkbench.model.agreement;

import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.McNemar;
import org.alignmentworkbench.model.statistics.PairedDifference;
import org.alignmentworkbench.model.statistics.Proportion;

/// The swap test: pairs of answers that were judged in both orders.
///
/// ```
///                          b left: a wins   b left: b wins
/// a left: a wins             bothFirst         bothLeft
/// a left: b wins             bothRight         bothSecond
/// ```
///
/// Where the answers decide, the same answer wins both times. Where the side decides, the same side
/// does. The bias is how much more often the first answer wins when it is shown left: `(bothLeft -
/// bothRight) / n`, with Tango's interval for paired shares, and McNemar's exact p. Each pair of
/// answers counts once, so that observations are independent. Where a tie can be said, pairs that
/// were one in either order are left out.
///
/// @param bothFirst pairs whose first answer won in both orders
/// @param bothSecond pairs whose second answer won in both orders
/// @param bothLeft pairs whose left side won in both orders
/// @param bothRight pairs whose right side won in both orders
public record SwappedPairs(long bothFirst, long bothSecond, long bothLeft, long bothRight) {
  private static final Estimate NONE =
      new Estimate.Undefined(
          "no pair of answers was judged in both orders with one preferred each time");

  public SwappedPairs {
    if (bothFirst < 0 || bothSecond < 0 || bothLeft < 0 || bothRight < 0) {
      throw new IllegalArgumentException(
          "counts must be >= 0, were "
              + bothFirst
              + ", "
              + bothSecond
              + ", "
              + bothLeft
              + ", "
              + bothRight);
    }
  }

  /// The number of pairs.
  public long n() {
    return bothFirst + bothSecond + bothLeft + bothRight;
  }

  /// The share of pairs in which the same answer won in both orders.
  public Estimate consistent() {
    return n() == 0 ? NONE : new Proportion(bothFirst + bothSecond, n()).estimate();
  }

  /// How much more often an answer wins on the left than on the right.
  public Estimate bias() {
    return n() == 0
        ? NONE
        : new PairedDifference(bothFirst, bothLeft, bothRight, bothSecond).estimate();
  }

  /// The two-sided exact p-value of "the side makes no difference".
  public double p() {
    return new McNemar(bothLeft, bothRight).exactP();
  }
}
