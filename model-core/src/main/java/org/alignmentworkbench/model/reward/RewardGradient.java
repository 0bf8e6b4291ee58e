package org.alignmentworkbench.model.reward;

/// The derivative of a loss with respect to one row's [RewardScore].
public final class RewardGradient {
  private final double score;
  private final float[][] gradeLogits;

  /// From the two parts.
  ///
  /// @param score d loss / d score
  /// @param gradeLogits d loss / d grade logits, `[4][3]`
  public RewardGradient(double score, float[][] gradeLogits) {
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException("the score's derivative must be finite, was " + score);
    }
    if (gradeLogits.length != Grade.values().length) {
      throw new IllegalArgumentException(
          "must be derivatives of 4 grades, was " + gradeLogits.length);
    }
    this.score = score;
    this.gradeLogits = new float[gradeLogits.length][];
    for (int grade = 0; grade < gradeLogits.length; grade++) {
      if (gradeLogits[grade].length != Grade.CLASSES) {
        throw new IllegalArgumentException(
            "grade " + grade + ": must be 3 derivatives, was " + gradeLogits[grade].length);
      }
      for (float value : gradeLogits[grade]) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              "grade " + grade + ": a derivative must be finite, was " + value);
        }
      }
      this.gradeLogits[grade] = gradeLogits[grade].clone();
    }
  }

  /// A gradient of the score alone.
  public static RewardGradient ofScore(double score) {
    return new RewardGradient(score, new float[Grade.values().length][Grade.CLASSES]);
  }

  double score() {
    return score;
  }

  float gradeLogit(int grade, int level) {
    return gradeLogits[grade][level];
  }
}
