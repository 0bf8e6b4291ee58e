package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.Rating;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;
import org.jspecify.annotations.Nullable;

/// How often each value of a scale was given. Values that name an answer are counted by the side it
/// was shown on, left below zero: which answer is called A means nothing.
record Histogram(List<Bar> bars) {
  Histogram {
    bars = List.copyOf(bars);
  }

  /// A value of the scale.
  ///
  /// @param share of all values given
  record Bar(double value, long count, Estimate share) {}

  static Histogram of(Collection<Reading> readings, Dimension dimension) {
    double[] scale = dimension.scale();
    long[] counts = new long[scale.length];
    List<Rating> values = new ArrayList<>();
    for (Reading reading : readings) {
      @Nullable Boolean aLeft = reading.aLeft();
      if (dimension.sided() && aLeft == null) {
        // It came with a file that does not say which side it was shown on.
        continue;
      }
      values.clear();
      dimension.addTo(values, reading);
      for (Rating rating : values) {
        double value =
            dimension.sided() && Boolean.FALSE.equals(aLeft) ? -rating.value() : rating.value();
        counts[Arrays.binarySearch(scale, value)]++;
      }
    }
    long all = Arrays.stream(counts).sum();
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < scale.length; i++) {
      bars.add(new Bar(scale[i], counts[i], new Proportion(counts[i], all).estimate()));
    }
    return new Histogram(bars);
  }
}
