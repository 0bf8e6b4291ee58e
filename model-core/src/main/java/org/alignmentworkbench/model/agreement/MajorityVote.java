package org.alignmentworkbench.model.agreement;

/// What most people said about each unit.
///
/// @param units ids of the units, in order
/// @param categories the distinct values, in order
/// @param shares by unit and category: the share of the unit's values
public record MajorityVote(long[] units, double[] categories, double[][] shares) {
  public MajorityVote {
    units = units.clone();
    categories = categories.clone();
    shares = Matrix.copy(shares);
  }

  /// Counts the votes.
  public static MajorityVote of(Ratings ratings) {
    double[] categories = ratings.categories();
    long[] units = new long[ratings.units()];
    double[][] shares = new double[ratings.units()][categories.length];
    for (int u = 0; u < units.length; u++) {
      units[u] = ratings.unit(u);
      for (Rating rating : ratings.ofUnit(u)) {
        shares[u][Ratings.category(categories, rating.value())] += 1.0 / ratings.ofUnit(u).size();
      }
    }
    return new MajorityVote(units, categories, shares);
  }

  @Override
  public long[] units() {
    return units.clone();
  }

  @Override
  public double[] categories() {
    return categories.clone();
  }

  @Override
  public double[][] shares() {
    return Matrix.copy(shares);
  }

  /// The value most voted for; the lowest of those that tie.
  public double winner(int unit) {
    return categories[Matrix.largest(shares[unit])];
  }

  /// Whether another value has as many votes as the winner.
  public boolean isTied(int unit) {
    int winner = Matrix.largest(shares[unit]);
    for (int c = 0; c < categories.length; c++) {
      if (c != winner && shares[unit][c] > shares[unit][winner] - 1e-9) {
        return true;
      }
    }
    return false;
  }
}
