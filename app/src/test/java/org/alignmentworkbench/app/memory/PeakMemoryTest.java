package org.alignmentworkbench.app.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PeakMemoryTest {
  @Test
  void a_large_array_raises_the_peak_and_the_peak_stays() {
    try (PeakMemory memory = PeakMemory.watch(Duration.ofMillis(20), OptionalLong::empty)) {
      double before = memory.peakMiB().orElseThrow();
      long[] large = new long[20_000_000];
      java.util.Arrays.fill(large, 1);
      double during = memory.peakMiB().orElseThrow();
      assertThat(large[large.length - 1]).isEqualTo(1);
      assertThat(before).isGreaterThan(10);
      // The array is 153 MiB; half of it is far above what anything else here could add.
      assertThat(during - before).isGreaterThan(75);
      assertThat(memory.peakMiB().orElseThrow()).isGreaterThanOrEqualTo(during);
    }
  }
}
