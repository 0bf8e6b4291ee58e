package org.alignmentworkbench.rlhf.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class OptimizerSettingsTest {
  @Test
  void the_rate_warms_up_and_falls_along_a_cosine_to_its_share() {
    var settings = new OptimizerSettings(1, 4, 0.1, 0, 1);
    // By hand: a quarter of the peak, times a cosine that has not begun to fall.
    assertThat(settings.rate(0, 100)).isCloseTo(0.25, within(1e-12));
    assertThat(settings.rate(50, 100)).isCloseTo(0.55, within(1e-12));
    assertThat(settings.rate(100, 100)).isCloseTo(0.1, within(1e-12));
    assertThat(new OptimizerSettings(1, 0, 1, 0, 1).rate(77, 100)).isCloseTo(1, within(1e-12));
  }

  @Test
  void bad_values_are_named() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OptimizerSettings(0, 0, 1, 0, 1))
        .withMessage("learningRate must be > 0, was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OptimizerSettings(1, 0, 1.5, 0, 1))
        .withMessageContaining("finalFraction");
  }

  @Test
  void an_epoch_sees_every_row_once_and_the_next_one_in_another_order() {
    var order = new BatchOrder(1, "test", 10, 4);
    assertThat(order.stepsPerEpoch()).isEqualTo(3);
    var seen = new HashSet<Integer>();
    for (int step = 0; step < 3; step++) {
      Arrays.stream(order.batch(step)).forEach(seen::add);
    }
    assertThat(seen).hasSize(10);
    assertThat(order.batch(2)).hasSize(2);
    assertThat(order.batch(3)).isNotEqualTo(order.batch(0));
    // A function of the step alone.
    assertThat(order.batch(3)).isEqualTo(order.batch(3));
    assertThatIllegalArgumentException().isThrownBy(() -> new BatchOrder(1, "test", 0, 4));
  }
}
