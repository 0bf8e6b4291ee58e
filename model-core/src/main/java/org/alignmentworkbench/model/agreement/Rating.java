package org.alignmentworkbench.model.agreement;

/// One value that a rater gave a unit.
///
/// @param unit what was judged
/// @param rater who judged
/// @param value a category's number or a point of a scale; finite
public record Rating(long unit, long rater, double value) {
  public Rating {
    value = finite(unit, rater, value);
  }

  static double finite(long unit, long rater, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "unit " + unit + ", rater " + rater + ": the value must be finite, was " + value);
    }
    return value + 0.0; // minus zero is zero
  }
}
