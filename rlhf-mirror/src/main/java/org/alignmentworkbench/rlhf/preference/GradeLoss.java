package org.alignmentworkbench.rlhf.preference;

/// Cross-entropy of the four grade heads of one answer: each classifies one dimension (instruction
/// following, concision, truthfulness, harmlessness) into three levels.
///
/// ```
/// loss = sum over dimensions d of  -log softmax(u_d)[z_d]
/// d loss / d u_d[k] = softmax(u_d)[k] - (k == z_d)
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `u` | logits | `[4][3]` | |
/// | `z` | grades given, 0..2, or -1 where the annotator gave none | `[4]` | level |
///
/// A missing grade adds nothing to loss and gradient. Uniform logits cost ln 3 a dimension. Domain:
/// finite logits.
///
/// Source: the regularisation term of the reward model in the 2024 Apple foundation-model report.
public final class GradeLoss {
  /// The dimensions graded.
  public static final int DIMENSIONS = 4;

  /// The levels of a grade.
  public static final int LEVELS = 3;

  /// Marks a grade that was not given.
  public static final int MISSING = -1;

  private GradeLoss() {}

  /// Loss and its gradient with respect to the logits.
  public record Terms(double loss, double[][] gradLogits) {}

  /// The loss of one answer.
  public static Terms of(double[][] logits, int[] grades) {
    if (logits.length != DIMENSIONS || grades.length != DIMENSIONS) {
      throw new IllegalArgumentException(
          "logits and grades must have 4 dimensions, have "
              + logits.length
              + " and "
              + grades.length);
    }
    double loss = 0;
    double[][] gradient = new double[DIMENSIONS][LEVELS];
    for (int d = 0; d < DIMENSIONS; d++) {
      if (logits[d].length != LEVELS || grades[d] < MISSING || grades[d] >= LEVELS) {
        throw new IllegalArgumentException(
            "dimension "
                + d
                + ": 3 logits and a grade of 0..2, or -1 for none, were "
                + logits[d].length
                + " and "
                + grades[d]);
      }
      if (grades[d] == MISSING) {
        continue;
      }
      double max = Math.max(logits[d][0], Math.max(logits[d][1], logits[d][2]));
      double sum = 0;
      for (double logit : logits[d]) {
        sum += Math.exp(Logistic.finite("a grade logit", logit) - max);
      }
      loss += max + Math.log(sum) - logits[d][grades[d]];
      for (int k = 0; k < LEVELS; k++) {
        gradient[d][k] = Math.exp(logits[d][k] - max) / sum - (k == grades[d] ? 1 : 0);
      }
    }
    return new Terms(loss, gradient);
  }
}
