package org.alignmentworkbench.db.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final Recent<String, Integer> recent = new Recent<>(clock::get);
  private int counted;

  private int count(long nanos) {
    return recent.get(
        "project",
        () -> {
          clock.addAndGet(nanos);
          return ++counted;
        });
  }

  @Test
  void a_count_that_took_long_is_kept_for_ten_times_as_long() {
    long took = Recent.LEAST_NANOS;
    assertThat(count(took)).isEqualTo(1);
    clock.addAndGet(10 * took - 1);
    assertThat(count(took)).isEqualTo(1);
    clock.addAndGet(1);
    assertThat(count(took)).isEqualTo(2);
  }

  @Test
  void a_quick_count_is_taken_each_time() {
    assertThat(count(Recent.LEAST_NANOS - 1)).isEqualTo(1);
    assertThat(count(Recent.LEAST_NANOS - 1)).isEqualTo(2);
  }

  @Test
  void what_was_changed_on_purpose_is_counted_anew() {
    assertThat(count(Recent.LEAST_NANOS)).isEqualTo(1);
    recent.forget("project");
    assertThat(count(Recent.LEAST_NANOS)).isEqualTo(2);
  }
}
