package org.alignmentworkbench.model.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// Values that raters gave to units, with gaps: not everybody judges everything.
///
/// Kept in order of units and raters, so a result does not depend on the order in which values
/// came.
public final class Ratings {
  private static final Comparator<Rating> ORDER =
      Comparator.comparingLong(Rating::unit).thenComparingLong(Rating::rater);

  private final Rating[] values;

  /// Where each unit's values begin in [#values], with the end after the last.
  private final int[] starts;

  private final double[] categories;
  private final long[] raters;

  private Ratings(Rating[] values) {
    this.values = values;
    int[] begins = new int[values.length + 1];
    int units = 0;
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || values[i].unit() != values[i - 1].unit()) {
        begins[units++] = i;
      } else if (values[i].rater() == values[i - 1].rater()) {
        throw new IllegalArgumentException(
            "rater " + values[i].rater() + " has two values for unit " + values[i].unit());
      }
    }
    begins[units] = values.length;
    this.starts = Arrays.copyOf(begins, units + 1);
    this.categories =
        Arrays.stream(values).mapToDouble(Rating::value).sorted().distinct().toArray();
    this.raters = Arrays.stream(values).mapToLong(Rating::rater).sorted().distinct().toArray();
  }

  /// All values, in whatever order.
  ///
  /// @throws IllegalArgumentException when a rater has two values for a unit
  public static Ratings of(Collection<Rating> ratings) {
    Rating[] values = ratings.toArray(Rating[]::new);
    Arrays.sort(values, ORDER);
    return new Ratings(values);
  }

  /// The values that pass a test.
  public Ratings only(Predicate<Rating> test) {
    return new Ratings(Arrays.stream(values).filter(test).toArray(Rating[]::new));
  }

  /// The units that have a value.
  public int units() {
    return starts.length - 1;
  }

  /// The number of values.
  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  /// The distinct values, in order.
  public double[] categories() {
    return categories.clone();
  }

  /// Who gave a value, in order.
  public long[] raters() {
    return raters.clone();
  }

  /// A unit's id, by position.
  public long unit(int position) {
    return values[starts[position]].unit();
  }

  /// A unit's values in order of raters, by position.
  public List<Rating> ofUnit(int position) {
    return Arrays.asList(values).subList(starts[position], starts[position + 1]);
  }

  /// The position of a value among some categories in order.
  static int category(double[] categories, double value) {
    int position = Arrays.binarySearch(categories, value);
    if (position < 0) {
      throw new IllegalArgumentException(
          "the value " + value + " is none of " + Arrays.toString(categories));
    }
    return position;
  }

  /// Units that have at least a number of values, as counts of values by category, equal ones
  /// together: everything that coefficients without regard to persons need.
  UnitPatterns patterns(int least) {
    return UnitPatterns.of(this, least);
  }

  List<Rating> all() {
    return new ArrayList<>(Arrays.asList(values));
  }
}
