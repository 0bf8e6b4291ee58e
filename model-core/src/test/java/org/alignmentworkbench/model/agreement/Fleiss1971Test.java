package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.agreement.FleissKappa.Chance;
import org.alignmentworkbench.model.statistics.Estimate;
import org.junit.jupiter.api.Test;

/// Fleiss, "Measuring nominal scale agreement among many raters", 1971: thirty patients, six
/// raters, five diagnoses; it prints .430. The table of ten subjects and fourteen raters is a
/// common textbook example (.210); six places by hand.
class Fleiss1971Test {
  private static final String[] PATIENTS =
      ("444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333"
              + " 144444 224445 333335 111455 111112 224444 133555 555555 244444 224555 114444"
              + " 144445 222224 111155 224444 133333 555555")
          .split(" ");

  @Test
  void the_published_coefficient() {
    Ratings patients = Matrices.units(PATIENTS);
    Estimate.Known kappa = (Estimate.Known) new FleissKappa(Chance.AS_SEEN).of(patients);
    assertThat(kappa.value()).isCloseTo(0.430245, within(5e-7));
    assertThat(kappa.n()).isEqualTo(30);
    assertThat(kappa.covers(0.430245)).isTrue();
    assertThat(PercentAgreement.of(patients).valueOrNull()).isCloseTo(0.555556, within(5e-7));
  }

  @Test
  void the_textbook_table() {
    int[][] counts = {
      {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
      {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}
    };
    List<Rating> ratings = new ArrayList<>();
    for (int unit = 0; unit < counts.length; unit++) {
      int rater = 0;
      for (int category = 0; category < 5; category++) {
        for (int i = 0; i < counts[unit][category]; i++) {
          ratings.add(new Rating(unit, rater++, category));
        }
      }
    }
    Ratings subjects = Ratings.of(ratings);
    assertThat(new FleissKappa(Chance.AS_SEEN).of(subjects).valueOrNull())
        .isCloseTo(0.209931, within(5e-7));
    assertThat(PercentAgreement.of(subjects).valueOrNull()).isCloseTo(0.378022, within(5e-7));
  }
}
