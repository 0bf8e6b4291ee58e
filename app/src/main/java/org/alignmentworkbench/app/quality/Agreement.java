package org.alignmentworkbench.app.quality;

import org.alignmentworkbench.model.agreement.FleissKappa;
import org.alignmentworkbench.model.agreement.FleissKappa.Chance;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.agreement.PercentAgreement;
import org.alignmentworkbench.model.agreement.Ratings;
import org.alignmentworkbench.model.statistics.Estimate;

/// How far people agree on one thing, by every coefficient that needs no pair of persons.
///
/// @param values given
/// @param percent share of equal pairs of values, chance included
/// @param nominal Krippendorff's alpha, the values as names
/// @param ordinal the same, their order alone
/// @param interval the same, their distances
/// @param ratio the same, their distances from zero
/// @param fleiss Fleiss' kappa, which needs as many values for every unit
record Agreement(
    long values,
    Estimate percent,
    Estimate nominal,
    Estimate ordinal,
    Estimate interval,
    Estimate ratio,
    Estimate fleiss) {

  static Agreement of(Ratings ratings) {
    return new Agreement(
        ratings.size(),
        PercentAgreement.of(ratings),
        new KrippendorffAlpha(Level.NOMINAL).of(ratings),
        new KrippendorffAlpha(Level.ORDINAL).of(ratings),
        new KrippendorffAlpha(Level.INTERVAL).of(ratings),
        new KrippendorffAlpha(Level.RATIO).of(ratings),
        new FleissKappa(Chance.AS_SEEN).of(ratings));
  }

  /// Krippendorff's alpha of a level.
  Estimate alpha(Level level) {
    return switch (level) {
      case NOMINAL -> nominal;
      case ORDINAL -> ordinal;
      case INTERVAL -> interval;
      case RATIO -> ratio;
    };
  }
}
