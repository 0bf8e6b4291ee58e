package org.alignmentworkbench.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong seconds = new AtomicLong();
  private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());

  private static Progress at(String stage, long step) {
    return new Progress(stage, step, 400L, 14_200.0, "tokens/s", 95.0);
  }

  @Test
  void a_file_gets_a_line_for_each_stage_and_then_one_every_ten_seconds() {
    ProgressLine line = new ProgressLine(out, false, clock);
    for (int second = 0; second <= 20; second++) {
      seconds.set(second);
      line.show(at("sft: train", second));
    }
    line.show(at("sft: evaluate", 1));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).hasSize(4);
  }

  @Test
  void a_terminal_rewrites_one_line_and_keeps_what_is_said() {
    ProgressLine line = new ProgressLine(out, true, clock);
    line.show(at("sft: train", 100));
    line.say("sft: done");
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("25 %  step 100 of 400  14,200 tokens/s  1:35 left");
    assertThat(text.lines().toList()).last().asString().endsWith("sft: done");
  }

  @Test
  void what_is_not_known_is_left_out() {
    ProgressLine line = new ProgressLine(out, false, clock);
    line.show(new Progress("waiting for 12 judgements", 0, null, null, null, null));
    assertThat(bytes.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo("waiting for 12 judgements");
  }
}
