package org.alignmentworkbench.app.bench;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a bench measured. The first figure is the headline; a ratio above 1 means that ours is
/// better.
public record BenchReport(String bench, List<Figure> figures) {
  /// One figure.
  ///
  /// @param value the median over the processes, min and max their range
  /// @param n processes of our side
  /// @param peer the other side's program, null where there is none
  /// @param peerValue its median
  /// @param ratio the median over pairs of ours to theirs (theirs to ours where less is better)
  public record Figure(
      String name,
      double value,
      String unit,
      int n,
      double min,
      double max,
      @Nullable String peer,
      @Nullable Double peerValue,
      @Nullable Double ratio) {
    /// From one value of each process, and the other side's in the same order; empty for no peer.
    static Figure of(
        String name,
        String unit,
        boolean lessIsBetter,
        double[] ours,
        @Nullable String peer,
        double[] theirs) {
      double[] ratios = new double[theirs.length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = lessIsBetter ? theirs[i] / ours[i] : ours[i] / theirs[i];
      }
      boolean alone = theirs.length == 0;
      return new Figure(
          name,
          Median.of(ours),
          unit,
          ours.length,
          java.util.Arrays.stream(ours).min().orElseThrow(),
          java.util.Arrays.stream(ours).max().orElseThrow(),
          alone ? null : peer,
          alone ? null : Median.of(theirs),
          alone ? null : Median.of(ratios));
    }

    /// One that no peer measures.
    public static Figure alone(String name, String unit, double[] ours) {
      return of(name, unit, true, ours, null, new double[0]);
    }

    /// One for which the peer has a single value, and less is better: the ratio is that of the
    /// medians.
    public static Figure beside(
        String name, String unit, double[] ours, String peer, double peerValue) {
      Figure own = alone(name, unit, ours);
      return new Figure(
          name, own.value, unit, own.n, own.min, own.max, peer, peerValue, peerValue / own.value);
    }

    /// For a terminal.
    public String line() {
      String own =
          String.format(
              Locale.ROOT,
              "%-28s %,12.3f %-14s n=%d [%,.3f, %,.3f]",
              name,
              value,
              unit,
              n,
              min,
              max);
      return peer == null
          ? own
          : own + String.format(Locale.ROOT, "  %s %,.3f, ratio %.2f", peer, peerValue, ratio);
    }
  }
}
