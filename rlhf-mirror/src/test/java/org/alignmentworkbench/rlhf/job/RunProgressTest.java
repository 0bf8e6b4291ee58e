package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RunProgress progress = new RunProgress(nanos::get);

  @Test
  void speed_and_time_left_count_from_where_the_stage_was_taken_up() {
    progress.report(1, "train", 40, 100L, "steps");
    nanos.set(5_000_000_000L);
    progress.report(1, "train", 60, 100L, "steps");
    // By hand: 20 steps in 5 seconds, 40 left.
    assertThat(progress.of(1).rate()).isEqualTo(4);
    assertThat(progress.of(1).secondsLeft()).isEqualTo(10);
  }

  @Test
  void a_new_stage_starts_afresh_and_an_unknown_end_has_no_time_left() {
    progress.report(1, "train", 40, 100L, "steps");
    progress.report(1, "evaluate", 0, null, "prompts");
    nanos.set(1_000_000_000L);
    progress.report(1, "evaluate", 8, null, "prompts");
    assertThat(progress.of(1).rate()).isEqualTo(8);
    assertThat(progress.of(1).secondsLeft()).isNull();
    assertThat(progress.of(2)).isNull();
  }
}
