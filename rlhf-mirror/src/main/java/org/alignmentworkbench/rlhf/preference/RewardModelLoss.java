package org.alignmentworkbench.rlhf.preference;

/// The loss that a reward model is trained with: rank the pair, and grade both answers.
///
/// ```
/// loss = L_rank + lambda * (L_grade(chosen) + L_grade(rejected)) + centring * (r(c) + r(j))^2
/// ```
///
/// | symbol | meaning | unit |
/// |---|---|---|
/// | `L_rank` | [BradleyTerrySoftLabelLoss] | nats |
/// | `L_grade` | [GradeLoss] of one answer | nats |
/// | `lambda` | weight of the grades; not published | |
/// | `centring` | keeps the free constant of the scores near 0; 0 switches it off | 1 / reward^2 |
///
/// Domain: lambda and centring finite and >= 0.
///
/// Source: 2024 Apple foundation-model report (form of the loss); centring with 0.01: Eisenstein et
/// al. 2023, as in TRL's reward trainer.
public record RewardModelLoss(double lambda, double centring) {
  /// Checks the weights.
  public RewardModelLoss {
    if (!(lambda >= 0 && Double.isFinite(lambda))) {
      throw new IllegalArgumentException("lambda must be finite and >= 0, was " + lambda);
    }
    if (!(centring >= 0 && Double.isFinite(centring))) {
      throw new IllegalArgumentException("centring must be finite and >= 0, was " + centring);
    }
  }

  /// Loss of one pair and its gradients with respect to the scores and the grade logits.
  public record Terms(
      double loss,
      double rank,
      double grade,
      double gradChosen,
      double gradRejected,
      double[][] gradChosenGrades,
      double[][] gradRejectedGrades) {}

  /// The loss of one judged pair.
  public Terms of(
      double chosen,
      double rejected,
      PreferenceStrength strength,
      double[][] chosenGradeLogits,
      double[][] rejectedGradeLogits,
      int[] chosenGrades,
      int[] rejectedGrades) {
    PairTerms rank = BradleyTerrySoftLabelLoss.of(chosen, rejected, strength);
    GradeLoss.Terms first = GradeLoss.of(chosenGradeLogits, chosenGrades);
    GradeLoss.Terms second = GradeLoss.of(rejectedGradeLogits, rejectedGrades);
    double grade = first.loss() + second.loss();
    double sum = chosen + rejected;
    return new Terms(
        rank.loss() + lambda * grade + centring * sum * sum,
        rank.loss(),
        grade,
        rank.gradChosen() + 2 * centring * sum,
        rank.gradRejected() + 2 * centring * sum,
        scaled(first.gradLogits()),
        scaled(second.gradLogits()));
  }

  private double[][] scaled(double[][] gradient) {
    for (double[] row : gradient) {
      for (int k = 0; k < row.length; k++) {
        row[k] *= lambda;
      }
    }
    return gradient;
  }
}
