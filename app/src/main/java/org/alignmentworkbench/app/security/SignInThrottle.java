package org.alignmentworkbench.app.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Slows guessing of passwords down, by name and address together so that one address cannot lock a
/// person out everywhere, and by address alone so that one address cannot walk through many names.
/// Of an IPv6 address its network counts ([Network]).
///
/// After [#FREE] failures in a row each further one doubles the wait, from [#FIRST_WAIT] up to
/// [#LONGEST_WAIT]. A success forgets the name's failures, not the address's. Counts live in
/// memory: a restart forgives, which costs an attacker more than it gives.
public final class SignInThrottle {
  /// Failures of one name from one address without a wait.
  public static final int FREE = 5;

  /// The same for an address alone, where several people may sit behind one.
  public static final int FREE_BY_ADDRESS = 50;

  /// The first wait.
  public static final Duration FIRST_WAIT = Duration.ofSeconds(15);

  /// No wait is longer.
  public static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  /// Failures older than this are forgotten.
  public static final Duration MEMORY = Duration.ofHours(1);

  private static final int ENTRIES = 10_000;
  private static final int LONGEST_NAME = 64;

  private final Clock clock;
  private final Map<String, Failures> failures =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > ENTRIES;
        }
      };

  private record Failures(int count, Instant last) {}

  public SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /// Asks for one attempt: zero lets it go on, anything else is how long to wait. An attempt counts
  /// as a failure until [#succeeded] takes it back, so that many at once gain nothing.
  public synchronized Duration attempt(String username, String address) {
    Duration byName = wait(failures.get(nameKey(username, address)), FREE);
    Duration byAddress = wait(failures.get(addressKey(address)), FREE_BY_ADDRESS);
    Duration longer = byName.compareTo(byAddress) >= 0 ? byName : byAddress;
    if (longer.isZero()) {
      count(nameKey(username, address), 1);
      count(addressKey(address), 1);
    }
    return longer;
  }

  /// Forgets the name's failures at this address and takes the attempt back from the address.
  public synchronized void succeeded(String username, String address) {
    failures.remove(nameKey(username, address));
    count(addressKey(address), -1);
  }

  private void count(String key, int by) {
    Failures before = failures.get(key);
    int count = before == null || isOld(before) ? 0 : before.count();
    failures.put(key, new Failures(Math.max(0, count + by), clock.instant()));
  }

  private Duration wait(@Nullable Failures known, int free) {
    if (known == null || known.count() < free || isOld(known)) {
      return Duration.ZERO;
    }
    int doublings = Math.min(known.count() - free, 20);
    Duration whole = FIRST_WAIT.multipliedBy(1L << doublings);
    Duration capped = whole.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : whole;
    Duration left = Duration.between(clock.instant(), known.last().plus(capped));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private boolean isOld(Failures known) {
    return known.last().plus(MEMORY).isBefore(clock.instant());
  }

  /// A longer name is nobody's, and would be kept for nothing.
  private static String nameKey(String username, String address) {
    String name = username.length() > LONGEST_NAME ? "" : username;
    return "name\n" + name + "\n" + Network.of(address);
  }

  private static String addressKey(String address) {
    return "address\n" + Network.of(address);
  }
}
