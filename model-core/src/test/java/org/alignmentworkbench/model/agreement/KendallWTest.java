package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class KendallWTest {
  private static final double EXACT = 1e-12;

  /// Three people order four things 1234, 1324, 2134. R = 4, 6, 8, 12 about 7.5, so S = 12.25 +
  /// 2.25
  /// + 0.25 + 20.25 = 35 and W = 12 * 35 / (9 * (64 - 4)) = 420 / 540.
  @Test
  void orders_without_ties_by_hand() {
    assertThat(
            KendallW.of(
                    List.of(new int[] {1, 2, 3, 4}, new int[] {1, 3, 2, 4}, new int[] {2, 1, 3, 4}))
                .orElseThrow())
        .isCloseTo(420 / 540.0, within(EXACT));
  }

  /// Two people give places 1 1 2 and 1 2 3, ranks 1.5 1.5 3 and 1 2 3. R = 2.5, 3.5, 6 about 4, so
  /// S = 2.25 + 0.25 + 4 = 6.5. One group of two ties: T = 8 - 2 = 6, so W = 12 * 6.5 / (4 * (27 -
  /// 3) - 2 * 6) = 78 / 84.
  @Test
  void ties_share_the_mean_of_their_ranks() {
    assertThat(KendallW.of(List.of(new int[] {1, 1, 2}, new int[] {1, 2, 3})).orElseThrow())
        .isCloseTo(78 / 84.0, within(EXACT));
  }

  @Test
  void the_same_orders_have_one_and_opposite_orders_of_two_people_none() {
    assertThat(KendallW.of(List.of(new int[] {1, 2, 2}, new int[] {1, 2, 2})).orElseThrow())
        .isCloseTo(1, within(EXACT));
    assertThat(KendallW.of(List.of(new int[] {1, 2, 3}, new int[] {3, 2, 1})).orElseThrow())
        .isCloseTo(0, within(EXACT));
  }

  @Test
  void without_two_people_or_an_order_there_is_none() {
    assertThat(KendallW.of(List.of())).isEmpty();
    assertThat(KendallW.of(List.of(new int[] {1, 2}))).isEmpty();
    assertThat(KendallW.of(List.of(new int[] {1, 1}, new int[] {1, 1}))).isEmpty();
    assertThatThrownBy(() -> KendallW.of(List.of(new int[] {1, 2}, new int[] {1, 2, 3})))
        .hasMessage("each row must have 2 places, one has 3");
  }
}
