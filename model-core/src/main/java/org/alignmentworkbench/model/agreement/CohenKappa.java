package org.alignmentworkbench.model.agreement;

import org.alignmentworkbench.model.statistics.Estimate;

/// Cohen's kappa: agreement of two raters beyond chance on the units that both judged.
///
/// ```
/// p[i,j] = counts[i,j] / n,  p[i,·] and p[·,j] its row and column sums
/// p_o = Σ w[i,j] p[i,j],  p_e = Σ w[i,j] p[i,·] p[·,j],  κ = (p_o - p_e) / (1 - p_e)
///
/// plain: w = 1 for i = j, else 0;  linear: 1 - |i - j| / (k - 1);  quadratic: 1 - (i - j)² / (k - 1)²
///
/// var κ = (Σ p[i,j] (w[i,j] (1 - p_e) - (w̄[i,·] + w̄[·,j]) (1 - p_o))² - (p_o p_e - 2 p_e + p_o)²)
///         / (n (1 - p_e)⁴)
/// w̄[i,·] = Σ_j p[·,j] w[i,j],  w̄[·,j] = Σ_i p[i,·] w[i,j]
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | i, j | index | position of a category in the matrix, not its number |
/// | k | count | categories |
/// | n | count | units |
///
/// The interval is κ ± 1.96 sqrt(var κ), cut off at -1 and 1; it is for large n. Undefined when
/// both gave one category alone. High agreement with a low κ is no mistake where one category
/// prevails. Sources: Cohen, "A coefficient of agreement for nominal scales", 1960; weights Cohen
/// 1968; variance Fleiss, Cohen and Everitt, "Large sample standard errors of kappa and weighted
/// kappa", 1969.
///
/// @param weights how a near miss counts
public record CohenKappa(Weights weights) {

  /// How a near miss counts.
  public enum Weights {
    /// As a miss.
    PLAIN,
    /// By its distance.
    LINEAR,
    /// By the square of its distance.
    QUADRATIC
  }

  /// The coefficient; its n is the number of units.
  public Estimate of(ConfusionMatrix matrix) {
    long n = matrix.units();
    if (n == 0) {
      return new Estimate.Undefined("the two judged nothing in common");
    }
    Terms terms = terms(matrix.counts(), n);
    if (terms.byChance > 1 - 1e-15) {
      return new Estimate.Undefined(
          "both gave the same value always, so agreement cannot be told from a constant");
    }
    double kappa = (terms.observed - terms.byChance) / (1 - terms.byChance);
    if (terms.standardError < 1e-12) {
      return new Estimate.Point(
          kappa, n, "the units are all alike, so they do not tell how far off the value may be");
    }
    double half = Estimate.Z * terms.standardError;
    return new Estimate.Known(kappa, Math.max(-1, kappa - half), Math.min(1, kappa + half), n);
  }

  /// The large-sample standard error; NaN where the coefficient is undefined.
  double standardError(ConfusionMatrix matrix) {
    return terms(matrix.counts(), matrix.units()).standardError;
  }

  private record Terms(double observed, double byChance, double standardError) {}

  private Terms terms(long[][] counts, long n) {
    int k = counts.length;
    double[] rows = new double[k];
    double[] columns = new double[k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        rows[i] += (double) counts[i][j] / n;
        columns[j] += (double) counts[i][j] / n;
      }
    }
    double observed = 0;
    double byChance = 0;
    double[] ofRow = new double[k];
    double[] ofColumn = new double[k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double weight = weight(i, j, k);
        observed += weight * counts[i][j] / n;
        byChance += weight * rows[i] * columns[j];
        ofRow[i] += columns[j] * weight;
        ofColumn[j] += rows[i] * weight;
      }
    }
    double squares = 0;
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double term = weight(i, j, k) * (1 - byChance) - (ofRow[i] + ofColumn[j]) * (1 - observed);
        squares += term * term * counts[i][j] / n;
      }
    }
    double centre = observed * byChance - 2 * byChance + observed;
    double variance = Math.max(0, squares - centre * centre) / (n * Math.pow(1 - byChance, 4));
    return new Terms(observed, byChance, Math.sqrt(variance));
  }

  private double weight(int i, int j, int k) {
    double apart = k == 1 ? 0 : (double) Math.abs(i - j) / (k - 1);
    return switch (weights) {
      case PLAIN -> i == j ? 1 : 0;
      case LINEAR -> 1 - apart;
      case QUADRATIC -> 1 - apart * apart;
    };
  }
}
