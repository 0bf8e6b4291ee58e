package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;

class RatingsTest {

  /// Values in the order that a comparator of objects gives.
  private static List<Rating> naive(List<Rating> ratings) {
    return ratings.stream()
        .sorted(Comparator.comparingLong(Rating::unit).thenComparingLong(Rating::rater))
        .toList();
  }

  private static Ratings ofArrays(List<Rating> ratings) {
    return Ratings.of(
        ratings.stream().mapToLong(Rating::unit).toArray(),
        ratings.stream().mapToLong(Rating::rater).toArray(),
        ratings.stream().mapToDouble(Rating::value).toArray());
  }

  private static List<Rating> some(int units, int raters, int categories) {
    CounterStream stream = CounterStream.of(7, "ratings", units, raters);
    List<Rating> ratings = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      for (int rater = 0; rater < raters; rater++) {
        int i = unit * raters + rater;
        ratings.add(new Rating(unit, rater, stream.below(i, categories) - 2));
      }
    }
    return ratings;
  }

  private static void assertInOrder(List<Rating> given) {
    for (Ratings ratings : List.of(Ratings.of(given), ofArrays(given))) {
      assertThat(ratings.all()).isEqualTo(naive(given));
      assertThat(ratings.categories())
          .isEqualTo(given.stream().mapToDouble(Rating::value).sorted().distinct().toArray());
      assertThat(ratings.raters())
          .isEqualTo(given.stream().mapToLong(Rating::rater).sorted().distinct().toArray());
      assertThat(
              IntStream.range(0, ratings.units()).boxed().flatMap(u -> ratings.ofUnit(u).stream()))
          .containsExactlyElementsOf(naive(given));
    }
  }

  @Test
  void whatever_the_order_values_end_in_that_of_units_and_raters() {
    List<Rating> ratings = some(40, 6, 5);
    assertInOrder(ratings);
    List<Rating> within = new ArrayList<>();
    for (int unit = 0; unit < 40; unit++) {
      within.addAll(ratings.subList(6 * unit, 6 * unit + 6).reversed());
    }
    assertInOrder(within);
    assertInOrder(ratings.reversed());
    assertInOrder(List.of());
  }

  @Test
  void a_unit_with_many_raters_is_put_in_order_too() {
    assertInOrder(some(3, 300, 5).reversed());
    List<Rating> onlyWithin = new ArrayList<>();
    for (int unit = 0; unit < 3; unit++) {
      onlyWithin.addAll(some(3, 300, 5).subList(300 * unit, 300 * unit + 300).reversed());
    }
    assertInOrder(onlyWithin);
  }

  @Test
  void a_scale_without_steps_keeps_every_value() {
    assertInOrder(some(200, 3, 100_000));
  }

  @Test
  void arrays_that_do_not_fit_and_values_that_are_none_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.of(new long[2], new long[1], new double[2]))
        .withMessage("2 units and 1 raters do not fit 2 values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.of(new long[] {3}, new long[] {8}, new double[] {Double.NaN}))
        .withMessage("unit 3, rater 8: the value must be finite, was NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.of(new long[] {3, 3}, new long[] {8, 8}, new double[2]))
        .withMessage("rater 8 has two values for unit 3");
  }

  @Test
  void the_callers_arrays_stay_as_they_are() {
    long[] units = {2, 1};
    long[] raters = {9, 8};
    double[] values = {5, 4};
    Ratings ratings = Ratings.of(units, raters, values);
    values[0] = 77;
    assertThat(ratings.all()).containsExactly(new Rating(1, 8, 4), new Rating(2, 9, 5));
    assertThat(units).containsExactly(2, 1);
  }
}
