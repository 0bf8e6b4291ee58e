package org.alignmentworkbench.model.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterStreamTest {

  /// The known answers published with the Random123 library for philox4x32, ten rounds.
  @Test
  void philox_gives_the_published_known_answers() {
    assertThat(CounterStream.philox(new int[4], 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(CounterStream.philox(new int[] {-1, -1, -1, -1}, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(
            CounterStream.philox(
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void a_value_does_not_depend_on_the_order_of_reading() {
    CounterStream forward = CounterStream.of(1, "rollout", 3, 7);
    CounterStream backward = CounterStream.of(1, "rollout", 3, 7);
    double[] up = IntStream.range(0, 50).mapToDouble(forward::uniform).toArray();
    for (int i = 49; i >= 0; i--) {
      assertThat(backward.uniform(i)).isEqualTo(up[i]);
    }
  }

  @Test
  void seed_purpose_step_and_sample_each_name_another_stream() {
    long[] first = {
      CounterStream.of(1, "a", 0, 0).bits(0),
      CounterStream.of(2, "a", 0, 0).bits(0),
      CounterStream.of(1, "b", 0, 0).bits(0),
      CounterStream.of(1, "a", 1, 0).bits(0),
      CounterStream.of(1, "a", 0, 1).bits(0),
      CounterStream.of(1, "a", 0, 1L << 32).bits(0),
      CounterStream.named(1, "a", "prompt").bits(0),
    };
    assertThat(Arrays.stream(first).distinct().count()).isEqualTo(first.length);
  }

  /// Tolerances: four standard errors of the mean of n draws (1/sqrt(12n) and 1/sqrt(n)).
  @Test
  void uniforms_and_normals_have_the_moments_of_their_distribution() {
    int n = 100_000;
    CounterStream stream = CounterStream.of(9, "moments", 0, 0);
    double uniform = IntStream.range(0, n).mapToDouble(stream::uniform).average().orElseThrow();
    double normal = IntStream.range(0, n).mapToDouble(stream::normal).average().orElseThrow();
    double square =
        IntStream.range(0, n)
            .mapToDouble(i -> Math.pow(stream.normal(i), 2))
            .average()
            .orElseThrow();
    assertThat(uniform).isCloseTo(0.5, within(4 / Math.sqrt(12.0 * n)));
    assertThat(normal).isCloseTo(0, within(4 / Math.sqrt(n)));
    assertThat(square).isCloseTo(1, within(4 * Math.sqrt(2.0 / n)));
  }

  @Test
  void a_permutation_holds_every_index_once() {
    int[] order = CounterStream.of(5, "shuffle", 0, 0).permutation(1000);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
  }

  @Test
  void refuses_an_empty_range() {
    assertThatThrownBy(() -> CounterStream.of(1, "a", 0, 0).below(0, 0))
        .hasMessage("bound must be > 0, was 0");
  }
}
