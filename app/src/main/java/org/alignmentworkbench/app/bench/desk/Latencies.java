package org.alignmentworkbench.app.bench.desk;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.alignmentworkbench.app.bench.BenchReport.Figure;

/// How long requests of one kind took, from the first byte sent to the last one read.
final class Latencies {
  private static final double NANOS_A_MILLI = 1e6;

  private record Taken(String what, long nanos) {}

  private final ConcurrentLinkedQueue<Taken> all = new ConcurrentLinkedQueue<>();

  void add(String what, long nanos) {
    all.add(new Taken(what, nanos));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// The time that 95 of 100 requests stay within, in ms; n is the number of requests.
  Figure p95(String name) {
    double[] millis = all.stream().mapToDouble(t -> t.nanos() / NANOS_A_MILLI).sorted().toArray();
    return new Figure(
        name,
        percentile(millis, 0.95),
        "ms",
        millis.length,
        millis[0],
        millis[millis.length - 1],
        null,
        null,
        null);
  }

  /// The smallest value that at least this share of them does not exceed.
  ///
  /// @param sorted in order, not empty
  static double percentile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /// What was asked for, the slowest first, each with its number and its own 95 % point.
  List<String> byWhat() {
    return all.stream().map(Taken::what).distinct().toList().stream()
        .map(what -> {
          double[] millis =
              all.stream()
                  .filter(t -> t.what().equals(what))
                  .mapToDouble(t -> t.nanos() / NANOS_A_MILLI)
                  .toArray();
          Arrays.sort(millis);
          return new Line(what, millis.length, percentile(millis, 0.95));
        })
        .sorted(Comparator.comparingDouble(Line::p95).reversed())
        .map(line ->
            String.format(Locale.ROOT, "%-60s n=%d p95 %.1f ms", line.what(), line.n(), line.p95()))
        .toList();
  }

  private record Line(String what, int n, double p95) {}
}
