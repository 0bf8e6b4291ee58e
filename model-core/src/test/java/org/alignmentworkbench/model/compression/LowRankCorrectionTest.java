package org.alignmentworkbench.model.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.model.palette.SecondMoments;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LowRankCorrectionTest {
  /// By hand: errors 4, 3, 2, 1 on the diagonal with inputs of mean square 1, so a pair of rank 2
  /// takes 16 + 9 of 30; with the fourth input's mean square 100 its error counts 100 and goes
  /// first: 100 + 16 of 129.
  @Test
  void the_largest_output_errors_go_first() {
    Tensor dense = Tensor.zeros(4, 4);
    for (int i = 0; i < 4; i++) {
      dense.data()[i * 4 + i] = 4 - i;
    }
    LowRankCorrection equal =
        LowRankCorrection.of(dense, Tensor.zeros(4, 4), diagonal(1, 1, 1, 1), 2, 2.0);
    assertThat(equal.captured()).isCloseTo(25.0 / 30, within(1e-6));
    float[] product = product(equal, 4, 4, 2, 2.0);
    // Power iteration stops at 1e-7 of the energy, so directions are right to about 1e-3.
    assertThat(product[0]).isCloseTo(4f, within(5e-3f));
    assertThat(product[5]).isCloseTo(3f, within(5e-3f));
    assertThat(product[10]).isCloseTo(0f, within(5e-3f));

    LowRankCorrection loud =
        LowRankCorrection.of(dense, Tensor.zeros(4, 4), diagonal(1, 1, 1, 100), 2, 2.0);
    assertThat(loud.captured()).isCloseTo(116.0 / 129, within(1e-6));
  }

  /// An error that has rank 3 is made up for entirely by rank 3 or more, whatever the inputs.
  @Test
  void an_error_of_low_rank_disappears() {
    CounterStream stream = CounterStream.of(1, "low rank", 0, 0);
    Tensor dense = Tensor.zeros(20, 12);
    for (int r = 0; r < 20; r++) {
      for (int c = 0; c < 12; c++) {
        for (int k = 0; k < 3; k++) {
          dense.data()[r * 12 + c] +=
              (float) (stream.normal(r * 3 + k) * stream.normal(100 + k * 12 + c));
        }
      }
    }
    SecondMoments inputs = new SecondMoments(12);
    for (int n = 0; n < 40; n++) {
      float[] x = new float[12];
      for (int i = 0; i < 12; i++) {
        x[i] = (float) stream.normal(1000 + n * 12 + i);
      }
      inputs.add(x, 0);
    }
    LowRankCorrection fix = LowRankCorrection.of(dense, Tensor.zeros(20, 12), inputs, 5, 0.5);
    assertThat(fix.captured()).isCloseTo(1, within(1e-9));
    float[] product = product(fix, 20, 12, 5, 0.5);
    for (int i = 0; i < product.length; i++) {
      assertThat(product[i]).isCloseTo(dense.data()[i], within(1e-4f));
    }
  }

  @Test
  void no_error_gives_a_pair_of_zeros() {
    Tensor same = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    LowRankCorrection none = LowRankCorrection.of(same, same.copy(), diagonal(1, 1), 4, 2);
    assertThat(none.captured()).isZero();
    assertThat(none.a().data()).containsOnly(0f);
    assertThat(none.b().shape()).containsExactly(2, 4);
  }

  private static float[] product(LowRankCorrection fix, int rows, int columns, int rank, double s) {
    float[] out = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        for (int k = 0; k < rank; k++) {
          out[r * columns + c] +=
              (float) (s * fix.b().data()[r * rank + k] * fix.a().data()[k * columns + c]);
        }
      }
    }
    return out;
  }

  private static SecondMoments diagonal(double... squares) {
    int n = squares.length;
    double[] h = new double[n * n];
    for (int i = 0; i < n; i++) {
      h[i * n + i] = squares[i];
    }
    return SecondMoments.of(n, h, 1);
  }
}
