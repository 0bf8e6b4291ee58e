package org.alignmentworkbench.model.dataset;

/// What the strength of a preference stands for as a label: the probability that the preferred
/// answer is really the better one.
///
/// | strength | said | probability |
/// |---|---|---|
/// | 4 | significantly better | 0.95 |
/// | 3 | better | 0.85 |
/// | 2 | slightly better | 0.75 |
/// | 1 | negligibly better | 0.65 |
///
/// Source: the 2024 Apple foundation-model report, in the natural order.
public final class SoftLabel {
  private static final double[] PROBABILITIES = {0.65, 0.75, 0.85, 0.95};

  private SoftLabel() {}

  /// The label of a strength whose sign tells the side and does not matter here.
  public static double of(int strength) {
    int size = Math.abs(strength);
    if (size < 1 || size > PROBABILITIES.length) {
      throw new IllegalArgumentException("strength must be -4..-1 or 1..4, was " + strength);
    }
    return PROBABILITIES[size - 1];
  }
}
