package org.alignmentworkbench.synthetic.annotator;

/// What an annotator says about two responses.
///
/// @param strength -4 (left significantly better) to -1 (left negligibly better), 1 (right
///   negligibly better) to 4 (right significantly better); never 0
public record PairJudgement(int strength, Grades left, Grades right, String reason) {

  public PairJudgement {
    if (strength == 0 || strength < -4 || strength > 4) {
      throw new IllegalArgumentException("strength must be in -4..-1 or 1..4, was " + strength);
    }
  }

  /// The same judgement with the responses on the other sides.
  public PairJudgement swapped() {
    return new PairJudgement(-strength, right, left, reason);
  }
}
