package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignmentworkbench.model.agreement.CohenKappa.Weights;
import org.alignmentworkbench.model.agreement.FleissKappa.Chance;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Estimate.Undefined;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgreementPropertiesTest {

  /// Coders who know the truth with some probability; some values are missing.
  private static List<Rating> drawn(
      int seed, int units, int raters, int categories, double knows, double missing) {
    List<Rating> ratings = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      CounterStream stream = CounterStream.of(seed, "coders", 0, unit);
      int truth = stream.below(0, categories);
      for (int rater = 0; rater < raters; rater++) {
        int value =
            stream.uniform(1 + 3 * rater) < knows ? truth : stream.below(2 + 3 * rater, categories);
        if (stream.uniform(3 + 3 * rater) >= missing) {
          ratings.add(new Rating(unit, rater, value + 1));
        }
      }
    }
    return ratings;
  }

  private static List<Function<Ratings, Estimate>> coefficients() {
    List<Function<Ratings, Estimate>> all = new ArrayList<>();
    for (Level level : Level.values()) {
      all.add(new KrippendorffAlpha(level)::of);
    }
    all.add(PercentAgreement::of);
    all.add(new FleissKappa(Chance.AS_SEEN)::of);
    all.add(new FleissKappa(Chance.EVEN)::of);
    return all;
  }

  @Test
  void neither_names_nor_order_of_raters_and_units_matter() {
    for (int seed = 0; seed < 20; seed++) {
      List<Rating> plain = drawn(seed, 15, 4, 4, 0.6, seed % 2 == 0 ? 0 : 0.3);
      int[] units = CounterStream.of(seed, "units", 0, 0).permutation(15);
      int[] raters = CounterStream.of(seed, "raters", 0, 0).permutation(4);
      List<Rating> renamed = new ArrayList<>();
      for (int i : CounterStream.of(seed, "order", 0, 0).permutation(plain.size())) {
        Rating rating = plain.get(i);
        renamed.add(
            new Rating(
                1000 + units[(int) rating.unit()],
                70 + raters[(int) rating.rater()],
                rating.value()));
      }
      for (Function<Ratings, Estimate> coefficient : coefficients()) {
        Estimate before = coefficient.apply(Ratings.of(plain));
        Estimate after = coefficient.apply(Ratings.of(renamed));
        if (before instanceof Undefined) {
          assertThat(after).isEqualTo(before);
        } else {
          assertThat(after.valueOrNull()).isCloseTo(before.valueOrNull(), within(1e-12));
        }
      }
    }
  }

  /// The definition, pair by pair and person by person, with delta from its definition too.
  private static double naiveAlpha(List<Rating> ratings, Level level) {
    List<Rating> pairable =
        ratings.stream()
            .filter(r -> ratings.stream().filter(o -> o.unit() == r.unit()).count() > 1)
            .toList();
    int n = pairable.size();
    double observed = 0;
    double expected = 0;
    for (Rating a : pairable) {
      for (Rating b : pairable) {
        if (a != b) {
          double distance = distance(a.value(), b.value(), pairable, level);
          expected += distance / (n * (n - 1.0));
          if (a.unit() == b.unit()) {
            long m = pairable.stream().filter(o -> o.unit() == a.unit()).count();
            observed += distance / (m - 1) / n;
          }
        }
      }
    }
    return 1 - observed / expected;
  }

  private static double distance(double c, double k, List<Rating> values, Level level) {
    double low = Math.min(c, k);
    double high = Math.max(c, k);
    double root =
        switch (level) {
          case NOMINAL -> c == k ? 0 : 1;
          case ORDINAL ->
              c == k
                  ? 0
                  : values.stream().filter(r -> r.value() >= low && r.value() <= high).count()
                      - values.stream().filter(r -> r.value() == c || r.value() == k).count() / 2.0;
          case INTERVAL -> c - k;
          case RATIO -> c + k == 0 ? 0 : (c - k) / (c + k);
        };
    return root * root;
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void alpha_is_what_its_definition_says_pair_by_pair(Level level) {
    for (int seed = 0; seed < 25; seed++) {
      List<Rating> ratings = drawn(100 + seed, 12, 5, 2 + seed % 5, 0.5, 0.35);
      assertThat(new KrippendorffAlpha(level).of(Ratings.of(ratings)).valueOrNull())
          .isCloseTo(naiveAlpha(ratings, level), within(1e-10));
      assertThat(new KrippendorffAlpha(level).alone(Ratings.of(ratings)).valueOrNull())
          .isEqualTo(new KrippendorffAlpha(level).of(Ratings.of(ratings)).valueOrNull());
    }
  }

  @Test
  void perfect_agreement_is_one_and_has_no_interval() {
    Ratings perfect = Ratings.of(drawn(5, 20, 3, 4, 1, 0));
    for (Function<Ratings, Estimate> coefficient : coefficients()) {
      assertThat(coefficient.apply(perfect).valueOrNull()).isCloseTo(1, within(1e-12));
    }
    assertThat(new KrippendorffAlpha(Level.ORDINAL).of(perfect))
        .isEqualTo(
            new Estimate.Point(
                1,
                20,
                "the units are all alike, so they do not tell how far off the value may be"));
    assertThat(PercentAgreement.of(perfect).lowOrNull())
        .as("Wilson's interval has a width even there")
        .isLessThan(0.9);
  }

  @Test
  void opposite_raters_are_below_chance() {
    Ratings opposite = Matrices.units("12", "21", "12", "21", "12", "21");
    for (Level level : Level.values()) {
      assertThat(new KrippendorffAlpha(level).of(opposite).valueOrNull()).isLessThan(-0.5);
    }
    assertThat(new FleissKappa(Chance.AS_SEEN).of(opposite).valueOrNull()).isEqualTo(-1);
    assertThat(PercentAgreement.of(opposite).valueOrNull()).isZero();
    assertThat(new CohenKappa(Weights.PLAIN).of(ConfusionMatrix.of(opposite, 0, 1)).valueOrNull())
        .isEqualTo(-1);
  }

  /// "3" twenty-one times and "1" once, in eleven pairs: zero, and rightly so.
  @ParameterizedTest
  @EnumSource(Level.class)
  void one_dissent_among_equal_values_is_chance_and_the_raw_share_tells(Level level) {
    Ratings dissent =
        Matrices.units("33", "33", "33", "33", "33", "33", "33", "33", "33", "33", "31");
    Estimate alpha = new KrippendorffAlpha(level).of(dissent);
    assertThat(alpha.valueOrNull()).isCloseTo(0, within(1e-12));
    assertThat(alpha).isInstanceOf(Estimate.Point.class);
    assertThat(((Estimate.Point) alpha).why())
        .as("the dissenting unit is missing from (10/11)^11 = 35 %% of resamples")
        .matches(
            "in 3\\d\\d of 1000 resamples of the units everybody gave the same value, so an"
                + " interval would mislead");
    assertThat(PercentAgreement.of(dissent).valueOrNull()).isCloseTo(10 / 11.0, within(1e-12));
  }

  @Test
  void alpha_keeps_scale_and_shift_where_its_level_says_so() {
    List<Rating> plain = drawn(9, 25, 4, 5, 0.6, 0.2);
    List<Rating> moved =
        plain.stream().map(r -> new Rating(r.unit(), r.rater(), 3 * r.value() - 7)).toList();
    List<Rating> scaled =
        plain.stream().map(r -> new Rating(r.unit(), r.rater(), 3 * r.value())).toList();
    List<Rating> bent =
        plain.stream().map(r -> new Rating(r.unit(), r.rater(), Math.exp(r.value()))).toList();
    assertSameAlpha(Level.NOMINAL, plain, bent);
    assertSameAlpha(Level.ORDINAL, plain, bent);
    assertSameAlpha(Level.INTERVAL, plain, moved);
    assertSameAlpha(Level.RATIO, plain, scaled);
  }

  private static void assertSameAlpha(Level level, List<Rating> one, List<Rating> other) {
    assertThat(new KrippendorffAlpha(level).of(Ratings.of(other)).valueOrNull())
        .isCloseTo(new KrippendorffAlpha(level).of(Ratings.of(one)).valueOrNull(), within(1e-12));
  }

  /// Coders who guess half of the time: the truth is alpha over very many units.
  @Test
  void the_interval_covers_the_long_run_value_about_95_times_in_100() {
    double truth =
        new KrippendorffAlpha(Level.NOMINAL)
            .of(Ratings.of(drawn(1, 60_000, 3, 4, 0.7, 0)))
            .valueOrNull();
    int covered = 0;
    int samples = 400;
    for (int sample = 0; sample < samples; sample++) {
      Estimate.Known known =
          (Estimate.Known)
              new KrippendorffAlpha(Level.NOMINAL)
                  .of(Ratings.of(drawn(1000 + sample, 80, 3, 4, 0.7, 0)));
      covered += known.covers(truth) ? 1 : 0;
    }
    // Standard error 0.011 at 400 samples; percentile intervals fall a little short at 80 units.
    assertThat(covered / (double) samples).isBetween(0.90, 0.985);
  }

  @Test
  void the_same_judgements_have_the_same_interval_again() {
    Ratings ratings = Ratings.of(drawn(4, 40, 3, 4, 0.6, 0.1));
    Estimate once = new KrippendorffAlpha(Level.ORDINAL).of(ratings);
    assertThat(new KrippendorffAlpha(Level.ORDINAL).of(ratings)).isEqualTo(once);
    assertThat(once).isInstanceOf(Estimate.Known.class);
  }

  @Test
  void fleiss_refuses_unequal_numbers_and_names_the_way_out() {
    assertThat(new FleissKappa(Chance.AS_SEEN).of(Matrices.units("11", "122", "2222")))
        .isEqualTo(
            new Undefined(
                "things have from 2 to 4 judgements and Fleiss' kappa needs the same number for"
                    + " each: use Krippendorff's alpha"));
    assertThat(new FleissKappa(Chance.AS_SEEN).of(Matrices.units("1", "2")))
        .isEqualTo(new Undefined("no two people judged the same thing"));
    assertThat(new FleissKappa(Chance.AS_SEEN).of(Ratings.of(List.of())))
        .isEqualTo(new Undefined("there are no judgements"));
  }

  @Test
  void agreement_without_shared_units_says_so() {
    Ratings apart = Ratings.of(List.of(new Rating(1, 1, 3), new Rating(2, 2, 3)));
    assertThat(PercentAgreement.of(apart))
        .isEqualTo(new Undefined("no two people judged the same thing"));
    assertThat(new CohenKappa(Weights.PLAIN).of(ConfusionMatrix.of(apart, 1, 2)))
        .isEqualTo(new Undefined("the two judged nothing in common"));
    assertThat(new KrippendorffAlpha(Level.ORDINAL).of(Matrices.units("12")))
        .isEqualTo(new Estimate.Point(0, 1, "one unit alone has no interval"));
  }

  @Test
  void a_confusion_matrix_counts_shared_units_alone() {
    Ratings ratings =
        Ratings.of(
            List.of(
                new Rating(1, 5, 1),
                new Rating(1, 6, 2),
                new Rating(1, 7, 9),
                new Rating(2, 5, 1),
                new Rating(2, 6, 1),
                new Rating(3, 5, 4),
                new Rating(4, 6, 4)));
    ConfusionMatrix matrix = ConfusionMatrix.of(ratings, 5, 6);
    assertThat(matrix.categories()).containsExactly(1, 2);
    assertThat(matrix.counts()).isDeepEqualTo(new long[][] {{1, 1}, {0, 0}});
    assertThat(ConfusionMatrix.of(ratings, 6, 5).counts())
        .isDeepEqualTo(new long[][] {{1, 0}, {1, 0}});
    ConfusionMatrix onScale = ConfusionMatrix.of(ratings, 5, 6, new double[] {1, 2, 3, 4});
    assertThat(onScale.units()).isEqualTo(2);
    assertThat(onScale.categories()).hasSize(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.of(ratings, 5, 6, new double[] {1, 2}))
        .withMessage("the value 4.0 is none of [1.0, 2.0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.of(ratings, 5, 5))
        .withMessage("rater 5 cannot be compared with themselves");
  }

  @Test
  void faulty_ratings_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.of(List.of(new Rating(3, 8, 1), new Rating(3, 8, 1))))
        .withMessage("rater 8 has two values for unit 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rating(3, 8, Double.NaN))
        .withMessage("unit 3, rater 8: the value must be finite, was NaN");
    assertThat(Ratings.of(List.of(new Rating(1, 1, 0.0), new Rating(1, 2, -0.0))).categories())
        .containsExactly(0);
  }
}
