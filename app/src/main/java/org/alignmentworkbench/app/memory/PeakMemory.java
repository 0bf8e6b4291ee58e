package org.alignmentworkbench.app.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Watches the proportional set size of this process and all it started, and remembers the highest.
///
/// The proportional size divides each shared page among the processes that map it, so the sum over
/// PostgreSQL's processes counts their shared buffers once. Linux alone reports it; elsewhere the
/// peak is undefined.
public final class PeakMemory implements AutoCloseable {
  private final AtomicLong peakKiB = new AtomicLong();
  private final Supplier<OptionalLong> database;
  private final Thread watcher;

  private PeakMemory(Duration interval, Supplier<OptionalLong> database) {
    this.database = database;
    watcher =
        Thread.ofVirtual()
            .name("peak-memory")
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                peakKiB.accumulateAndGet(currentKiB(), Math::max);
                try {
                  Thread.sleep(interval);
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              }
            });
  }

  /// Starts watching at the interval given.
  ///
  /// @param database the process of the database server, which is no child of this one: its
  ///   launcher ends and leaves it behind
  public static PeakMemory watch(Duration interval, Supplier<OptionalLong> database) {
    return new PeakMemory(interval, database);
  }

  /// The highest sum seen so far in MiB; empty where the system does not report it.
  public OptionalDouble peakMiB() {
    long peak = peakKiB.accumulateAndGet(currentKiB(), Math::max);
    return peak == 0 ? OptionalDouble.empty() : OptionalDouble.of(peak / 1024.0);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }

  private long currentKiB() {
    return Stream.concat(
            Stream.of(ProcessHandle.current()),
            database.get().stream().mapToObj(ProcessHandle::of).flatMap(Optional::stream))
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .mapToLong(ProcessHandle::pid)
        .distinct()
        .map(PeakMemory::proportionalKiB)
        .sum();
  }

  private static long proportionalKiB(long pid) {
    Path rollup = Path.of("/proc", Long.toString(pid), "smaps_rollup");
    try (Stream<String> lines = Files.lines(rollup)) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | java.io.UncheckedIOException _) {
      // The process has ended, belongs to somebody else, or the system keeps no such file.
      return 0;
    }
  }
}
