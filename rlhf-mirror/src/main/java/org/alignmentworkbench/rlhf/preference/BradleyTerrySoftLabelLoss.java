package org.alignmentworkbench.rlhf.preference;

/// Bradley-Terry ranking of two scores, with a label softened by the strength of the preference.
///
/// ```
/// m    = r(c) - r(j)
/// loss = -p * log sigmoid(m) - (1 - p) * log sigmoid(-m)
/// d loss / d m = sigmoid(m) - p
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `r(c)`, `r(j)` | scores of the chosen and the rejected answer | scalar | reward |
/// | `p` | soft label of the strength, .95 .85 .75 .65 | scalar | probability |
///
/// The minimum lies at the finite margin `logit(p)` = 2.944, 1.735, 1.099, 0.619, which fixes the
/// scale of the reward; at margin 0 the loss is ln 2 for every strength. Only differences count: a
/// constant may be added to all scores. Domain: finite scores; any margin is exact to rounding.
///
/// Source: the ranking loss of the 2024 Apple foundation-model report (post-training section); it
/// equals Bradley-Terry with label smoothing `1 - p`.
public final class BradleyTerrySoftLabelLoss {
  private BradleyTerrySoftLabelLoss() {}

  /// Loss of one pair and its derivatives with respect to the two scores.
  public static PairTerms of(double chosen, double rejected, PreferenceStrength strength) {
    double m = Logistic.finite("the margin", chosen - rejected);
    double p = strength.probability();
    double loss = p * Logistic.softplus(-m) + (1 - p) * Logistic.softplus(m);
    double gradient = (1 - p) * Logistic.sigmoid(m) - p * Logistic.sigmoid(-m);
    return new PairTerms(loss, gradient, -gradient);
  }
}
