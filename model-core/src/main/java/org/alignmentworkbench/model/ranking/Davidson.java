package org.alignmentworkbench.model.ranking;

import java.util.Arrays;

/// Strengths of players where a tie is an outcome of its own, by maximum likelihood.
///
/// ```
/// P(i beats j) = π[i] / D,  P(tie) = ν sqrt(π[i] π[j]) / D,  D = π[i] + π[j] + ν sqrt(π[i] π[j])
/// θ = log π, Σ θ = 0
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | θ | nats | log-strength |
/// | ν | 1 | how readily equals tie: odds of a tie to a win of one of two equals |
///
/// The log-likelihood is concave in (θ, log ν); Newton's method finds its maximum, which exists
/// when [BradleyTerry]'s does and both ties and wins were seen. Source: Davidson, "On extending the
/// Bradley-Terry model to accommodate ties in paired comparison experiments", 1970.
///
/// @param strengths θ by player
/// @param tieOdds ν
/// @param logLikelihood at the maximum
public record Davidson(double[] strengths, double tieOdds, double logLikelihood) {
  private static final int MOST_STEPS = 200;

  public Davidson {
    strengths = strengths.clone();
  }

  @Override
  public double[] strengths() {
    return strengths.clone();
  }

  /// Fits strengths and ν.
  ///
  /// @throws IllegalArgumentException when no finite maximum exists
  public static Davidson fit(Comparisons comparisons) {
    long[][] wins = comparisons.wins();
    long[][] ties = comparisons.ties();
    boolean anyWin = Arrays.stream(wins).flatMapToLong(Arrays::stream).anyMatch(w -> w > 0);
    boolean anyTie = Arrays.stream(ties).flatMapToLong(Arrays::stream).anyMatch(t -> t > 0);
    if (!anyWin || !anyTie || comparisons.strongComponents().size() > 1) {
      throw new IllegalArgumentException(
          "Davidson's model needs wins, ties and players who all beat each other, directly or over"
              + " others");
    }
    int n = wins.length;
    double[] x = new double[n + 1];
    double value = logLikelihood(wins, ties, x);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] direction = newton(wins, ties, x);
      double length = 1;
      double[] next = moved(x, direction, length);
      double after = logLikelihood(wins, ties, next);
      while (after < value - 1e-9 * Math.abs(value) && length > 1e-6) {
        length /= 2;
        next = moved(x, direction, length);
        after = logLikelihood(wins, ties, next);
      }
      x = next;
      value = after;
      if (Arrays.stream(direction).map(Math::abs).max().orElse(0) < 1e-11) {
        return new Davidson(Arrays.copyOf(x, n), Math.exp(x[n]), value);
      }
    }
    throw new ArithmeticException("no maximum after " + MOST_STEPS + " steps");
  }

  private static double[] moved(double[] x, double[] direction, double length) {
    double[] next = new double[x.length];
    double mean = 0;
    for (int i = 0; i < x.length; i++) {
      next[i] = x[i] + length * direction[i];
      mean += i < x.length - 1 ? next[i] / (x.length - 1) : 0;
    }
    for (int i = 0; i < x.length - 1; i++) {
      next[i] -= mean;
    }
    return next;
  }

  /// Probabilities of win, loss and tie of one pair, from log-strengths.
  private static double[] probabilities(double own, double other, double logTieOdds) {
    double tie = logTieOdds + (own + other) / 2;
    double most = Math.max(Math.max(own, other), tie);
    double[] p = {Math.exp(own - most), Math.exp(other - most), Math.exp(tie - most)};
    double sum = p[0] + p[1] + p[2];
    return new double[] {p[0] / sum, p[1] / sum, p[2] / sum};
  }

  private static double logLikelihood(long[][] wins, long[][] ties, double[] x) {
    int n = wins.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        if (wins[i][j] + wins[j][i] + ties[i][j] > 0) {
          double[] p = probabilities(x[i], x[j], x[n]);
          sum +=
              wins[i][j] * Math.log(p[0])
                  + wins[j][i] * Math.log(p[1])
                  + ties[i][j] * Math.log(p[2]);
        }
      }
    }
    return sum;
  }

  /// A multinomial logit: outcomes have the features (1, 0, 0), (0, 1, 0) and (1/2, 1/2, 1) over
  /// own strength, the other's and log ν; the information is their covariance times the
  /// comparisons.
  private static double[] newton(long[][] wins, long[][] ties, double[] x) {
    int n = wins.length;
    double[] gradient = new double[n + 1];
    double[][] information = new double[n + 1][n + 1];
    double[][] features = {{1, 0, 0}, {0, 1, 0}, {0.5, 0.5, 1}};
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        long[] seen = {wins[i][j], wins[j][i], ties[i][j]};
        long games = seen[0] + seen[1] + seen[2];
        if (games == 0) {
          continue;
        }
        double[] p = probabilities(x[i], x[j], x[n]);
        int[] places = {i, j, n};
        double[] mean = new double[3];
        for (int o = 0; o < 3; o++) {
          for (int f = 0; f < 3; f++) {
            mean[f] += p[o] * features[o][f];
            gradient[places[f]] += seen[o] * features[o][f];
          }
        }
        for (int f = 0; f < 3; f++) {
          gradient[places[f]] -= games * mean[f];
          for (int g = 0; g < 3; g++) {
            double product = 0;
            for (int o = 0; o < 3; o++) {
              product += p[o] * features[o][f] * features[o][g];
            }
            information[places[f]][places[g]] += games * (product - mean[f] * mean[g]);
          }
        }
      }
    }
    // The sum of strengths is free; anchoring it makes the matrix definite and moves nothing else.
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        information[i][j] += 1.0 / n;
      }
    }
    return SymmetricSystem.factor(information).solve(gradient);
  }
}
