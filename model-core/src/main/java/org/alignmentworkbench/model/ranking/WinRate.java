package org.alignmentworkbench.model.ranking;

import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;

/// How often a player wins, a tie counting half a win.
///
/// ```
/// r = (wins + ties/2) / n,  n = wins + ties + losses
/// s² = (wins (1 - r)² + ties (1/2 - r)² + losses r²) / (n - 1),  standard error = s / sqrt(n)
/// ```
///
/// The interval is Wilson's around r with n: ties vary less than wins and losses, so it is too wide
/// rather than too narrow. Comparisons must be independent.
///
/// @param wins comparisons won
/// @param ties comparisons without a winner
/// @param losses comparisons lost
public record WinRate(long wins, long ties, long losses) {
  public WinRate {
    if (wins < 0 || ties < 0 || losses < 0) {
      throw new IllegalArgumentException(
          "counts must be >= 0, were " + wins + ", " + ties + ", " + losses);
    }
  }

  /// The number of comparisons.
  public long n() {
    return wins + ties + losses;
  }

  /// The rate with ties as half wins.
  public Estimate halfTies() {
    return n() == 0
        ? new Estimate.Undefined("no comparisons")
        : Proportion.wilson((wins + ties / 2.0) / n(), n(), Estimate.CONFIDENCE);
  }

  /// The rate without the ties.
  public Estimate decided() {
    return wins + losses == 0
        ? new Estimate.Undefined("no comparison was decided")
        : new Proportion(wins, wins + losses).estimate();
  }

  /// The standard error of [#halfTies], undefined below two comparisons.
  public Estimate standardError() {
    long n = n();
    if (n < 2) {
      return new Estimate.Undefined("fewer than two comparisons have no spread");
    }
    double r = (wins + ties / 2.0) / n;
    double squares = wins * (1 - r) * (1 - r) + ties * (0.5 - r) * (0.5 - r) + losses * r * r;
    return new Estimate.Point(
        Math.sqrt(squares / (n - 1) / n), n, "a standard error has no interval of its own here");
  }
}
