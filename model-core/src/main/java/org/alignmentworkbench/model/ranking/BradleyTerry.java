package org.alignmentworkbench.model.ranking;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.statistics.Estimate;

/// Strengths of players from who beat whom, by maximum likelihood.
///
/// ```
/// P(i beats j) = σ(θ[i] - θ[j]) = 1 / (1 + exp(θ[j] - θ[i])),  Σ θ = 0
/// log L = Σ w[i,j] log σ(θ[i] - θ[j]) - ridge/2 Σ θ²
/// Newton: θ += H⁻¹ g,  g[i] = Σ_j (w[i,j] - n[i,j] σ(θ[i] - θ[j])) - ridge θ[i]
/// H[i,j] = -n[i,j] σ(1 - σ) off the diagonal, H[i,i] = Σ_j n[i,j] σ(1 - σ) + ridge
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | θ | nats | log-strength; 400 / ln 10 Elo points a nat |
/// | w | count | wins, a tie counting half a win for each |
/// | n | count | comparisons, w[i,j] + w[j,i] |
///
/// Without ridge a finite maximum exists exactly when everybody beat everybody, directly or over
/// others (Ford 1957); otherwise the outcome names the players in the way, and nothing is smoothed
/// over. With ridge there always is one, and it says so. At the maximum every player's expected
/// wins are those seen. Standard errors are the square roots of the diagonal of H's pseudo-inverse.
/// Sources: Bradley and Terry, "Rank analysis of incomplete block designs", 1952; Hunter, "MM
/// algorithms for generalized Bradley-Terry models", 2004.
///
/// @param ridge strength of the pull towards zero; 0 for none
public record BradleyTerry(double ridge) {
  private static final int MOST_STEPS = 100;

  /// A step of Newton's method leaves about its square to do, which after one this small is less
  /// than rounding.
  private static final double SMALL_STEP = 1e-9;

  public BradleyTerry {
    if (!(ridge >= 0 && Double.isFinite(ridge))) {
      throw new IllegalArgumentException("ridge must be finite and >= 0, was " + ridge);
    }
  }

  /// The plain maximum-likelihood fit.
  public static BradleyTerry plain() {
    return new BradleyTerry(0);
  }

  /// What came of a fit.
  public sealed interface Outcome {}

  /// Every player that was compared has a strength.
  ///
  /// @param strengths θ by player, 0 for those never compared
  /// @param standardErrors of θ by player, 0 for those never compared
  /// @param logLikelihood without the ridge's part
  /// @param games comparisons by player
  public record Fitted(
      double[] strengths, double[] standardErrors, double logLikelihood, long[] games)
      implements Outcome {
    public Fitted {
      strengths = strengths.clone();
      standardErrors = standardErrors.clone();
      games = games.clone();
    }

    @Override
    public double[] strengths() {
      return strengths.clone();
    }

    @Override
    public double[] standardErrors() {
      return standardErrors.clone();
    }

    @Override
    public long[] games() {
      return games.clone();
    }

    /// A player's log-strength with its large-sample interval; n is the number of comparisons.
    public Estimate strength(int player) {
      if (games[player] == 0) {
        return new Estimate.Undefined("never compared with another");
      }
      double half = Estimate.Z * standardErrors[player];
      return new Estimate.Known(
          strengths[player], strengths[player] - half, strengths[player] + half, games[player]);
    }

    /// A player's strength in Elo points: 1000 on average, 400 more for ten times the odds.
    public double elo(int player) {
      return Elo.ofStrength(strengths[player]);
    }

    /// The probability that one beats the other.
    public double beats(int player, int other) {
      return sigmoid(strengths[player] - strengths[other]);
    }
  }

  /// Some players never met, not even over others: each island has strengths of its own.
  ///
  /// @param islands players that can be ranked together
  public record Disconnected(List<List<Integer>> islands) implements Outcome {}

  /// Some players always won against some others: the likelihood grows for ever with their
  /// distance.
  ///
  /// @param groups within each of which strengths are finite
  public record Separated(List<List<Integer>> groups) implements Outcome {}

  /// Fits the strengths. Players without a comparison stay out of it.
  public Outcome fit(Comparisons comparisons) {
    List<Integer> rated = new ArrayList<>();
    long[] games = new long[comparisons.players()];
    for (int i = 0; i < games.length; i++) {
      games[i] = comparisons.games(i);
      if (games[i] > 0 || ridge > 0) {
        rated.add(i);
      }
    }
    Comparisons some = comparisons.among(rated);
    if (ridge == 0) {
      if (some.islands().size() > 1) {
        return new Disconnected(named(some.islands(), rated));
      }
      if (some.strongComponents().size() > 1) {
        return new Separated(named(some.strongComponents(), rated));
      }
    }
    double[][] wins = some.halfTies();
    double[] theta = maximise(wins, new double[wins.length]);
    double[][] inverse = SymmetricSystem.factor(Place.of(wins, theta, ridge).information).inverse();
    double[] strengths = new double[games.length];
    double[] errors = new double[games.length];
    for (int i = 0; i < theta.length; i++) {
      strengths[rated.get(i)] = theta[i];
      // The anchor of the sum adds 1/n everywhere, which the pseudo-inverse does not have.
      double anchored = ridge > 0 ? 0 : 1.0 / theta.length;
      errors[rated.get(i)] = Math.sqrt(Math.max(0, inverse[i][i] - anchored));
    }
    return new Fitted(strengths, errors, logLikelihood(wins, theta), games);
  }

  /// Newton's method from a start that sums to zero, halving steps that lose likelihood.
  double[] maximise(double[][] wins, double[] start) {
    double[] theta = start;
    Place here = Place.of(wins, theta, ridge);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] direction = here.newton();
      double largest = 0;
      for (double d : direction) {
        largest = Math.max(largest, Math.abs(d));
      }
      double length = 1;
      double[] next = moved(theta, direction, length);
      if (largest < SMALL_STEP) {
        return next;
      }
      Place there = Place.of(wins, next, ridge);
      while (there.value < here.value - 1e-9 * Math.abs(here.value) && length > 1e-6) {
        length /= 2;
        next = moved(theta, direction, length);
        there = Place.of(wins, next, ridge);
      }
      theta = next;
      here = there;
    }
    throw new ArithmeticException("no maximum after " + MOST_STEPS + " steps");
  }

  private double[] moved(double[] theta, double[] direction, double length) {
    double[] next = new double[theta.length];
    double mean = 0;
    for (int i = 0; i < theta.length; i++) {
      next[i] = theta[i] + length * direction[i];
      mean += next[i] / theta.length;
    }
    if (ridge == 0) {
      for (int i = 0; i < next.length; i++) {
        next[i] -= mean;
      }
    }
    return next;
  }

  /// The objective with its gradient and the negative of its curvature, all of them from one
  /// exponential a pair.
  private static final class Place {
    private final double[] gradient;

    /// H, or H + 1/n where the sum is free: then it is positive definite, and steps keep the sum.
    /// Its upper half alone is kept.
    private final double[][] information;

    private double value;

    private Place(int players) {
      gradient = new double[players];
      information = new double[players][players];
    }

    static Place of(double[][] wins, double[] theta, double ridge) {
      int n = theta.length;
      Place place = new Place(n);
      for (int i = 0; i < n; i++) {
        place.gradient[i] -= ridge * theta[i];
        place.information[i][i] += ridge;
        place.value -= ridge / 2 * theta[i] * theta[i];
      }
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          double games = wins[i][j] + wins[j][i];
          if (games > 0) {
            place.add(i, j, wins[i][j], games, theta[i] - theta[j]);
          }
        }
      }
      if (ridge == 0) {
        for (double[] row : place.information) {
          for (int j = 0; j < n; j++) {
            row[j] += 1.0 / n;
          }
        }
      }
      return place;
    }

    /// @param apart how much stronger the one is than the other, nats
    private void add(int i, int j, double wins, double games, double apart) {
      double odds = Math.exp(-Math.abs(apart)); // of the weaker one
      double stronger = 1 / (1 + odds);
      double surprise = games * odds * stronger;
      double weight = surprise * stronger;
      double beyond = apart >= 0 ? wins - games + surprise : wins - surprise;
      gradient[i] += beyond;
      gradient[j] -= beyond;
      information[i][i] += weight;
      information[j][j] += weight;
      information[i][j] -= weight;
      // log σ(-|d|) is log σ(|d|) - |d|, and as often as the weaker one won.
      value += games * Math.log(stronger) - (apart >= 0 ? (games - wins) * apart : -wins * apart);
    }

    double[] newton() {
      return SymmetricSystem.factor(information).solve(gradient);
    }
  }

  private static double logLikelihood(double[][] wins, double[] theta) {
    double sum = 0;
    for (int i = 0; i < theta.length; i++) {
      for (int j = 0; j < theta.length; j++) {
        if (wins[i][j] > 0) {
          sum -= wins[i][j] * softplus(theta[j] - theta[i]);
        }
      }
    }
    return sum;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static List<List<Integer>> named(List<List<Integer>> groups, List<Integer> players) {
    return groups.stream().map(group -> group.stream().map(players::get).toList()).toList();
  }
}
