package org.alignmentworkbench.app.quality;

import java.util.Collection;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;

/// How often judgements choose the answer that is known to be the better one. Several people's
/// judgements of one comparison are not independent, so over all people the interval is too narrow
/// where few comparisons are known.
///
/// @param tasks comparisons with a known answer that were judged
/// @param accuracy share of their judgements that are right
record Gold(long tasks, Estimate accuracy) {
  private static final Estimate NONE =
      new Estimate.Undefined("no judged comparison has an answer known to be right");

  static Gold of(Collection<Reading> readings) {
    long right = 0;
    long known = 0;
    for (Reading reading : readings) {
      if (reading.goldBWins() != null) {
        known++;
        right += reading.goldBWins() == reading.bWins() ? 1 : 0;
      }
    }
    return new Gold(
        readings.stream()
            .filter(reading -> reading.goldBWins() != null)
            .mapToLong(Reading::taskId)
            .distinct()
            .count(),
        known == 0 ? NONE : new Proportion(right, known).estimate());
  }
}
