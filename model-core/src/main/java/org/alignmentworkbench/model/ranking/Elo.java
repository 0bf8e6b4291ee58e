package org.alignmentworkbench.model.ranking;

import java.util.Arrays;

/// Elo's running ratings: after each comparison the winner takes points from the loser, more if the
/// win was a surprise.
///
/// ```
/// e = 1 / (1 + 10^((R_b - R_a) / 400)),  R_a += K (s - e),  R_b -= K (s - e)
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | R | points | ratings before the comparison |
/// | s | 1 | 1 for a win of a, 1/2 for a tie, 0 for a loss |
/// | K | points | how fast ratings move |
///
/// They depend on the order of comparisons, and keep moving for ever; where strengths do not change
/// [BradleyTerry] uses the same data better. Source: Elo, "The rating of chessplayers, past and
/// present", 1978.
public final class Elo {
  private static final double POINTS_A_NAT = 400 / Math.log(10);
  private static final double CENTRE = 1000;

  private final double k;
  private final double[] ratings;

  /// All players begin alike.
  ///
  /// @param k how fast ratings move, points
  /// @param start everybody's first rating
  public Elo(int players, double k, double start) {
    if (!(k > 0 && Double.isFinite(k) && Double.isFinite(start))) {
      throw new IllegalArgumentException(
          "K must be finite and > 0 and the start finite, were " + k + " and " + start);
    }
    this.k = k;
    this.ratings = new double[players];
    Arrays.fill(ratings, start);
  }

  /// A log-strength in Elo points, 1000 for strength 0.
  public static double ofStrength(double strength) {
    return CENTRE + POINTS_A_NAT * strength;
  }

  /// Moves two ratings.
  ///
  /// @param score of the first: 1 for a win, 0.5 for a tie, 0 for a loss
  public void add(int player, int other, double score) {
    if (player == other) {
      throw new IllegalArgumentException("player " + player + " was compared with themselves");
    }
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("the score must be in [0, 1], was " + score);
    }
    double expected = 1 / (1 + Math.pow(10, (ratings[other] - ratings[player]) / 400));
    ratings[player] += k * (score - expected);
    ratings[other] -= k * (score - expected);
  }

  /// The rating now.
  public double rating(int player) {
    return ratings[player];
  }
}
