package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LatestTest {
  private final Latest<String, Integer, String> latest = new Latest<>(2);
  private final AtomicInteger made = new AtomicInteger();

  private String ask(String key, int stamp) {
    return latest.of(key, stamp, () -> key + made.incrementAndGet());
  }

  @Test
  void what_has_not_changed_is_not_made_again() {
    assertThat(ask("a", 1)).isEqualTo("a1");
    assertThat(ask("a", 1)).isEqualTo("a1");
    assertThat(ask("a", 2)).as("something changed").isEqualTo("a2");
    assertThat(ask("a", 2)).isEqualTo("a2");
  }

  @Test
  void the_one_that_was_asked_for_longest_ago_goes() {
    ask("a", 1);
    ask("b", 1);
    ask("a", 1);
    ask("c", 1);
    assertThat(ask("a", 1)).isEqualTo("a1");
    assertThat(ask("b", 1)).isEqualTo("b4");
  }

  @Test
  void many_who_ask_at_once_wait_for_one() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    List<Future<String>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        answers.add(
            threads.submit(() ->
                latest.of(
                    "a",
                    1,
                    () -> {
                      asked.await();
                      return "a" + made.incrementAndGet();
                    })));
      }
      asked.countDown();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("a1");
      }
    }
  }

  @Test
  void what_failed_is_tried_again() {
    assertThatThrownBy(() ->
            latest.of(
                "a",
                1,
                () -> {
                  throw new IllegalArgumentException("no");
                }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThat(ask("a", 1)).isEqualTo("a1");
  }
}
