package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Krippendorff, "Computing Krippendorff's alpha-reliability", 2011: the data of its section C,
/// four observers and twelve units with gaps. It prints 0.743, 0.815, 0.849 and 0.797; six places
/// were worked out by hand from the coincidence matrix.
class Krippendorff2011Test {
  private static final Ratings OBSERVERS =
      Matrices.parse(
          """
          1 2 3 3 2 1 4 1 2 . . .
          1 2 3 3 2 2 4 1 2 5 . 3
          . 3 3 3 2 3 4 2 2 5 1 .
          1 2 3 3 2 4 4 1 2 5 1 .
          """);

  @ParameterizedTest
  @CsvSource({"NOMINAL, 0.743421", "ORDINAL, 0.815388", "INTERVAL, 0.849107", "RATIO, 0.797403"})
  void the_published_coefficients(Level level, double alpha) {
    assertThat(new KrippendorffAlpha(level).of(OBSERVERS).valueOrNull())
        .isCloseTo(alpha, within(5e-7));
  }

  @Test
  void the_unit_with_one_value_is_left_out() {
    UnitPatterns patterns = OBSERVERS.patterns(2);
    assertThat(patterns.units()).isEqualTo(11);
    assertThat(patterns.values()).isEqualTo(40);
    assertThat(patterns.totals(patterns.weights())).containsExactly(9, 13, 10, 5, 3);
  }

  /// A strength from -3 to 3 by three people on six pairs; by hand.
  @ParameterizedTest
  @CsvSource({"NOMINAL, 0.2", "ORDINAL, 0.833036", "INTERVAL, 0.837838"})
  void strengths_of_preferences(Level level, double alpha) {
    Ratings strengths =
        Matrices.parse(
            """
            2 1 -1 3 0 -2
            2 2 -1 2 1 -2
            3 1 1 . 0 -3
            """);
    assertThat(new KrippendorffAlpha(level).of(strengths).valueOrNull())
        .isCloseTo(alpha, within(5e-7));
  }
}
