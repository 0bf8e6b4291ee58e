package org.alignmentworkbench.endurance;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/// What a process held in memory while it worked, sample after sample.
///
/// A process that has warmed up holds as much at the end as in the middle: compared are the median
/// of the last quarter of the samples and that of the second one. The first quarter is warm-up:
/// classes, compiled code, the allocators' pools.
record Footprint(List<Sample> samples) {
  private static final int FEWEST = 16;

  /// One look at the process.
  ///
  /// @param work how far it was
  /// @param proportionalKiB its memory with shared pages divided among those who map them
  /// @param heapKiB objects alive on the Java heap after a collection
  /// @param arrays native arrays that the engine keeps
  record Sample(long work, long proportionalKiB, long heapKiB, long arrays) {}

  Footprint {
    samples = List.copyOf(samples);
    if (samples.size() < FEWEST) {
      throw new IllegalArgumentException(
          "a footprint needs at least " + FEWEST + " samples, were " + samples.size());
    }
  }

  /// How much more it holds at the end than in the middle.
  double growth(ToLongFunction<Sample> figure) {
    int quarter = samples.size() / 4;
    return median(samples.subList(samples.size() - quarter, samples.size()), figure)
        - median(samples.subList(quarter, 2 * quarter), figure);
  }

  private static double median(List<Sample> part, ToLongFunction<Sample> figure) {
    long[] sorted = part.stream().mapToLong(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }

  /// One line.
  String told() {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return "%d samples; memory %d, at the end %d KiB, %+.0f since the second quarter; heap %d, %d KiB, %+.0f; arrays %d, %d"
        .formatted(
            samples.size(),
            first.proportionalKiB(),
            last.proportionalKiB(),
            growth(Sample::proportionalKiB),
            first.heapKiB(),
            last.heapKiB(),
            growth(Sample::heapKiB),
            first.arrays(),
            last.arrays());
  }
}
