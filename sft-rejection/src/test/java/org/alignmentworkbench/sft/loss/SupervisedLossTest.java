package org.alignmentworkbench.sft.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SupervisedLossTest {
  private static final boolean[] SHORT = {false, true};
  private static final boolean[] LONG = {false, false, true, true, true};

  @Test
  void each_supervised_token_of_the_step_weighs_the_same_whatever_its_row() {
    int tokens = SupervisedLoss.tokens(List.of(SHORT, LONG));
    assertThat(tokens).isEqualTo(4);
    assertThat(SupervisedLoss.coefficients(SHORT, tokens)).containsExactly(0, -0.25f);
    assertThat(SupervisedLoss.coefficients(LONG, tokens))
        .containsExactly(0, 0, -0.25f, -0.25f, -0.25f);
  }

  @Test
  void only_supervised_tokens_cost() {
    // By hand: 0.5 + 1 + 2.
    assertThat(SupervisedLoss.negativeLogLikelihood(new float[] {-9, -9, -.5f, -1, -2}, LONG))
        .isCloseTo(3.5, within(1e-6));
  }

  @Test
  void a_row_without_supervised_tokens_has_no_gradient_and_no_division_by_zero() {
    assertThat(SupervisedLoss.coefficients(new boolean[3], 0)).containsExactly(0, 0, 0);
    assertThat(SupervisedLoss.negativeLogLikelihood(new float[3], new boolean[3])).isZero();
  }

  @Test
  void refuses_a_step_that_does_not_count_its_tokens() {
    assertThatIllegalArgumentException().isThrownBy(() -> SupervisedLoss.coefficients(SHORT, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SupervisedLoss.negativeLogLikelihood(new float[2], LONG));
  }
}
