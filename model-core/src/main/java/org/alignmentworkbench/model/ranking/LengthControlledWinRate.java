package org.alignmentworkbench.model.ranking;

import java.util.Arrays;
import org.alignmentworkbench.model.statistics.Estimate;

/// How often a model would win if its answers were as long as its opponent's, by plain maximum
/// likelihood.
///
/// ```
/// logit P(win on x) = b0 + b1 tanh(Δ[x] / sd) + b2 d[x]
/// rate = mean over x of σ(b0 + b2 d[x])
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | Δ | characters | length of the model's answer less the opponent's |
/// | sd | characters | standard deviation of Δ, with divisor n - 1 |
/// | d | logits | how hard prompt x is for the model, if known |
/// | win | probability | 1, 0, or a judge's soft verdict |
///
/// Where all lengths are equal the length term is dropped and the rate is the raw one. It is
/// undefined where wins and losses are separated by length or difficulty: no finite maximum exists.
/// AlpacaEval's figure of the name differs: it adds an L1 penalty by cross-validation and rows of a
/// gamed baseline. Source of the model: Dubois, Galambosi, Liang and Hashimoto, "Length-controlled
/// AlpacaEval", 2024.
///
/// @param rate with the length term at zero
/// @param coefficients b0, b1, and b2 if there are difficulties; b1 is 0 where it was dropped
/// @param lengthDeviation sd
public record LengthControlledWinRate(double rate, double[] coefficients, double lengthDeviation) {
  private static final int MOST_STEPS = 100;

  /// Logits beyond which a fit is on its way to infinity.
  private static final double SEPARATED = 30;

  public LengthControlledWinRate {
    coefficients = coefficients.clone();
  }

  @Override
  public double[] coefficients() {
    return coefficients.clone();
  }

  /// What came of it.
  public sealed interface Outcome {}

  /// A rate.
  public record Controlled(LengthControlledWinRate result) implements Outcome {}

  /// No rate.
  public record Uncontrolled(Estimate.Undefined why) implements Outcome {}

  /// Fits the model.
  ///
  /// @param won by prompt, in [0, 1]
  /// @param lengths of the model's answers, characters
  /// @param opponentLengths of the opponent's answers
  /// @param difficulties by prompt; empty where they are not known
  public static Outcome of(
      double[] won, double[] lengths, double[] opponentLengths, double[] difficulties) {
    int n = won.length;
    if (lengths.length != n
        || opponentLengths.length != n
        || (difficulties.length != n && difficulties.length != 0)) {
      throw new IllegalArgumentException("every figure must be of the same " + n + " prompts");
    }
    if (n < 2) {
      return undefined("fewer than two prompts");
    }
    double[] apart = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      if (!(won[i] >= 0 && won[i] <= 1)) {
        throw new IllegalArgumentException(
            "prompt " + i + ": a win must be in [0, 1], was " + won[i]);
      }
      apart[i] = lengths[i] - opponentLengths[i];
      mean += apart[i] / n;
    }
    double squares = 0;
    for (double a : apart) {
      squares += (a - mean) * (a - mean);
    }
    double deviation = Math.sqrt(squares / (n - 1));
    boolean anyApart = Arrays.stream(apart).anyMatch(a -> a != 0);
    if (anyApart && deviation == 0) {
      return undefined("every answer differs from its opponent's by the same length");
    }
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      double length = anyApart ? Math.tanh(apart[i] / deviation) : 0;
      rows[i] =
          difficulties.length == 0
              ? new double[] {1, length}
              : new double[] {1, length, difficulties[i]};
    }
    double[] b = new double[rows[0].length];
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] direction = newton(rows, won, b, anyApart);
      double largest = 0;
      for (int j = 0; j < b.length; j++) {
        b[j] += direction[j];
        largest = Math.max(largest, Math.abs(direction[j]));
      }
      if (Arrays.stream(b).anyMatch(x -> !(Math.abs(x) < SEPARATED))) {
        return undefined("wins and losses are separated, so no finite fit exists");
      }
      if (largest < 1e-12) {
        return new Controlled(new LengthControlledWinRate(rate(rows, b), b, deviation));
      }
    }
    return undefined("wins and losses are separated, so no finite fit exists");
  }

  private static double rate(double[][] rows, double[] b) {
    double sum = 0;
    for (double[] row : rows) {
      double logit = b[0] + (b.length > 2 ? b[2] * row[2] : 0);
      sum += BradleyTerry.sigmoid(logit);
    }
    return sum / rows.length;
  }

  private static double[] newton(double[][] rows, double[] won, double[] b, boolean anyApart) {
    int k = b.length;
    double[] gradient = new double[k];
    double[][] information = new double[k][k];
    if (!anyApart) {
      information[1][1] = 1; // its gradient is 0, so b1 stays where it is
    }
    for (int i = 0; i < rows.length; i++) {
      double logit = 0;
      for (int j = 0; j < k; j++) {
        logit += b[j] * rows[i][j];
      }
      double p = BradleyTerry.sigmoid(logit);
      double weight = Math.max(p * (1 - p), 1e-12);
      for (int j = 0; j < k; j++) {
        gradient[j] += (won[i] - p) * rows[i][j];
        for (int l = 0; l < k; l++) {
          information[j][l] += weight * rows[i][j] * rows[i][l];
        }
      }
    }
    return SymmetricSystem.factor(information).solve(gradient);
  }

  private static Outcome undefined(String why) {
    return new Uncontrolled(new Estimate.Undefined(why));
  }
}
