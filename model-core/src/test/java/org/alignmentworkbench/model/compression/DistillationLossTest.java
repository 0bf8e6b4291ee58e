package org.alignmentworkbench.model.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DistillationLossTest {
  private static final double[] TEACHER = softmax(0.3, -1.2, 2.0, 0.1, -0.4);
  private static final double[] LOGITS = {0.9, -0.5, 1.1, -0.2, 0.3};

  /// By enumeration over five tokens instead of sampling: weighted with the teacher's
  /// probabilities, the estimate is the divergence and its derivative times `grad log q` is `q -
  /// p`, the gradient of the divergence in the student's logits. No ratio here reaches the cap.
  /// 1e-12 is rounding.
  @Test
  void value_and_gradient_are_unbiased() {
    double[] q = softmax(LOGITS);
    double divergence = 0;
    double estimate = 0;
    double[] gradient = new double[5];
    for (int y = 0; y < 5; y++) {
      double p = TEACHER[y];
      divergence += p * Math.log(p / q[y]);
      estimate += p * DistillationLoss.of(Math.log(p), Math.log(q[y]));
      for (int v = 0; v < 5; v++) {
        double score = (v == y ? 1 : 0) - q[v];
        gradient[v] += p * DistillationLoss.derivative(Math.log(p), Math.log(q[y])) * score;
      }
    }
    assertThat(estimate).isCloseTo(divergence, within(1e-12));
    for (int v = 0; v < 5; v++) {
      assertThat(gradient[v]).isCloseTo(q[v] - TEACHER[v], within(1e-12));
    }
  }

  /// Central differences with step 1e-5: truncation about 1e-10, rounding about 1e-11.
  @Test
  void the_derivative_is_that_of_the_value() {
    for (double student : new double[] {-6, -2.5, -2, -1.1, -0.2}) {
      double h = 1e-5;
      double slope =
          (DistillationLoss.of(-2, student + h) - DistillationLoss.of(-2, student - h)) / (2 * h);
      assertThat(DistillationLoss.derivative(-2, student)).isCloseTo(slope, within(1e-8));
    }
  }

  @Test
  void a_student_that_equals_the_teacher_has_no_loss_and_no_gradient_on_any_token() {
    assertThat(DistillationLoss.of(-3.5, -3.5)).isZero();
    assertThat(DistillationLoss.derivative(-3.5, -3.5)).isZero();
  }

  @Test
  void one_absurd_token_counts_as_a_ratio_of_ten() {
    assertThat(DistillationLoss.derivative(-40, -0.1)).isCloseTo(9, within(1e-12));
    assertThat(DistillationLoss.of(-40, -0.1)).isCloseTo(9 - Math.log(10), within(1e-12));
    assertThat(DistillationLoss.derivative(-0.1, -40)).isCloseTo(-1, within(1e-12));
  }

  private static double[] softmax(double... logits) {
    double sum = 0;
    for (double z : logits) {
      sum += Math.exp(z);
    }
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i]) / sum;
    }
    return p;
  }
}
