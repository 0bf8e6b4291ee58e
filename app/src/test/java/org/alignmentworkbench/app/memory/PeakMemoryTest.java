package org.alignmentworkbench.app.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PeakMemoryTest {
  @Test
  void a_large_buffer_raises_the_peak_and_the_peak_stays() {
    try (PeakMemory memory = PeakMemory.watch(Duration.ofMillis(20), OptionalLong::empty)) {
      double before = memory.peakMiB().orElseThrow();
      // Outside the heap, which other tests may have grown before.
      ByteBuffer large = ByteBuffer.allocateDirect(160 << 20);
      for (int page = 0; page < large.capacity(); page += 1024) {
        large.put(page, (byte) 1);
      }
      double during = memory.peakMiB().orElseThrow();
      assertThat(large.get(0)).isEqualTo((byte) 1);
      assertThat(before).isGreaterThan(10);
      // The buffer has 160 MiB; half of it is far above what anything else here could add.
      assertThat(during - before).isGreaterThan(75);
      assertThat(memory.peakMiB().orElseThrow()).isGreaterThanOrEqualTo(during);
    }
  }
}
