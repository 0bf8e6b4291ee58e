package org.alignmentworkbench.model.palette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.alignmentworkbench.model.palette.Palettizer.Group;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PalettizerTest {
  private static final int ROWS = 48;
  private static final int COLUMNS = 64;

  /// Inputs of very different sizes that go together, as a trained model's do: `x = M z` with a
  /// random `M` whose rows shrink. The inequalities are what section 5.5 of the deployment notes
  /// found on a real model; the factors are far below what this example gives (about 0.4 and 0.6).
  @Test
  void each_refinement_lowers_the_output_error() {
    Tensor weight = gaussian(3, ROWS, COLUMNS);
    SecondMoments inputs = correlatedInputs(400);
    for (PaletteBits width : PaletteBits.values()) {
      double[] equal = new double[COLUMNS];
      Arrays.fill(equal, 1);
      double plain =
          outputError(weight, palettizer(0).nearest(weight, equal, width).dense(), inputs);
      double weighted =
          outputError(
              weight, palettizer(0).nearest(weight, inputs.meanSquares(), width).dense(), inputs);
      double feedback =
          outputError(weight, palettizer(0).palettize(weight, inputs, width).dense(), inputs);
      double polished =
          outputError(weight, palettizer(8).palettize(weight, inputs, width).dense(), inputs);
      assertThat(weighted).as(width + " weighted").isLessThan(plain);
      assertThat(feedback).as(width + " feedback").isLessThan(0.9 * weighted);
      assertThat(polished).as(width + " polished").isLessThan(feedback);
    }
  }

  /// Inputs without correlation leave nothing to make up for: with `H = I`, error feedback is the
  /// nearest value, and the table is that of plain k-means.
  @Test
  void uncorrelated_equal_inputs_give_plain_k_means() {
    Tensor weight = gaussian(4, 32, 16);
    SecondMoments inputs = new SecondMoments(16);
    float[] x = new float[16];
    for (int i = 0; i < 16; i++) {
      Arrays.fill(x, 0);
      x[i] = 4;
      inputs.add(x, 0);
    }
    double[] equal = new double[16];
    Arrays.fill(equal, 1);
    PalettizedMatrix feedback = palettizer(0).palettize(weight, inputs, PaletteBits.FOUR);
    PalettizedMatrix nearest = palettizer(0).nearest(weight, equal, PaletteBits.FOUR);
    assertThat(feedback.indices()).isEqualTo(nearest.indices());
    assertThat(feedback.tables()).isEqualTo(nearest.tables());
  }

  /// `U^T U` must be the inverse: multiplied by `H` it gives the identity. 1e-9 is the condition
  /// number (about 1e4 here) times float64 rounding, with room.
  @Test
  void the_propagation_factor_is_the_cholesky_factor_of_the_inverse() {
    double[] h = Palettizer.damped(correlatedInputs(400).matrix(), COLUMNS, 0.01);
    double[] u = Palettizer.inverseFactor(h, COLUMNS);
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        double sum = 0;
        for (int k = 0; k < COLUMNS; k++) {
          double inverse = 0;
          for (int m = 0; m <= Math.min(i, k); m++) {
            inverse += u[m * COLUMNS + i] * u[m * COLUMNS + k];
          }
          sum += inverse * h[k * COLUMNS + j];
        }
        assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
      for (int j = 0; j < i; j++) {
        assertThat(u[i * COLUMNS + j]).isZero();
      }
    }
  }

  /// The error that polishing keeps up to date while it moves weights equals the error computed
  /// from nothing; 1e-9 relative is rounding over some thousand updates.
  @Test
  void polishing_keeps_its_books_right_and_never_raises_the_error() {
    SecondMoments inputs = correlatedInputs(300);
    double[] h = Palettizer.damped(inputs.matrix(), COLUMNS, 0.01);
    Tensor weight = gaussian(9, 16, COLUMNS);
    double[] values = new double[weight.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = weight.data()[i];
    }
    PalettizedMatrix start = palettizer(0).nearest(weight, inputs.meanSquares(), PaletteBits.TWO);
    byte[] index = new byte[values.length];
    for (int r = 0; r < 16; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        index[r * COLUMNS + c] = (byte) start.index(r, c);
      }
    }
    double before = Double.POSITIVE_INFINITY;
    for (int rounds = 0; rounds < 5; rounds++) {
      GroupPolish polish = new GroupPolish(values, 16, COLUMNS, h, start.table(0), index);
      Group group = polish.improve(rounds);
      double direct = new GroupPolish(values, 16, COLUMNS, h, group.table(), group.index()).error();
      assertThat(polish.error()).isCloseTo(direct, within(1e-9 * direct));
      assertThat(direct).isLessThanOrEqualTo(before);
      before = direct;
    }
  }

  @Test
  void packing_is_lowest_bit_first_and_tables_ascend() {
    // By hand: indices 1, 2, 3, 0 at two bits are 0b00_11_10_01 = 0x39; 1, 14 at four are 0xE1.
    PalettizedMatrix two =
        PalettizedMatrix.pack(1, 4, 16, PaletteBits.TWO, new byte[] {1, 2, 3, 0}, new short[4]);
    assertThat(two.indices()).containsExactly(0x39);
    assertThat(new int[] {two.index(0, 0), two.index(0, 1), two.index(0, 2), two.index(0, 3)})
        .containsExactly(1, 2, 3, 0);
    PalettizedMatrix four =
        PalettizedMatrix.pack(2, 2, 16, PaletteBits.FOUR, new byte[] {1, 14, 0, 15}, new short[16]);
    assertThat(four.indices()).containsExactly((byte) 0xE1, (byte) 0xF0);
    assertThat(four.index(0, 1)).isEqualTo(14);
    assertThat(four.index(1, 1)).isEqualTo(15);
    PalettizedMatrix fitted =
        palettizer(4).palettize(gaussian(5, 20, COLUMNS), correlatedInputs(100), PaletteBits.FOUR);
    assertThat(fitted.groups()).isEqualTo(2);
    for (int g = 0; g < 2; g++) {
      float[] table = fitted.table(g);
      for (int j = 1; j < 16; j++) {
        assertThat(table[j]).isGreaterThanOrEqualTo(table[j - 1]);
      }
    }
  }

  @Test
  void all_zero_inputs_or_weights_are_handled() {
    SecondMoments silent = new SecondMoments(COLUMNS);
    silent.add(new float[COLUMNS], 0);
    Tensor weight = gaussian(6, 16, COLUMNS);
    PalettizedMatrix matrix = palettizer(4).palettize(weight, silent, PaletteBits.FOUR);
    for (float value : matrix.dense().data()) {
      assertThat(value).isFinite();
    }
    PalettizedMatrix zero =
        palettizer(4).palettize(Tensor.zeros(16, COLUMNS), correlatedInputs(50), PaletteBits.TWO);
    assertThat(zero.dense().data()).containsOnly(0f);
  }

  @Test
  void refuses_inputs_of_another_width() {
    assertThatThrownBy(() ->
            palettizer(0).palettize(gaussian(1, 16, 32), new SecondMoments(16), PaletteBits.TWO))
        .hasMessageContaining("inputs have 16 features, the matrix has 32 columns");
  }

  /// Half a scale plus what rounding the scale to 11 bits can cut off the largest entry.
  @Test
  void int8_rows_are_off_by_half_a_scale() {
    Tensor matrix = gaussian(8, 40, 32);
    Arrays.fill(matrix.data(), 0, 32, 0f);
    for (int c = 0; c < 32; c++) {
      matrix.data()[32 + c] *= 1e-8f;
    }
    Int8Rows rows = Int8Rows.of(matrix);
    float[] dense = rows.dense().data();
    for (int r = 0; r < 40; r++) {
      double bound = r < 2 ? 1e-6 : rows.scale(r) * (0.5 + 127 * 0x1p-11);
      for (int c = 0; c < 32; c++) {
        assertThat((double) dense[r * 32 + c])
            .isCloseTo(matrix.data()[r * 32 + c], within(bound + 1e-9));
      }
    }
    assertThat(rows.bytes()).isEqualTo(40 * 32 + 2 * 40);
  }

  private static Palettizer palettizer(int polishing) {
    return new Palettizer(new PaletteSettings(16, 0.01, polishing));
  }

  private static Tensor gaussian(int seed, int rows, int columns) {
    CounterStream stream = CounterStream.of(seed, "weights", 0, 0);
    float[] data = new float[rows * columns];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (0.05 * stream.normal(i));
    }
    return Tensor.of(data, rows, columns);
  }

  private static SecondMoments correlatedInputs(int count) {
    CounterStream mixing = CounterStream.of(1, "mixing", 0, 0);
    SecondMoments moments = new SecondMoments(COLUMNS);
    float[] x = new float[COLUMNS];
    for (int n = 0; n < count; n++) {
      CounterStream stream = CounterStream.of(2, "inputs", 0, n);
      for (int i = 0; i < COLUMNS; i++) {
        double sum = 0.3 * stream.normal(1000 + i);
        for (int k = 0; k < 12; k++) {
          sum += mixing.normal(i * 12 + k) * stream.normal(k);
        }
        x[i] = (float) (sum * 3 / (1 + i % 9));
      }
      moments.add(x, 0);
    }
    return moments;
  }

  private static double outputError(Tensor weight, Tensor other, SecondMoments inputs) {
    double[] h = inputs.matrix();
    int n = inputs.size();
    double sum = 0;
    for (int r = 0; r < weight.extent(0); r++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          sum +=
              h[i * n + j]
                  * (weight.data()[r * n + i] - other.data()[r * n + i])
                  * (weight.data()[r * n + j] - other.data()[r * n + j]);
        }
      }
    }
    return sum;
  }
}
