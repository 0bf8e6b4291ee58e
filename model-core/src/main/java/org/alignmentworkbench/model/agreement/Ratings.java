package org.alignmentworkbench.model.agreement;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Values that raters gave to units, with gaps: not everybody judges everything.
///
/// Kept in order of units and raters, so a result does not depend on the order in which values
/// came. They lie in arrays of numbers: 300,000 of them are 7 MB, and no coefficient makes an
/// object of each.
public final class Ratings {
  /// Categories and raters up to this number are found without sorting all values.
  private static final int FEW = 256;

  /// Values of a unit that are put in order one by one.
  private static final int MOST_INSERTED = 64;

  private final long[] units;
  private final long[] raters;
  private final double[] values;

  /// Where each unit's values begin, with the end after the last.
  private final int[] starts;

  private final double[] categories;

  /// Takes arrays that are in order; they become its own.
  private Ratings(long[] units, long[] raters, double[] values) {
    this.units = units;
    this.raters = raters;
    this.values = values;
    int[] begins = new int[values.length + 1];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || units[i] != units[i - 1]) {
        begins[count++] = i;
      } else if (raters[i] == raters[i - 1]) {
        throw new IllegalArgumentException(
            "rater " + raters[i] + " has two values for unit " + units[i]);
      }
    }
    begins[count] = values.length;
    this.starts = Arrays.copyOf(begins, count + 1);
    this.categories = distinct(values);
  }

  /// All values, in whatever order.
  ///
  /// @throws IllegalArgumentException when a rater has two values for a unit
  public static Ratings of(Collection<Rating> ratings) {
    long[] units = new long[ratings.size()];
    long[] raters = new long[units.length];
    double[] values = new double[units.length];
    int i = 0;
    for (Rating rating : ratings) {
      units[i] = rating.unit();
      raters[i] = rating.rater();
      values[i++] = rating.value();
    }
    return sorted(units, raters, values);
  }

  /// The same without an object for each value.
  ///
  /// @param units what was judged, by value
  /// @param raters who judged, by value
  /// @param values finite
  public static Ratings of(long[] units, long[] raters, double[] values) {
    if (units.length != values.length || raters.length != values.length) {
      throw new IllegalArgumentException(
          "%d units and %d raters do not fit %d values"
              .formatted(units.length, raters.length, values.length));
    }
    double[] own = new double[values.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = Rating.finite(units[i], raters[i], values[i]);
    }
    return sorted(units.clone(), raters.clone(), own);
  }

  private static Ratings sorted(long[] units, long[] raters, double[] values) {
    if (inOrder(units) && sortedWithin(units, raters, values)) {
      return new Ratings(units, raters, values);
    }
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(
                Comparator.comparingLong((Integer i) -> units[i]).thenComparingLong(i -> raters[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return taken(units, raters, values, order);
  }

  private static boolean inOrder(long[] units) {
    for (int i = 1; i < units.length; i++) {
      if (units[i] < units[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /// Puts each unit's values into order of raters by insertion, which is the fastest for a few.
  ///
  /// @param units in order
  /// @return false where a unit has too many for that
  private static boolean sortedWithin(long[] units, long[] raters, double[] values) {
    int begin = 0;
    for (int i = 1; i < units.length; i++) {
      if (units[i] != units[i - 1]) {
        begin = i;
      }
      int place = i;
      while (place > begin && raters[place] < raters[place - 1]) {
        if (i - begin > MOST_INSERTED) {
          return false;
        }
        swap(raters, values, place);
        place--;
      }
    }
    return true;
  }

  private static void swap(long[] raters, double[] values, int place) {
    long rater = raters[place];
    raters[place] = raters[place - 1];
    raters[place - 1] = rater;
    double value = values[place];
    values[place] = values[place - 1];
    values[place - 1] = value;
  }

  private static Ratings taken(long[] units, long[] raters, double[] values, int[] places) {
    long[] someUnits = new long[places.length];
    long[] someRaters = new long[places.length];
    double[] someValues = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      someUnits[i] = units[places[i]];
      someRaters[i] = raters[places[i]];
      someValues[i] = values[places[i]];
    }
    return new Ratings(someUnits, someRaters, someValues);
  }

  /// The distinct values, in order. There are a handful as a rule, so each is looked up among those
  /// found; a scale without steps is sorted.
  private static double[] distinct(double[] values) {
    double[] found = new double[FEW];
    int size = 0;
    for (double value : values) {
      int place = Arrays.binarySearch(found, 0, size, value);
      if (place < 0) {
        if (size == FEW) {
          return Arrays.stream(values).sorted().distinct().toArray();
        }
        System.arraycopy(found, -place - 1, found, -place, size + place + 1);
        found[-place - 1] = value;
        size++;
      }
    }
    return Arrays.copyOf(found, size);
  }

  /// The values that pass a test.
  public Ratings only(Predicate<Rating> test) {
    return taken(
        units,
        raters,
        values,
        IntStream.range(0, values.length).filter(i -> test.test(at(i))).toArray());
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
    return Arrays.stream(raters).sorted().distinct().toArray();
  }

  /// A unit's id, by position.
  public long unit(int position) {
    return units[starts[position]];
  }

  /// A unit's values in order of raters, by position.
  public List<Rating> ofUnit(int position) {
    return new Slice(starts[position], starts[position + 1]);
  }

  private Rating at(int place) {
    return new Rating(units[place], raters[place], values[place]);
  }

  /// Some neighbours, each made when it is looked at.
  private final class Slice extends AbstractList<Rating> implements RandomAccess {
    private final int from;
    private final int to;

    Slice(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public Rating get(int index) {
      return at(from + Objects.checkIndex(index, to - from));
    }

    @Override
    public int size() {
      return to - from;
    }
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

  /// The number of values of a unit, by position.
  int valuesOf(int unit) {
    return starts[unit + 1] - starts[unit];
  }

  /// Adds a unit's values to counts by category.
  void count(int unit, int[] counts) {
    for (int i = starts[unit]; i < starts[unit + 1]; i++) {
      counts[category(categories, values[i])]++;
    }
  }

  List<Rating> all() {
    return new Slice(0, values.length);
  }
}
