package org.alignmentworkbench.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where the kernels spend their time, by operator, from the natives' own trace.
///
/// The time of an operator is its own: what it calls is counted there. The trace itself costs some
/// microseconds an operator, which work on small arrays feels.
final class KernelProfile {
  /// Rows that are shown; the rest is one row.
  private static final int SHOWN = 14;

  private final Map<String, Row> rows = new LinkedHashMap<>();

  private record Event(String name, double start, double end, JsonNode shapes) {}

  private static final class Row {
    long calls;
    double microseconds;
    double operations;
    double bytes;
  }

  /// Reads a trace.
  static KernelProfile read(Path trace) throws IOException {
    Map<Integer, List<Event>> threads = new LinkedHashMap<>();
    try (var in = Files.newInputStream(trace);
        JsonParser parser = JsonMapper.shared().createParser(in)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          continue;
        }
        JsonNode event = parser.readValueAsTree();
        if (event.path("ph").asString().equals("X")) {
          double start = event.path("ts").asDouble();
          threads
              .computeIfAbsent(event.path("tid").asInt(), tid -> new ArrayList<>())
              .add(
                  new Event(
                      event.path("name").asString(),
                      start,
                      start + event.path("dur").asDouble(),
                      event.path("shape")));
        }
      }
    }
    KernelProfile profile = new KernelProfile();
    threads.values().forEach(profile::add);
    return profile;
  }

  /// The events of one thread nest: one that begins before another has ended belongs to it.
  private void add(List<Event> events) {
    events.sort(
        Comparator.comparingDouble(Event::start)
            .thenComparing(Comparator.comparingDouble(Event::end).reversed()));
    Deque<Row> open = new ArrayDeque<>();
    Deque<Event> openEvents = new ArrayDeque<>();
    for (Event event : events) {
      while (!openEvents.isEmpty() && openEvents.peek().end() <= event.start()) {
        openEvents.pop();
        open.pop();
      }
      double time = event.end() - event.start();
      if (!open.isEmpty()) {
        open.peek().microseconds -= time;
      }
      Row row = rows.computeIfAbsent(event.name().replace("aten::", ""), name -> new Row());
      row.calls++;
      row.microseconds += time;
      List<long[]> arrays = arrays(event.shapes());
      row.operations += operations(event.name(), arrays);
      row.bytes += bytes(arrays);
      open.push(row);
      openEvents.push(event);
    }
  }

  private static List<long[]> arrays(JsonNode shapes) {
    List<long[]> arrays = new ArrayList<>();
    for (JsonNode shape : shapes) {
      if (!shape.isEmpty()) {
        arrays.add(shape.valueStream().mapToLong(JsonNode::asLong).toArray());
      }
    }
    return arrays;
  }

  /// Operations of a matrix product, a multiply-add counted as two; 0 for others. The factors are
  /// the last two arrays of equal rank whose inner extents meet.
  static double operations(String name, List<long[]> arrays) {
    if (!name.matches("aten::(mm|addmm|bmm|baddbmm)")) {
      return 0;
    }
    for (int right = arrays.size() - 1; right > 0; right--) {
      long[] a = arrays.get(right - 1);
      long[] b = arrays.get(right);
      int rank = a.length;
      if (rank >= 2 && b.length == rank && a[rank - 1] == b[rank - 2]) {
        double batch = rank == 3 ? a[0] : 1;
        return 2 * batch * a[rank - 2] * a[rank - 1] * b[rank - 1];
      }
    }
    return 0;
  }

  /// Float32 bytes of the arrays that go in: what an operator on elements must read at least.
  private static double bytes(List<long[]> arrays) {
    double values = 0;
    for (long[] array : arrays) {
      double size = 1;
      for (long extent : array) {
        size *= extent;
      }
      values += size;
    }
    return 4 * values;
  }

  /// The table.
  ///
  /// @param peak operations a second of a single large product
  String table(double peak) {
    double all = rows.values().stream().mapToDouble(row -> row.microseconds).sum();
    StringBuilder out = new StringBuilder();
    line(out, "operator", "calls", "ms", "share", "Gop/s", "of peak", "read GB/s");
    List<Map.Entry<String, Row>> sorted =
        rows.entrySet().stream()
            .sorted(Comparator.comparingDouble(entry -> -entry.getValue().microseconds))
            .toList();
    double shown = 0;
    for (Map.Entry<String, Row> entry : sorted.subList(0, Math.min(SHOWN, sorted.size()))) {
      Row row = entry.getValue();
      shown += row.microseconds;
      boolean product = row.operations > 0;
      line(
          out,
          entry.getKey(),
          Long.toString(row.calls),
          number(row.microseconds / 1e3),
          percent(row.microseconds / all),
          product ? number(row.operations / row.microseconds / 1e3) : "",
          product ? percent(row.operations / row.microseconds * 1e6 / peak) : "",
          row.bytes > 0 ? number(row.bytes / row.microseconds / 1e3) : "");
    }
    line(out, "all others", "", number((all - shown) / 1e3), percent(1 - shown / all), "", "", "");
    line(out, "together", "", number(all / 1e3), "", "", "", "");
    return out.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static void line(StringBuilder out, Object... cells) {
    out.append(
        String.format(Locale.ROOT, "%-48s %8s %10s %8s %8s %8s %10s", cells).stripTrailing());
    out.append('\n');
  }
}
