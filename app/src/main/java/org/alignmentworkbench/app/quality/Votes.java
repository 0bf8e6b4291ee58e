package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.DawidSkene;
import org.alignmentworkbench.model.agreement.DawidSkene.Consensus;
import org.alignmentworkbench.model.agreement.DawidSkene.Reliability;
import org.alignmentworkbench.model.agreement.MajorityVote;
import org.alignmentworkbench.model.agreement.Ratings;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;

/// The majority's choice for each comparison beside what Dawid and Skene's algorithm holds true
/// once it has learned how reliable everybody is.
///
/// @param same share of comparisons with a majority for which both say the same
/// @param tied comparisons without a majority
/// @param differing comparisons that both see differently or that the votes leave open; those with
///   a majority first, then the surest first
/// @param accuracy by person: the probability of choosing what the algorithm holds true
record Votes(Estimate same, long tied, List<Differing> differing, Map<Long, Estimate> accuracy) {
  private static final String NO_INTERVAL = "the algorithm gives a person's accuracy no interval";

  Votes {
    differing = List.copyOf(differing);
    accuracy = Map.copyOf(accuracy);
  }

  /// A comparison.
  ///
  /// @param forA votes for A
  /// @param forB votes for B
  /// @param probabilityOfB that B is the better one, by the algorithm
  record Differing(long taskId, long forA, long forB, double probabilityOfB) {
    boolean tied() {
      return forA == forB;
    }

    /// How sure the algorithm is of its choice.
    double certainty() {
      return Math.max(probabilityOfB, 1 - probabilityOfB);
    }
  }

  static Votes of(Collection<Reading> readings) {
    Ratings choices = Dimension.CHOICE.ratings(readings);
    DawidSkene algorithm = DawidSkene.standard();
    Estimate.Undefined obstacle = algorithm.obstacle(choices);
    if (obstacle != null) {
      return new Votes(obstacle, tied(choices), List.of(), Map.of());
    }
    Consensus consensus = algorithm.fit(choices);
    double[][] posteriors = consensus.posteriors();
    int b = consensus.categories().length - 1;
    List<Differing> differing = new ArrayList<>();
    long tied = 0;
    long same = 0;
    for (int u = 0; u < choices.units(); u++) {
      long forB = forB(choices, u);
      long forA = choices.ofUnit(u).size() - forB;
      var comparison = new Differing(Dimension.task(choices.unit(u)), forA, forB, posteriors[u][b]);
      boolean agree = forB > forA == consensus.winner(u) > 0;
      if (comparison.tied()) {
        tied++;
      } else if (agree) {
        same++;
      }
      if (comparison.tied() || !agree) {
        differing.add(comparison);
      }
    }
    differing.sort(
        Comparator.comparing(Differing::tied)
            .thenComparing(Comparator.comparingDouble(Differing::certainty).reversed())
            .thenComparingLong(Differing::taskId));
    long decided = choices.units() - tied;
    return new Votes(
        decided == 0
            ? new Estimate.Undefined("no comparison has a majority")
            : new Proportion(same, decided).estimate(),
        tied,
        differing,
        accuracies(consensus, readings));
  }

  private static Map<Long, Estimate> accuracies(Consensus consensus, Collection<Reading> readings) {
    Map<Long, Long> judged = new HashMap<>();
    readings.forEach(reading -> judged.merge(reading.personId(), 1L, Long::sum));
    Map<Long, Estimate> accuracy = new HashMap<>();
    for (Reliability person : consensus.raters()) {
      accuracy.put(
          person.rater(),
          new Estimate.Point(
              person.accuracy(consensus.priors()),
              judged.getOrDefault(person.rater(), 1L),
              NO_INTERVAL));
    }
    return accuracy;
  }

  private static long tied(Ratings choices) {
    MajorityVote votes = MajorityVote.of(choices);
    long tied = 0;
    for (int u = 0; u < choices.units(); u++) {
      tied += votes.isTied(u) ? 1 : 0;
    }
    return tied;
  }

  private static long forB(Ratings choices, int unit) {
    return choices.ofUnit(unit).stream().filter(rating -> rating.value() > 0).count();
  }
}
