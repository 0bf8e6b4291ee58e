package org.alignmentworkbench.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.alignmentworkbench.db.run.MetricPoint;
import org.jspecify.annotations.Nullable;

/// The curves of a run for a plot.
///
/// @param cursor sequence number of the newest point, where the event stream goes on
/// @param series the curves by name
/// @param legends where each is drawn
record Curves(long cursor, List<Series> series, List<RunViews.Legend> legends) {
  /// Points a curve is drawn with. A longer one is cut into buckets of which the least, the most
  /// and every undefined point stay, so that no spike and no gap is lost.
  static final int MOST_POINTS = 2000;

  /// One curve.
  ///
  /// @param points all the points there are, before any were left out
  /// @param values null where undefined
  record Series(String name, int points, List<Long> steps, List<@Nullable Double> values) {}

  static Curves of(List<MetricPoint> points, Function<String, RunViews.Legend> legend) {
    long cursor = 0;
    Map<String, List<MetricPoint>> byName = new TreeMap<>();
    for (MetricPoint point : points) {
      cursor = Math.max(cursor, point.seq());
      byName.computeIfAbsent(point.series(), _ -> new ArrayList<>()).add(point);
    }
    List<Series> series = new ArrayList<>();
    byName.forEach((name, own) -> {
      own.sort(Comparator.comparingLong(MetricPoint::step));
      List<MetricPoint> kept = thin(own);
      List<Long> steps = new ArrayList<>(kept.size());
      List<@Nullable Double> values = new ArrayList<>(kept.size());
      for (MetricPoint point : kept) {
        steps.add(point.step());
        values.add(point.value());
      }
      series.add(new Series(name, own.size(), steps, values));
    });
    return new Curves(cursor, series, byName.keySet().stream().map(legend).toList());
  }

  /// @param points in order of steps
  static List<MetricPoint> thin(List<MetricPoint> points) {
    if (points.size() <= MOST_POINTS) {
      return points;
    }
    List<MetricPoint> kept = new ArrayList<>();
    int buckets = MOST_POINTS / 2;
    for (int bucket = 0; bucket < buckets; bucket++) {
      int from = (int) ((long) bucket * points.size() / buckets);
      int to = (int) ((long) (bucket + 1) * points.size() / buckets);
      int least = -1;
      int most = -1;
      for (int i = from; i < to; i++) {
        Double value = points.get(i).value();
        if (value == null) {
          continue;
        }
        if (least < 0 || value < value(points, least)) {
          least = i;
        }
        if (most < 0 || value > value(points, most)) {
          most = i;
        }
      }
      for (int i = from; i < to; i++) {
        if (i == least || i == most || points.get(i).value() == null) {
          kept.add(points.get(i));
        }
      }
    }
    return kept;
  }

  private static double value(List<MetricPoint> points, int index) {
    Double value = points.get(index).value();
    return value == null ? Double.NaN : value;
  }
}
