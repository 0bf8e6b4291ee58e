package org.alignmentworkbench.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.alignmentworkbench.endurance.Footprint.Sample;
import org.junit.jupiter.api.Test;

class FootprintTest {
  private static double growth(int samples, IntToLongFunction memory) {
    List<Sample> all =
        IntStream.range(0, samples)
            .mapToObj(i -> new Sample(i, memory.applyAsLong(i), 0, 0))
            .toList();
    return new Footprint(all).growth(Sample::proportionalKiB);
  }

  @Test
  void what_swings_around_a_level_does_not_grow() {
    assertThat(growth(40, i -> 1000 + (i % 5) * 10)).isZero();
  }

  @Test
  void a_leak_grows_by_what_leaks_between_the_second_and_the_last_quarter() {
    // Samples 10 to 19 have the median 14.5, samples 30 to 39 the median 34.5.
    assertThat(growth(40, i -> 1000 + 7L * i)).isEqualTo(7 * 20.0);
  }

  @Test
  void growth_while_warming_up_and_a_single_peak_do_not_count() {
    assertThat(growth(40, i -> i < 10 ? 100L * i : 1000)).isZero();
    assertThat(growth(40, i -> i == 39 ? 9000 : 1000)).isZero();
  }

  @Test
  void too_few_samples_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> growth(15, i -> 1))
        .withMessage("a footprint needs at least 16 samples, were 15");
  }
}
