package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.agreement.CohenKappa.Weights;
import org.alignmentworkbench.model.agreement.FleissKappa.Chance;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.random.CounterStream;
import org.dkpro.statistics.agreement.coding.CodingAnnotationStudy;
import org.dkpro.statistics.agreement.coding.CohenKappaAgreement;
import org.dkpro.statistics.agreement.coding.FleissKappaAgreement;
import org.dkpro.statistics.agreement.coding.KrippendorffAlphaAgreement;
import org.dkpro.statistics.agreement.coding.RandolphKappaAgreement;
import org.dkpro.statistics.agreement.distance.IDistanceFunction;
import org.dkpro.statistics.agreement.distance.IntervalDistanceFunction;
import org.dkpro.statistics.agreement.distance.NominalDistanceFunction;
import org.dkpro.statistics.agreement.distance.OrdinalDistanceFunction;
import org.dkpro.statistics.agreement.distance.RatioDistanceFunction;
import org.junit.jupiter.api.Test;

/// Against DKPro Statistics, another Java implementation, on random judgements with and without
/// gaps.
class SecondOpinionTest {

  private record Study(Ratings ratings, CodingAnnotationStudy coded) {}

  private static Study drawn(int seed, int units, int raters, double missing) {
    CodingAnnotationStudy coded = new CodingAnnotationStudy(raters);
    List<Rating> ratings = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      CounterStream stream = CounterStream.of(seed, "second opinion", 0, unit);
      int truth = 1 + stream.below(0, 5);
      Object[] values = new Object[raters];
      for (int rater = 0; rater < raters; rater++) {
        int value =
            stream.uniform(1 + 3 * rater) < 0.6 ? truth : 1 + stream.below(2 + 3 * rater, 5);
        if (stream.uniform(3 + 3 * rater) >= missing) {
          ratings.add(new Rating(unit, rater, value));
          values[rater] = value;
        }
      }
      coded.addItemAsArray(values);
    }
    return new Study(Ratings.of(ratings), coded);
  }

  private static IDistanceFunction distance(Level level) {
    return switch (level) {
      case NOMINAL -> new NominalDistanceFunction();
      case ORDINAL -> new OrdinalDistanceFunction();
      case INTERVAL -> new IntervalDistanceFunction();
      case RATIO -> new RatioDistanceFunction();
    };
  }

  @Test
  void alpha_with_gaps() {
    for (int seed = 0; seed < 30; seed++) {
      Study study = drawn(seed, 20, 4, seed % 3 == 0 ? 0 : 0.3);
      for (Level level : Level.values()) {
        assertThat(new KrippendorffAlpha(level).of(study.ratings()).valueOrNull())
            .as("%s, seed %d", level, seed)
            .isCloseTo(
                new KrippendorffAlphaAgreement(study.coded(), distance(level)).calculateAgreement(),
                within(1e-9));
      }
    }
  }

  @Test
  void kappas_of_complete_judgements() {
    for (int seed = 50; seed < 70; seed++) {
      Study many = drawn(seed, 25, 5, 0);
      assertThat(new FleissKappa(Chance.AS_SEEN).of(many.ratings()).valueOrNull())
          .isCloseTo(new FleissKappaAgreement(many.coded()).calculateAgreement(), within(1e-9));
      assertThat(new FleissKappa(Chance.EVEN).of(many.ratings()).valueOrNull())
          .isCloseTo(new RandolphKappaAgreement(many.coded()).calculateAgreement(), within(1e-9));
      Study two = drawn(seed, 25, 2, 0);
      assertThat(
              new CohenKappa(Weights.PLAIN)
                  .of(ConfusionMatrix.of(two.ratings(), 0, 1))
                  .valueOrNull())
          .isCloseTo(new CohenKappaAgreement(two.coded()).calculateAgreement(), within(1e-9));
    }
  }
}
