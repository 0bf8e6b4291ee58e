package org.alignmentworkbench.app.evaluation;

import java.util.Collection;
import java.util.Locale;
import org.alignmentworkbench.model.statistics.Estimate;
import org.jspecify.annotations.Nullable;

/// The common scale on which pass rates are drawn: from the lowest end of all intervals to the
/// highest.
record Scale(double least, double most) {
  /// Units of the drawing; a small margin keeps the ends' strokes inside.
  private static final double WIDTH = 200;

  private static final double MARGIN = 4;

  /// An interval as the page draws it, in the drawing's units.
  public record Bar(String low, String high, String at) {}

  static Scale of(Collection<StageFigures> all) {
    double least = 1;
    double most = 0;
    for (StageFigures figures : all) {
      if (figures.passRate() instanceof Estimate.Known known) {
        least = Math.min(least, known.low());
        most = Math.max(most, known.high());
      }
    }
    return new Scale(least, most);
  }

  @Nullable Bar bar(Estimate estimate) {
    if (!(estimate instanceof Estimate.Known known) || most <= least) {
      return null;
    }
    return new Bar(at(known.low()), at(known.high()), at(known.value()));
  }

  private String at(double value) {
    double share = (value - least) / (most - least);
    return String.format(Locale.ROOT, "%.1f", MARGIN + share * (WIDTH - 2 * MARGIN));
  }
}
