package org.alignmentworkbench.model.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Multinomial;
import org.alignmentworkbench.model.statistics.Percentiles;
import org.jspecify.annotations.Nullable;

/// Intervals of Bradley-Terry strengths from drawing the comparisons anew, with replacement, and
/// fitting each resample.
///
/// Comparisons with the same players and outcome are alike, so a resample is a multinomial draw
/// over unique outcomes and costs nothing by the comparison. Resamples in which strengths do not
/// exist are counted and left out. The strengths reported are those of the full data; the ends are
/// the 2.5 % and 97.5 % points of the resamples. Comparisons must be independent: where one person
/// judged many, or one prompt was used often, resample those instead.
///
/// @param resamples how many
/// @param seed of the draws
public record BradleyTerryBootstrap(int resamples, long seed) {
  /// Above this share of undefined resamples the percentiles of the others say nothing.
  private static final double MOST_UNDEFINED = 0.05;

  public BradleyTerryBootstrap {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be >= 1, was " + resamples);
    }
  }

  /// Strengths with intervals.
  ///
  /// @param strengths log-strength by player
  /// @param undefined resamples in which strengths do not exist
  public record Intervals(List<Estimate> strengths, int undefined) {
    public Intervals {
      strengths = List.copyOf(strengths);
    }
  }

  /// One kind of outcome.
  private record Kind(int player, int other, boolean tie) {}

  /// Draws and fits.
  ///
  /// @param fitted the fit of the same comparisons
  public Intervals around(BradleyTerry.Fitted fitted, Comparisons comparisons) {
    List<Kind> kinds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long[][] wins = comparisons.wins();
    long[][] ties = comparisons.ties();
    for (int i = 0; i < wins.length; i++) {
      for (int j = 0; j < wins.length; j++) {
        if (wins[i][j] > 0) {
          kinds.add(new Kind(i, j, false));
          counts.add(wins[i][j]);
        }
        if (i < j && ties[i][j] > 0) {
          kinds.add(new Kind(i, j, true));
          counts.add(ties[i][j]);
        }
      }
    }
    long[] weights = counts.stream().mapToLong(Long::longValue).toArray();
    long n = Arrays.stream(weights).sum();
    double[] start = fitted.strengths();
    Multinomial outcomes = new Multinomial(weights);
    List<double[]> fits =
        IntStream.range(0, resamples)
            .parallel()
            .mapToObj(r -> refit(kinds, outcomes, n, start, r))
            .filter(Objects::nonNull)
            .toList();
    List<Estimate> strengths = new ArrayList<>();
    for (int player = 0; player < start.length; player++) {
      strengths.add(interval(fitted, player, fits));
    }
    return new Intervals(strengths, resamples - fits.size());
  }

  private double @Nullable [] refit(
      List<Kind> kinds, Multinomial outcomes, long n, double[] start, int resample) {
    long[] drawn = outcomes.draw(n, CounterStream.of(seed, "comparisons", resample, n));
    long[][] wins = new long[start.length][start.length];
    long[][] ties = new long[start.length][start.length];
    for (int k = 0; k < drawn.length; k++) {
      Kind kind = kinds.get(k);
      if (kind.tie()) {
        ties[kind.player()][kind.other()] = drawn[k];
        ties[kind.other()][kind.player()] = drawn[k];
      } else {
        wins[kind.player()][kind.other()] = drawn[k];
      }
    }
    Comparisons again = new Comparisons(wins, ties);
    if (again.strongComponents().size() > 1) {
      return null;
    }
    return BradleyTerry.plain().maximise(again.halfTies(), start);
  }

  private Estimate interval(BradleyTerry.Fitted fitted, int player, List<double[]> fits) {
    double value = fitted.strengths()[player];
    long games = fitted.games()[player];
    if (resamples - fits.size() > MOST_UNDEFINED * resamples) {
      return new Estimate.Point(
          value,
          games,
          "in "
              + (resamples - fits.size())
              + " of "
              + resamples
              + " resamples somebody never lost, so an interval would mislead");
    }
    Percentiles percentiles =
        Percentiles.of(fits.stream().mapToDouble(fit -> fit[player]).toArray());
    double tail = (1 - Estimate.CONFIDENCE) / 2;
    return new Estimate.Known(value, percentiles.at(tail), percentiles.at(1 - tail), games);
  }
}
