package org.alignmentworkbench.db.row;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts that many look at and that take long where there is much to count.
///
/// A count is kept for ten times as long as it took, so that counting takes a tenth of the time at
/// most however many look; one that took less than [#LEAST_NANOS] is not kept at all, so small
/// projects see every change at once. Who asks while a count of theirs is being taken waits for it.
///
/// @param <K> what is counted
/// @param <V> what it comes to
public final class Recent<K, V> {
  /// Shorter counts are taken anew each time.
  static final long LEAST_NANOS = 20_000_000;

  private static final int KEPT_FOR = 10;

  /// A count with the time until which it is good; one lock a key.
  private static final class Kept<V> {
    private @Nullable V value;
    private long goodUntil;
  }

  private final ConcurrentHashMap<K, Kept<V>> kept = new ConcurrentHashMap<>();
  private final LongSupplier clock;

  /// @param clock nanoseconds from any origin
  public Recent(LongSupplier clock) {
    this.clock = clock;
  }

  /// The count, taken now or a moment ago.
  public V get(K key, Supplier<V> count) {
    Kept<V> entry = kept.computeIfAbsent(key, _ -> new Kept<>());
    synchronized (entry) {
      V before = entry.value;
      if (before != null && clock.getAsLong() - entry.goodUntil < 0) {
        return before;
      }
      long start = clock.getAsLong();
      V now = count.get();
      long took = clock.getAsLong() - start;
      entry.value = took < LEAST_NANOS ? null : now;
      entry.goodUntil = start + took + KEPT_FOR * took;
      return now;
    }
  }

  /// Counts anew at the next look: what is counted was changed on purpose.
  public void forget(K key) {
    kept.remove(key);
  }
}
