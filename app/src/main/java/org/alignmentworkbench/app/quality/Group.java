package org.alignmentworkbench.app.quality;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.Rating;
import org.alignmentworkbench.model.agreement.Ratings;

/// The agreement on some of the comparisons.
///
/// @param name of the group; empty for comparisons of which it is not known
record Group(String name, Agreement agreement) {

  /// By a property of the comparison itself, in order of names.
  static List<Group> by(
      Collection<Reading> readings, Dimension dimension, Function<Reading, String> name) {
    Map<String, List<Rating>> ratings = new TreeMap<>();
    for (Reading reading : readings) {
      dimension.addTo(
          ratings.computeIfAbsent(name.apply(reading), _ -> new ArrayList<>()), reading);
    }
    // Intervals take the time, and each is for itself.
    return ratings.entrySet().parallelStream()
        .map(group -> new Group(group.getKey(), Agreement.of(Ratings.of(group.getValue()))))
        .toList();
  }

  /// By the week of ISO 8601 in which a comparison was judged last, in order. All its judgements
  /// count there: those of one comparison are compared with each other whenever they were given.
  ///
  /// @param zone whose midnight ends a day
  static List<Group> byWeek(Collection<Reading> readings, Dimension dimension, ZoneId zone) {
    Map<Long, Instant> last = new HashMap<>();
    for (Reading reading : readings) {
      last.merge(reading.taskId(), reading.at(), (one, other) -> one.isAfter(other) ? one : other);
    }
    return by(
        readings,
        dimension,
        reading -> week(last.getOrDefault(reading.taskId(), reading.at()).atZone(zone)));
  }

  /// The week of ISO 8601.
  static String week(ZonedDateTime time) {
    return "%04d-W%02d"
        .formatted(
            time.get(IsoFields.WEEK_BASED_YEAR), time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }
}
