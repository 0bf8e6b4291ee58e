package org.alignmentworkbench.model.agreement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What two raters said about the units that both judged.
///
/// @param categories the values, in order
/// @param counts units by the first rater's category and the second's
public record ConfusionMatrix(double[] categories, long[][] counts) {
  public ConfusionMatrix {
    if (counts.length != categories.length) {
      throw new IllegalArgumentException(
          counts.length + " rows do not fit " + categories.length + " categories");
    }
    categories = categories.clone();
    counts = Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    for (long[] row : counts) {
      if (row.length != counts.length || Arrays.stream(row).anyMatch(count -> count < 0)) {
        throw new IllegalArgumentException(
            "counts must be >= 0 and as many as categories, one row was " + Arrays.toString(row));
      }
    }
  }

  @Override
  public double[] categories() {
    return categories.clone();
  }

  @Override
  public long[][] counts() {
    return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
  }

  /// Over the categories that either used on the units both judged.
  public static ConfusionMatrix of(Ratings ratings, long first, long second) {
    Ratings both = ratings.only(rating -> rating.rater() == first || rating.rater() == second);
    Map<Long, Double> ofFirst = new HashMap<>();
    Map<Long, Double> ofSecond = new HashMap<>();
    for (Rating rating : both.all()) {
      (rating.rater() == first ? ofFirst : ofSecond).put(rating.unit(), rating.value());
    }
    ofFirst.keySet().retainAll(ofSecond.keySet());
    Ratings shared = both.only(rating -> ofFirst.containsKey(rating.unit()));
    return of(shared, first, second, shared.categories());
  }

  /// Over the categories of a scale, used or not.
  ///
  /// @param categories in order
  /// @throws IllegalArgumentException when one of the two gave another value
  public static ConfusionMatrix of(Ratings ratings, long first, long second, double[] categories) {
    if (first == second) {
      throw new IllegalArgumentException("rater " + first + " cannot be compared with themselves");
    }
    long[][] counts = new long[categories.length][categories.length];
    for (int u = 0; u < ratings.units(); u++) {
      int row = -1;
      int column = -1;
      for (Rating rating : ratings.ofUnit(u)) {
        if (rating.rater() == first) {
          row = Ratings.category(categories, rating.value());
        } else if (rating.rater() == second) {
          column = Ratings.category(categories, rating.value());
        }
      }
      if (row >= 0 && column >= 0) {
        counts[row][column]++;
      }
    }
    return new ConfusionMatrix(categories, counts);
  }

  /// The units that both judged.
  public long units() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }
}
