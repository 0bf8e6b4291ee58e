package org.alignmentworkbench.model.palette;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Which projection gets 2 and which 4 bits, so that the measured loss is least within a budget.
///
/// ```
/// choose b_m in {2, 4}:  min sum_m loss_m(b_m)   subject to   sum_m bits_m(b_m) <= budget * sum_m n_m
/// ```
///
/// | symbol | unit |
/// |---|---|
/// | `loss_m(b)` | nats of output divergence when only projection `m` is stored at `b` bits |
/// | `bits_m(b)` | bits of its indices and its tables |
/// | `n_m` | its weights |
/// | `budget` | bits a weight |
///
/// A knapsack, solved exactly by dynamic programming over the bits saved. What it assumes is that
/// losses add up; that is measured afterwards, on the whole model. Of equally good choices the one
/// that keeps 4 bits in the earlier projections is taken.
public final class BitAllocation {
  /// Most steps of the dynamic program; beyond that savings are counted in larger units, rounded
  /// down, which can only leave budget unused.
  private static final int MOST_UNITS = 1 << 21;

  private BitAllocation() {}

  /// What one projection costs at each width.
  ///
  /// @param name its weight
  /// @param weights how many weights it has
  /// @param bitsAtTwo bits of indices and tables at 2-bit indices
  /// @param bitsAtFour the same at 4-bit indices
  /// @param lossAtTwo divergence in nats with only this projection at 2 bits
  /// @param lossAtFour the same at 4 bits
  public record Candidate(
      String name,
      long weights,
      long bitsAtTwo,
      long bitsAtFour,
      double lossAtTwo,
      double lossAtFour) {
    /// Checks sizes and losses.
    public Candidate {
      if (weights < 1 || bitsAtTwo < 1 || bitsAtFour <= bitsAtTwo) {
        throw new IllegalArgumentException(
            name + ": sizes must be positive and larger at 4 bits than at 2");
      }
      if (!Double.isFinite(lossAtTwo) || !Double.isFinite(lossAtFour)) {
        throw new IllegalArgumentException(
            name + ": losses must be finite, were " + lossAtTwo + " and " + lossAtFour);
      }
    }

    /// A candidate for a matrix of this shape.
    public static Candidate of(
        String name, int rows, int columns, int groupRows, double lossAtTwo, double lossAtFour) {
      return new Candidate(
          name,
          (long) rows * columns,
          8 * PalettizedMatrix.bytes(rows, columns, groupRows, PaletteBits.TWO),
          8 * PalettizedMatrix.bytes(rows, columns, groupRows, PaletteBits.FOUR),
          lossAtTwo,
          lossAtFour);
    }
  }

  /// The best choice for each projection, in the order of the candidates.
  public static SequencedMap<String, PaletteBits> allocate(
      List<Candidate> candidates, double bitsPerWeight) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to allocate bits to");
    }
    long weights = 0;
    long atTwo = 0;
    long atFour = 0;
    for (Candidate c : candidates) {
      weights += c.weights;
      atTwo += c.bitsAtTwo;
      atFour += c.bitsAtFour;
    }
    long budget = (long) Math.floor(bitsPerWeight * weights);
    if (budget < atTwo) {
      throw new IllegalArgumentException(
          "a budget of "
              + bitsPerWeight
              + " bits a weight is below "
              + (double) atTwo / weights
              + ", which 2-bit indices with their tables take");
    }
    long toSave = Math.max(0, atFour - budget);
    boolean[] two = save(candidates, toSave);
    SequencedMap<String, PaletteBits> widths = new LinkedHashMap<>();
    for (int m = 0; m < two.length; m++) {
      widths.put(candidates.get(m).name, two[m] ? PaletteBits.TWO : PaletteBits.FOUR);
    }
    return widths;
  }

  /// Which projections go to 2 bits so that at least `toSave` bits are saved at the least added
  /// loss.
  private static boolean[] save(List<Candidate> candidates, long toSave) {
    int n = candidates.size();
    long unit = Math.max(divisor(candidates), Math.ceilDiv(toSave, MOST_UNITS));
    int target = Math.toIntExact(Math.ceilDiv(toSave, unit));
    // least[s]: the least added loss that saves at least s units with the candidates seen so far.
    double[] least = new double[target + 1];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    least[0] = 0;
    BitSet[] taken = new BitSet[n];
    for (int m = 0; m < n; m++) {
      Candidate c = candidates.get(m);
      int saved = Math.toIntExact((c.bitsAtFour - c.bitsAtTwo) / unit);
      double added = c.lossAtTwo - c.lossAtFour;
      taken[m] = new BitSet(target + 1);
      double[] next = least.clone();
      for (int s = 0; s <= target; s++) {
        double with = least[Math.max(0, s - saved)] + added;
        // A later candidate takes over on a tie, which leaves the earlier ones their 4 bits.
        if (with < next[s] || (with == next[s] && s > 0 && with < Double.POSITIVE_INFINITY)) {
          next[s] = with;
          taken[m].set(s);
        }
      }
      least = next;
    }
    if (least[target] == Double.POSITIVE_INFINITY) {
      // Only the rounding of units can bring this about: everything at 2 bits is within the budget.
      boolean[] all = new boolean[n];
      Arrays.fill(all, true);
      return all;
    }
    boolean[] two = new boolean[n];
    int s = target;
    for (int m = n - 1; m >= 0; m--) {
      if (taken[m].get(s)) {
        two[m] = true;
        Candidate c = candidates.get(m);
        s = Math.max(0, s - Math.toIntExact((c.bitsAtFour - c.bitsAtTwo) / unit));
      }
    }
    return two;
  }

  private static long divisor(List<Candidate> candidates) {
    long gcd = 0;
    for (Candidate c : candidates) {
      long a = gcd;
      long b = c.bitsAtFour - c.bitsAtTwo;
      while (b != 0) {
        long rest = a % b;
        a = b;
        b = rest;
      }
      gcd = a;
    }
    return gcd;
  }
}
