package org.alignmentworkbench.rlhf.preference;

import org.alignmentworkbench.model.dataset.SoftLabel;

/// How much better the chosen answer was judged, with the probability that stands for it as a label
/// ([SoftLabel]).
public enum PreferenceStrength {
  /// Significantly better.
  SIGNIFICANTLY(4),
  /// Better.
  BETTER(3),
  /// Slightly better.
  SLIGHTLY(2),
  /// Negligibly better.
  NEGLIGIBLY(1);

  private final double probability;

  PreferenceStrength(int strength) {
    this.probability = SoftLabel.of(strength);
  }

  /// The soft label: the probability that the chosen answer is really the better one.
  public double probability() {
    return probability;
  }

  /// The strength of a judgement on the eight-point scale: 4 is significantly, 1 negligibly, the
  /// sign tells the side and does not matter here.
  public static PreferenceStrength ofScale(int strength) {
    return switch (Math.abs(strength)) {
      case 4 -> SIGNIFICANTLY;
      case 3 -> BETTER;
      case 2 -> SLIGHTLY;
      case 1 -> NEGLIGIBLY;
      default ->
          throw new IllegalArgumentException("strength must be -4..-1 or 1..4, was " + strength);
    };
  }
}
