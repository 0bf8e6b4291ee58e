package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.agreement.DawidSkene;
import org.alignmentworkbench.model.agreement.DawidSkene.Consensus;
import org.alignmentworkbench.model.agreement.DawidSkene.Reliability;
import org.alignmentworkbench.model.agreement.MajorityVote;
import org.alignmentworkbench.model.agreement.Rating;
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

  /// What can be said of a comparison.
  ///
  /// @param value -1 for A, 1 for B; of choices also 0 for neither and 2 for both bad
  /// @param count people who said it
  /// @param probability that it is so, by the algorithm
  record Vote(double value, long count, double probability) {}

  /// A comparison.
  ///
  /// @param votes every value that anybody gave to any comparison, in order
  record Differing(long taskId, List<Vote> votes) {
    Differing {
      votes = List.copyOf(votes);
    }

    /// Votes for A.
    long forA() {
      return of(-1).count();
    }

    /// Votes for B.
    long forB() {
      return of(1).count();
    }

    /// That B is the better one, by the algorithm.
    double probabilityOfB() {
      return of(1).probability();
    }

    private Vote of(double value) {
      return votes.stream()
          .filter(vote -> vote.value() == value)
          .findFirst()
          .orElse(new Vote(value, 0, 0));
    }

    /// The value that most people gave; the lowest of several.
    Vote majority() {
      return most(Vote::count);
    }

    /// What the algorithm holds true; the lowest of equally likely ones.
    Vote consensus() {
      return most(Vote::probability);
    }

    private Vote most(ToDoubleFunction<Vote> of) {
      Vote most = votes.getFirst();
      for (Vote vote : votes) {
        most = of.applyAsDouble(vote) > of.applyAsDouble(most) ? vote : most;
      }
      return most;
    }

    boolean tied() {
      return votes.stream().filter(vote -> vote.count() == majority().count()).count() > 1;
    }

    /// How sure the algorithm is of its choice.
    double certainty() {
      return consensus().probability();
    }
  }

  static Votes of(Collection<Reading> readings) {
    Map<Long, Long> judged = new HashMap<>();
    readings.forEach(reading -> judged.merge(reading.personId(), 1L, Long::sum));
    return of(Dimension.CHOICE.ratings(readings), Dimension::task, judged);
  }

  /// The same of any choices.
  ///
  /// @param task the task that a unit belongs to
  /// @param judged how many judgements each person made
  static Votes of(Ratings choices, LongUnaryOperator task, Map<Long, Long> judged) {
    DawidSkene algorithm = DawidSkene.standard();
    Estimate.Undefined obstacle = algorithm.obstacle(choices);
    if (obstacle != null) {
      return new Votes(obstacle, tied(choices), List.of(), Map.of());
    }
    Consensus consensus = algorithm.fit(choices);
    double[] values = consensus.categories();
    double[][] posteriors = consensus.posteriors();
    List<Differing> differing = new ArrayList<>();
    long tied = 0;
    long same = 0;
    for (int u = 0; u < choices.units(); u++) {
      var comparison =
          new Differing(
              task.applyAsLong(choices.unit(u)), votes(choices.ofUnit(u), values, posteriors[u]));
      boolean agree = comparison.majority().value() == comparison.consensus().value();
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
        accuracies(consensus, judged));
  }

  private static List<Vote> votes(List<Rating> given, double[] values, double[] posterior) {
    long[] counts = new long[values.length];
    given.forEach(rating -> counts[Arrays.binarySearch(values, rating.value())]++);
    List<Vote> votes = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      votes.add(new Vote(values[i], counts[i], posterior[i]));
    }
    return votes;
  }

  private static Map<Long, Estimate> accuracies(Consensus consensus, Map<Long, Long> judged) {
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
}
