package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {
  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final TestClock clock = new TestClock();
  private final SignInThrottle throttle = new SignInThrottle(clock);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(throttle.attempt("ada", "10.0.0.1")).isZero();
    }
  }

  @Test
  void the_first_failures_cost_nothing_then_the_wait_doubles() {
    fail(SignInThrottle.FREE);
    assertThat(throttle.attempt("ada", "10.0.0.1")).isEqualTo(SignInThrottle.FIRST_WAIT);
    clock.now = clock.now.plus(SignInThrottle.FIRST_WAIT);
    fail(1);
    assertThat(throttle.attempt("ada", "10.0.0.1"))
        .isEqualTo(SignInThrottle.FIRST_WAIT.multipliedBy(2));
  }

  /// A provider gives each line a network of 64 bits, so its addresses are one visitor's.
  @Test
  void addresses_of_one_ipv6_network_are_one_visitor() {
    for (int i = 0; i < SignInThrottle.FREE; i++) {
      assertThat(throttle.attempt("ada", "2001:db8:1:2::" + i)).isZero();
    }
    assertThat(throttle.attempt("ada", "2001:db8:1:2:ffff::9")).isPositive();
    assertThat(throttle.attempt("ada", "2001:db8:1:3::1")).isZero();
    assertThat(throttle.attempt("ada", "::ffff:192.0.2.1")).isZero();
    for (int i = 0; i < SignInThrottle.FREE_BY_ADDRESS; i++) {
      throttle.attempt("name-" + i, "2001:db8:7:7::" + i);
    }
    assertThat(throttle.attempt("somebody", "2001:db8:7:7::abcd")).isPositive();
  }

  @Test
  void names_that_nobody_has_are_not_kept() {
    String endless = "x".repeat(1_000_000);
    for (int i = 0; i < SignInThrottle.FREE; i++) {
      assertThat(throttle.attempt(endless + i, "10.0.0.1")).isZero();
    }
    assertThat(throttle.attempt(endless, "10.0.0.1")).isPositive();
  }

  @Test
  void no_wait_is_longer_than_the_longest() {
    fail(SignInThrottle.FREE);
    for (int i = 0; i < 12; i++) {
      clock.now = clock.now.plus(SignInThrottle.LONGEST_WAIT);
      fail(1);
    }
    assertThat(throttle.attempt("ada", "10.0.0.1")).isEqualTo(SignInThrottle.LONGEST_WAIT);
  }

  @Test
  void another_address_and_another_name_are_free() {
    fail(SignInThrottle.FREE);
    assertThat(throttle.attempt("ada", "10.0.0.2")).isZero();
    assertThat(throttle.attempt("bob", "10.0.0.1")).isZero();
  }

  @Test
  void one_address_cannot_walk_through_many_names() {
    for (int i = 0; i < SignInThrottle.FREE_BY_ADDRESS; i++) {
      assertThat(throttle.attempt("name" + i, "10.0.0.1")).isZero();
    }
    assertThat(throttle.attempt("fresh", "10.0.0.1")).isPositive();
  }

  @Test
  void many_successes_from_one_address_hold_nobody_up() {
    for (int i = 0; i < 10 * SignInThrottle.FREE_BY_ADDRESS; i++) {
      assertThat(throttle.attempt("name" + i % 40, "10.0.0.1")).isZero();
      throttle.succeeded("name" + i % 40, "10.0.0.1");
    }
  }

  @Test
  void old_failures_are_forgotten() {
    fail(SignInThrottle.FREE);
    clock.now = clock.now.plus(SignInThrottle.MEMORY).plus(Duration.ofSeconds(1));
    fail(SignInThrottle.FREE);
  }
}
