package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RequestRateTest {
  private static final class Turned extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

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

  private final Turned clock = new Turned();
  private final RequestRate rate = new RequestRate(clock, 3, Duration.ofSeconds(2));

  @Test
  void a_burst_goes_through_and_then_one_at_a_time() {
    for (int i = 0; i < 3; i++) {
      assertThat(rate.take("a")).isZero();
    }
    // An empty bucket needs the whole two seconds for one; half of them leaves the other half.
    assertThat(rate.take("a")).isEqualTo(Duration.ofSeconds(2));
    clock.now = clock.now.plusSeconds(1);
    assertThat(rate.take("a")).isEqualTo(Duration.ofSeconds(1));
    clock.now = clock.now.plusSeconds(1);
    assertThat(rate.take("a")).isZero();
    assertThat(rate.take("a")).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void one_key_takes_nothing_from_another_and_a_rest_fills_no_more_than_the_burst() {
    for (int i = 0; i < 3; i++) {
      assertThat(rate.take("a")).isZero();
    }
    assertThat(rate.take("b")).isZero();
    clock.now = clock.now.plus(Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      assertThat(rate.take("a")).isZero();
    }
    assertThat(rate.take("a")).isPositive();
  }

  @Test
  void a_rate_without_a_burst_or_a_pace_is_none() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RequestRate(clock, 0, Duration.ofSeconds(1)))
        .withMessageContaining("were 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RequestRate(clock, 1, Duration.ZERO))
        .withMessageContaining("PT0S");
  }
}
