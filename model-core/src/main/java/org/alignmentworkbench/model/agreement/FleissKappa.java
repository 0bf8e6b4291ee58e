package org.alignmentworkbench.model.agreement;

import org.alignmentworkbench.model.statistics.Estimate;

/// Fleiss' kappa: agreement on names beyond chance, for units that have the same number of values
/// each, by whomever.
///
/// ```
/// P̄   = mean of P[u] = (Σ_c n[u,c]² - m) / (m (m - 1))
/// P_e = Σ_c p[c]²,  p[c] = share of category c among all values      (Fleiss)
/// P_e = 1 / number of categories                                      (Randolph)
/// κ   = (P̄ - P_e) / (1 - P_e)
/// ```
///
/// Where units have different numbers of values it is undefined and [KrippendorffAlpha] is the
/// coefficient to ask for. Sources: Fleiss, "Measuring nominal scale agreement among many raters",
/// 1971; Randolph, "Free-marginal multirater kappa", 2005. The interval comes from drawing units
/// with replacement.
///
/// @param chance what raters without knowledge would do
public record FleissKappa(Chance chance) {

  /// What raters without knowledge would do.
  public enum Chance {
    /// Draw from the shares seen (Fleiss).
    AS_SEEN,
    /// Draw from all categories seen alike (Randolph, free margins).
    EVEN
  }

  /// The coefficient; its n is the number of units.
  public Estimate of(Ratings ratings) {
    if (ratings.isEmpty()) {
      return new Estimate.Undefined("there are no judgements");
    }
    UnitPatterns patterns = ratings.patterns(1);
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int p = 0; p < patterns.counts().length; p++) {
      least = Math.min(least, patterns.size(p));
      most = Math.max(most, patterns.size(p));
    }
    if (most < 2) {
      return new Estimate.Undefined("no two people judged the same thing");
    }
    if (least != most) {
      return new Estimate.Undefined(
          "things have from "
              + least
              + " to "
              + most
              + " judgements and Fleiss' kappa needs the same number for each: use Krippendorff's"
              + " alpha");
    }
    int size = most;
    if (Double.isNaN(coefficient(patterns, size, patterns.weights()))) {
      return new Estimate.Undefined(
          "everybody gave the same value, so agreement cannot be told from a constant");
    }
    return patterns.estimate(weights -> coefficient(patterns, size, weights));
  }

  private double coefficient(UnitPatterns patterns, int size, long[] weights) {
    double units = 0;
    double equal = 0;
    for (int p = 0; p < weights.length; p++) {
      units += weights[p];
      equal += weights[p] * PercentAgreement.shareOfEqualPairs(patterns.counts()[p], size);
    }
    double byChance =
        switch (chance) {
          case EVEN -> 1.0 / patterns.categories().length;
          case AS_SEEN -> {
            double sum = 0;
            for (double total : patterns.totals(weights)) {
              double share = total / (units * size);
              sum += share * share;
            }
            yield sum;
          }
        };
    return byChance > 1 - 1e-15 ? Double.NaN : (equal / units - byChance) / (1 - byChance);
  }
}
