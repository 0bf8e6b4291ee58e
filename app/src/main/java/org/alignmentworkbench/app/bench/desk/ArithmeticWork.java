package org.alignmentworkbench.app.bench.desk;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignmentworkbench.app.bench.BenchReport.Figure;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.agreement.Ratings;
import org.alignmentworkbench.model.ranking.BradleyTerry;
import org.alignmentworkbench.model.ranking.BradleyTerry.Fitted;
import org.alignmentworkbench.model.ranking.BradleyTerryBootstrap;
import org.alignmentworkbench.model.ranking.Comparisons;
import org.alignmentworkbench.model.statistics.Estimate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Agreement and rankings of a large project, in this process. Ours is measured before and after
/// the peer, so that a machine that gets busier does not favour either.
final class ArithmeticWork {
  private static final double[] ACCURACY = {.9, .8, .7, .6, .5};
  private static final int CATEGORIES = 5;
  private static final int PLAYERS = 64;
  private static final String SECONDS = "s";

  /// How far two programs' coefficients of the same values may be apart: rounding.
  private static final double SAME_ALPHA = 1e-9;

  /// How far the median widths of intervals of alike but different battles may be apart.
  private static final double SAME_WIDTH = 0.1;

  private final Scale scale;
  private final @Nullable PeerProgram peer;

  ArithmeticWork(Scale scale, @Nullable PeerProgram peer) {
    this.scale = scale;
    this.peer = peer;
  }

  /// Krippendorff's alpha on the ordinal level, from arrays of numbers to the coefficient, as the
  /// peer does it; and with the interval that the pages show beside it.
  List<Figure> alpha() throws IOException, InterruptedException {
    Values values = Values.of(scale.units());
    KrippendorffAlpha ordinal = new KrippendorffAlpha(Level.ORDINAL);
    double[] seconds = new double[2 * scale.repetitions()];
    double _ = timed(seconds, 0, () -> ordinal.alone(values.ratings()));
    JsonNode theirs =
        peer == null
            ? null
            : peer.line(line -> line.path("level").asString().equals("ordinal"), "peer_alpha.py");
    double alpha = timed(seconds, scale.repetitions(), () -> ordinal.alone(values.ratings()));
    if (theirs != null && scale.equals(Scale.FULL)) {
      requireSame("alpha", alpha, theirs.path("alpha").asDouble(), SAME_ALPHA);
    }
    double[] whole = new double[scale.repetitions()];
    double _ = timed(whole, 0, () -> ordinal.of(values.ratings()));
    return List.of(
        figure(Part.ALPHA.figure(), seconds, theirs, "seconds_best_of_3"),
        figure(Part.ALPHA.figures().get(1), whole, null, ""));
  }

  /// Bootstraps of Bradley-Terry strengths: each draws the outcomes anew and fits all players.
  List<Figure> bradleyTerry() throws IOException, InterruptedException {
    Comparisons battles = battles();
    if (!(BradleyTerry.plain().fit(battles) instanceof Fitted fitted)) {
      throw new IllegalStateException("the battles of the bench must have a fit");
    }
    var bootstrap = new BradleyTerryBootstrap(scale.resamples(), 1);
    double[] seconds = new double[2 * scale.repetitions()];
    double _ = timed(seconds, 0, () -> width(bootstrap.around(fitted, battles)));
    JsonNode theirs =
        peer == null
            ? null
            : peer.line(
                line -> line.path("peer").asString().contains("multinomial"),
                "peer_bt.py",
                Integer.toString(scale.resamples()));
    double width =
        timed(seconds, scale.repetitions(), () -> width(bootstrap.around(fitted, battles)));
    if (theirs != null && scale.equals(Scale.FULL)) {
      double other = theirs.path("median_ci_width").asDouble();
      requireSame("median width of intervals", width, other, SAME_WIDTH * other);
    }
    return List.of(figure(Part.BRADLEY_TERRY.figure(), seconds, theirs, "seconds"));
  }

  private static Estimate width(BradleyTerryBootstrap.Intervals intervals) {
    double[] widths =
        intervals.strengths().stream()
            .filter(Estimate.Known.class::isInstance)
            .map(Estimate.Known.class::cast)
            .mapToDouble(known -> known.high() - known.low())
            .sorted()
            .toArray();
    return new Estimate.Point(
        widths.length == 0 ? Double.NaN : widths[widths.length / 2], widths.length, "a width");
  }

  private interface Work {
    Estimate run();
  }

  /// Repeats the work, the first time before the clock runs, and gives what it came to.
  private double timed(double[] seconds, int from, Work work) {
    Estimate result = work.run();
    for (int i = 0; i < scale.repetitions(); i++) {
      long start = System.nanoTime();
      result = work.run();
      seconds[from + i] = (System.nanoTime() - start) * 1e-9;
    }
    @Nullable Double value = result.valueOrNull();
    if (value == null) {
      throw new IllegalStateException("the bench's values must have a figure, gave " + result);
    }
    return value;
  }

  private static Figure figure(
      String name, double[] seconds, @Nullable JsonNode theirs, String field) {
    return theirs == null
        ? Figure.alone(name, SECONDS, seconds)
        : Figure.beside(
            name, SECONDS, seconds, theirs.path("peer").asString(), theirs.path(field).asDouble());
  }

  private static void requireSame(String what, double ours, double theirs, double within)
      throws IOException {
    if (!(Math.abs(ours - theirs) <= within)) {
      throw new IOException(
          "both sides must come to the same %s within %s, were %s and %s"
              .formatted(what, within, ours, theirs));
    }
  }

  /// Five coders who know the truth with their own probability and guess otherwise: the values that
  /// the peer draws, from the same generator.
  ///
  /// @param units what was judged, by value
  /// @param raters who judged, by value
  /// @param values 1 to 5
  private record Values(long[] units, long[] raters, double[] values) {
    static Values of(int units) {
      int coders = ACCURACY.length;
      Values made =
          new Values(
              new long[units * coders], new long[units * coders], new double[units * coders]);
      SplitMix random = new SplitMix(1);
      for (int unit = 0; unit < units; unit++) {
        double truth = Math.floor(random.next() * CATEGORIES);
        for (int coder = 0; coder < coders; coder++) {
          boolean knows = random.next() < ACCURACY[coder];
          double guess = Math.floor(random.next() * CATEGORIES);
          int place = unit * coders + coder;
          made.units[place] = unit;
          made.raters[place] = coder;
          made.values[place] = (knows ? truth : guess) + 1;
        }
      }
      return made;
    }

    Ratings ratings() {
      return Ratings.of(units, raters, values);
    }
  }

  /// SplitMix64 as the peer has it.
  private static final class SplitMix {
    private long state;

    SplitMix(long seed) {
      state = seed;
    }

    double next() {
      state += 0x9E3779B97F4A7C15L;
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
    }
  }

  /// Battles of the peer's kind; its generator is its own, so they are alike and not the same.
  private Comparisons battles() {
    Random random = new Random(5);
    double[] strengths = new double[PLAYERS];
    Arrays.setAll(strengths, i -> random.nextGaussian());
    long[][] wins = new long[PLAYERS][PLAYERS];
    for (int battle = 0; battle < scale.battles(); battle++) {
      int one = random.nextInt(PLAYERS);
      int other = (one + 1 + random.nextInt(PLAYERS - 1)) % PLAYERS;
      double apart = strengths[one] - strengths[other];
      boolean wonByOne = random.nextDouble() < 1 / (1 + Math.exp(-apart));
      wins[wonByOne ? one : other][wonByOne ? other : one]++;
    }
    return Comparisons.ofWins(wins);
  }
}
