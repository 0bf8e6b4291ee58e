package org.alignmentworkbench.rlhf.preference;

/// How much better the chosen answer was judged, with the probability that stands for it as a
/// label.
///
/// The probabilities .95, .85, .75, .65 are those read from the 2024 Apple foundation-model report,
/// in the natural order.
public enum PreferenceStrength {
  /// Significantly better.
  SIGNIFICANTLY(0.95),
  /// Better.
  BETTER(0.85),
  /// Slightly better.
  SLIGHTLY(0.75),
  /// Negligibly better.
  NEGLIGIBLY(0.65);

  private final double probability;

  PreferenceStrength(double probability) {
    this.probability = probability;
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
