package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.agreement.CohenKappa;
import org.alignmentworkbench.model.agreement.CohenKappa.Weights;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.agreement.PercentAgreement;
import org.alignmentworkbench.model.agreement.Rating;
import org.alignmentworkbench.model.agreement.Ratings;
import org.alignmentworkbench.model.statistics.Estimate;

/// How far two people agree on what both judged.
///
/// Cohen's weights count steps on the whole scale, whether or not the two used all of it: from 1
/// for A to 1 for B is one step, as no judgement lies between them.
///
/// @param first the person of the rows
/// @param second the person of the columns
/// @param units that both judged
/// @param alpha Krippendorff's, of the dimension's own level
/// @param plain Cohen's kappa, a near miss being a miss
/// @param linear the same, a miss weighing by its distance
/// @param quadratic the same, by the square of its distance
/// @param matrix what they said
record PairAgreement(
    long first,
    long second,
    long units,
    Estimate percent,
    Estimate alpha,
    Estimate plain,
    Estimate linear,
    Estimate quadratic,
    ConfusionMatrix matrix) {

  private record Pair(long first, long second) {}

  /// The pairs that share units, those that share most first.
  static List<PairAgreement> of(Ratings ratings, Dimension dimension, int most) {
    return of(ratings, dimension.scale(), dimension.level(), most);
  }

  /// The same for any scale.
  static List<PairAgreement> of(Ratings ratings, double[] scale, Level level, int most) {
    Map<Pair, Integer> shared = new HashMap<>();
    for (int u = 0; u < ratings.units(); u++) {
      eachPair(
          ratings.ofUnit(u),
          (first, second) ->
              shared.merge(new Pair(first.rater(), second.rater()), 1, Integer::sum));
    }
    List<Pair> pairs =
        shared.keySet().stream()
            .sorted(
                Comparator.comparingInt((Pair pair) -> -shared.getOrDefault(pair, 0))
                    .thenComparingLong(Pair::first)
                    .thenComparingLong(Pair::second))
            .limit(most)
            .toList();
    Map<Pair, List<Rating>> own = new HashMap<>();
    pairs.forEach(pair -> own.put(pair, new ArrayList<>()));
    for (int u = 0; u < ratings.units(); u++) {
      eachPair(
          ratings.ofUnit(u),
          (first, second) -> {
            List<Rating> both = own.get(new Pair(first.rater(), second.rater()));
            if (both != null) {
              both.add(first);
              both.add(second);
            }
          });
    }
    return pairs.parallelStream()
        .map(pair -> of(pair, Ratings.of(own.getOrDefault(pair, List.of())), scale, level))
        .toList();
  }

  /// How many pairs of people share a unit at all.
  static int count(Ratings ratings) {
    Map<Pair, Boolean> shared = new HashMap<>();
    for (int u = 0; u < ratings.units(); u++) {
      eachPair(
          ratings.ofUnit(u),
          (first, second) -> shared.put(new Pair(first.rater(), second.rater()), true));
    }
    return shared.size();
  }

  /// How often one person said this and another one that, over all pairs of people, both ways
  /// round.
  static ConfusionMatrix pooled(Ratings ratings, Dimension dimension) {
    return pooled(ratings, dimension.scale());
  }

  /// The same for any scale.
  static ConfusionMatrix pooled(Ratings ratings, double[] scale) {
    long[][] counts = new long[scale.length][scale.length];
    for (int u = 0; u < ratings.units(); u++) {
      eachPair(
          ratings.ofUnit(u),
          (first, second) -> {
            int row = Arrays.binarySearch(scale, first.value());
            int column = Arrays.binarySearch(scale, second.value());
            counts[row][column]++;
            counts[column][row]++;
          });
    }
    return new ConfusionMatrix(scale, counts);
  }

  private static PairAgreement of(Pair pair, Ratings ratings, double[] scale, Level level) {
    ConfusionMatrix matrix = ConfusionMatrix.of(ratings, pair.first(), pair.second(), scale);
    return new PairAgreement(
        pair.first(),
        pair.second(),
        matrix.units(),
        PercentAgreement.of(ratings),
        new KrippendorffAlpha(level).of(ratings),
        new CohenKappa(Weights.PLAIN).of(matrix),
        new CohenKappa(Weights.LINEAR).of(matrix),
        new CohenKappa(Weights.QUADRATIC).of(matrix),
        matrix);
  }

  private interface Both {
    void take(Rating first, Rating second);
  }

  /// A unit's values come in order of raters, so the first of a pair is always the same person.
  private static void eachPair(List<Rating> values, Both both) {
    for (int i = 0; i < values.size(); i++) {
      for (int j = i + 1; j < values.size(); j++) {
        both.take(values.get(i), values.get(j));
      }
    }
  }
}
