package org.alignmentworkbench.app.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Bounds how often something may happen, by key: a bucket that holds so many at once and is filled
/// again at a steady pace.
public final class RequestRate {
  private static final int KEYS = 10_000;

  private final Clock clock;
  private final int burst;
  private final Duration apart;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > KEYS;
        }
      };

  /// @param left what was left at `at`, in events
  private record Bucket(double left, Instant at) {}

  /// @param burst how many may happen at once after a rest
  /// @param apart the time in which one more may happen
  public RequestRate(Clock clock, int burst, Duration apart) {
    if (burst < 1 || apart.isNegative() || apart.isZero()) {
      throw new IllegalArgumentException(
          "burst must be at least 1 and apart positive, were " + burst + " and " + apart);
    }
    this.clock = clock;
    this.burst = burst;
    this.apart = apart;
  }

  /// Takes one; zero lets it happen, anything else is how long to wait, and takes nothing.
  public synchronized Duration take(String key) {
    Bucket bucket = now(key);
    Duration wait = wait(bucket);
    if (wait.isZero()) {
      buckets.put(key, new Bucket(bucket.left() - 1, bucket.at()));
    }
    return wait;
  }

  private Bucket now(String key) {
    Instant now = clock.instant();
    Bucket known = buckets.getOrDefault(key, new Bucket(burst, now));
    double filled =
        (double) Math.max(0, Duration.between(known.at(), now).toNanos()) / apart.toNanos();
    return new Bucket(Math.min(burst, known.left() + filled), now);
  }

  private Duration wait(Bucket bucket) {
    return bucket.left() >= 1
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil((1 - bucket.left()) * apart.toNanos()));
  }
}
