package org.alignmentworkbench.model.reward;

import java.util.Arrays;

/// What a reward model says about one conversation.
public final class RewardScore {
  private final double score;
  private final float[][] gradeLogits;

  RewardScore(double score, float[][] gradeLogits) {
    this.score = score;
    this.gradeLogits = gradeLogits;
  }

  /// The scalar score; only differences between answers to one prompt mean something.
  public double score() {
    return score;
  }

  /// Logits `[4][3]`, in the order of [Grade] and of the classes 0, 1, 2.
  public float[][] gradeLogits() {
    return Arrays.stream(gradeLogits).map(float[]::clone).toArray(float[][]::new);
  }

  @Override
  public String toString() {
    return "RewardScore[" + score + ", " + Arrays.deepToString(gradeLogits) + "]";
  }
}
