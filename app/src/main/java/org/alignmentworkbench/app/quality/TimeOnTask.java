package org.alignmentworkbench.app.quality;

import java.time.Duration;
import java.util.Collection;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Median;
import org.alignmentworkbench.model.statistics.Percentiles;
import org.jspecify.annotations.Nullable;

/// The time that judgements took, in seconds, as the desk counts it: only while its page is seen
/// and somebody moves or types. Judgements without any counted time (a script's, an imported one)
/// are left out and counted.
///
/// @param total of all judgements
/// @param median with its interval
/// @param quarters a quarter and three quarters of the judgements took less, or null without any
/// @param untimed judgements without a time
record TimeOnTask(Duration total, Estimate median, @Nullable Quarters quarters, long untimed) {

  /// Seconds below which a quarter of the judgements lie, and three quarters.
  record Quarters(double lower, double upper) {}

  static TimeOnTask of(Collection<Reading> readings) {
    double[] seconds =
        readings.stream()
            .mapToLong(Reading::activeMs)
            .filter(ms -> ms > 0)
            .mapToDouble(ms -> ms / 1e3)
            .toArray();
    long untimed = (long) readings.size() - seconds.length;
    Duration total = Duration.ofMillis(readings.stream().mapToLong(Reading::activeMs).sum());
    if (seconds.length == 0) {
      return new TimeOnTask(
          total, new Estimate.Undefined("no judgement has a time"), null, untimed);
    }
    Percentiles percentiles = Percentiles.of(seconds);
    return new TimeOnTask(
        total,
        Median.of(seconds),
        new Quarters(percentiles.at(0.25), percentiles.at(0.75)),
        untimed);
  }
}
