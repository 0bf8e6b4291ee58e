package org.alignmentworkbench.model.agreement;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// Kendall's W: how far several people agree on one order of the same things. 1 where all order
/// them in the same way, near 0 where their orders cancel out.
///
/// ```
/// r[j,i] = rank that person j gives thing i; things that tie share the mean of their ranks
/// R[i]   = Σ_j r[j,i],  S = Σ_i (R[i] - mean of R)²
/// T[j]   = Σ (t³ - t),  over groups of t things that tie for person j
/// W      = 12 S / (m² (n³ - n) - m Σ_j T[j])
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | m | count | people, at least 2 |
/// | n | count | things, at least 2 |
///
/// It is undefined where everybody ties everything: no order was given. Two people who give
/// opposite orders have 0. Sources: Kendall and Babington Smith, "The problem of m rankings", 1939;
/// for ties Siegel and Castellan, "Nonparametric statistics for the behavioral sciences", 1988,
/// section 9.7.
public final class KendallW {
  private KendallW() {}

  /// @param places a row for each person, all of the same things; 1 is the best, equal places tie
  /// @return empty without two people or two things, and where nobody ordered anything
  public static OptionalDouble of(List<int[]> places) {
    int m = places.size();
    if (m < 2 || places.getFirst().length < 2) {
      return OptionalDouble.empty();
    }
    int n = places.getFirst().length;
    double[] sums = new double[n];
    double ties = 0;
    for (int[] row : places) {
      if (row.length != n) {
        throw new IllegalArgumentException(
            "each row must have %d places, one has %d".formatted(n, row.length));
      }
      for (int i = 0; i < n; i++) {
        int place = row[i];
        long before = Arrays.stream(row).filter(other -> other < place).count();
        long same = Arrays.stream(row).filter(other -> other == place).count();
        sums[i] += before + (same + 1) / 2.0;
        // Σ over things of (t² - 1) is Σ over groups of (t³ - t).
        ties += (double) same * same - 1;
      }
    }
    double mean = m * (n + 1) / 2.0;
    double spread = Arrays.stream(sums).map(sum -> (sum - mean) * (sum - mean)).sum();
    double most = (double) m * m * ((double) n * n * n - n) - m * ties;
    return most == 0 ? OptionalDouble.empty() : OptionalDouble.of(12 * spread / most);
  }
}
