package org.alignmentworkbench.model.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.ranking.BradleyTerry.Disconnected;
import org.alignmentworkbench.model.ranking.BradleyTerry.Fitted;
import org.alignmentworkbench.model.ranking.BradleyTerry.Outcome;
import org.alignmentworkbench.model.ranking.BradleyTerry.Separated;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Figures;
import org.alignmentworkbench.model.statistics.Mean;
import org.alignmentworkbench.model.statistics.Percentiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BradleyTerryTest {
  private static final JsonObject FILE =
      Figures.json("ratings/bradley_terry.json").getAsJsonObject();
  static final List<JsonElement> FITS = FILE.getAsJsonArray("fits").asList();
  static final List<JsonElement> EDGES = FILE.getAsJsonArray("edges").asList();

  private static long[][] longs(JsonElement matrix) {
    return Arrays.stream(Figures.matrix(matrix))
        .map(row -> Arrays.stream(row).mapToLong(value -> (long) value).toArray())
        .toArray(long[][]::new);
  }

  private static Fitted fitted(Comparisons comparisons) {
    return (Fitted) BradleyTerry.plain().fit(comparisons);
  }

  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("player %d", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  @ParameterizedTest
  @FieldSource("FITS")
  void fits_of_the_reference(JsonElement element) {
    JsonObject row = element.getAsJsonObject();
    Comparisons comparisons = new Comparisons(longs(row.get("wins")), longs(row.get("ties")));
    assertThat(comparisons.halfTies()).isDeepEqualTo(Figures.matrix(row.get("half_win_counts")));
    Fitted fit = fitted(comparisons);
    assertClose(fit.strengths(), Figures.doubles(row.get("log_strength")), 1e-8);
    assertClose(fit.standardErrors(), Figures.doubles(row.get("standard_error")), 1e-8);
    assertThat(fit.logLikelihood())
        .isCloseTo(row.get("log_likelihood").getAsDouble(), within(1e-8));
    double[] elo = Figures.doubles(row.get("elo_scale"));
    for (int i = 0; i < elo.length; i++) {
      assertThat(fit.elo(i)).isCloseTo(elo[i], within(1e-6));
    }
    if (row.has("choix_ilsr")) {
      assertClose(fit.strengths(), Figures.doubles(row.get("choix_ilsr")), 1e-8);
    }
    if (row.has("davidson")) {
      JsonObject expected = row.getAsJsonObject("davidson");
      Davidson davidson = Davidson.fit(comparisons);
      assertClose(davidson.strengths(), Figures.doubles(expected.get("log_strength")), 1e-5);
      assertThat(davidson.tieOdds()).isCloseTo(expected.get("nu").getAsDouble(), within(1e-5));
      assertThat(davidson.logLikelihood())
          .isCloseTo(expected.get("log_likelihood").getAsDouble(), within(1e-5));
    }
    assertExpectedWinsAreThoseSeen(comparisons, fit);
  }

  private static void assertExpectedWinsAreThoseSeen(Comparisons comparisons, Fitted fit) {
    double[][] wins = comparisons.halfTies();
    for (int i = 0; i < wins.length; i++) {
      double seen = 0;
      double expected = 0;
      for (int j = 0; j < wins.length; j++) {
        seen += wins[i][j];
        expected += (wins[i][j] + wins[j][i]) * fit.beats(i, j);
      }
      assertThat(expected).as("wins of player %d", i).isCloseTo(seen, within(1e-8));
    }
  }

  @ParameterizedTest
  @FieldSource("EDGES")
  void graphs_without_a_fit_are_named(JsonElement element) {
    JsonObject row = element.getAsJsonObject();
    Comparisons comparisons = Comparisons.ofWins(longs(row.get("wins")));
    Outcome outcome = BradleyTerry.plain().fit(comparisons);
    String name = row.get("name").getAsString();
    switch (name) {
      case "disconnected: {0,1} and {2,3} never meet" ->
          assertThat(outcome).isEqualTo(new Disconnected(List.of(List.of(0, 1), List.of(2, 3))));
      case "perfect separation: 0 always wins" ->
          assertThat(outcome).isEqualTo(new Separated(List.of(List.of(0), List.of(1, 2))));
      case "chain: 0>1>2 with no upset" ->
          assertThat(outcome).isEqualTo(new Separated(List.of(List.of(0), List.of(1), List.of(2))));
      case "two players, one never wins" ->
          assertThat(outcome).isEqualTo(new Separated(List.of(List.of(0), List.of(1))));
      case "a player without games" -> {
        Fitted fit = (Fitted) outcome;
        assertThat(fit.strength(2))
            .isEqualTo(new Estimate.Undefined("never compared with another"));
        assertThat(fit.strength(0).valueOrNull())
            .isCloseTo(Math.log(1.5) / 2, within(1e-12)); // 3 of 5, shared by two
      }
      case "cycle, all equal", "single game each way" ->
          assertThat(((Fitted) outcome).strengths()).containsOnly(0);
      default -> throw new AssertionError("no expectation for " + name);
    }
    assertThat(comparisons.strongComponents()).isEqualTo(groups(row, "strong_components"));
    assertThat(comparisons.islands()).isEqualTo(groups(row, "weak_components"));
    Fitted ridge = (Fitted) new BradleyTerry(0.1).fit(comparisons);
    assertClose(ridge.strengths(), Figures.doubles(row.get("ridge_0.1_log_strength")), 1e-8);
  }

  private static List<List<Integer>> groups(JsonObject row, String name) {
    return row.getAsJsonArray(name).asList().stream()
        .map(JsonElement::getAsJsonArray)
        .map(group -> group.asList().stream().map(JsonElement::getAsInt).toList())
        .toList();
  }

  /// Baseball, American League East 1987, from Agresti, "Categorical data analysis", as fitted by
  /// BradleyTerry2: log-strengths against Baltimore to five places.
  @Test
  void agresti_1990_baseball() {
    Fitted fit =
        fitted(
            Comparisons.ofWins(
                new long[][] {
                  {0, 7, 9, 7, 7, 9, 11},
                  {6, 0, 7, 5, 11, 9, 9},
                  {4, 6, 0, 7, 7, 8, 12},
                  {6, 8, 6, 0, 6, 7, 10},
                  {6, 2, 6, 7, 0, 7, 12},
                  {4, 4, 5, 6, 6, 0, 6},
                  {2, 4, 1, 3, 1, 7, 0}
                }));
    double[] expected = {1.58136, 1.43641, 1.29449, 1.24762, 1.10770, 0.68385, 0};
    for (int i = 0; i < 7; i++) {
      assertThat(fit.strengths()[i] - fit.strengths()[6]).isCloseTo(expected[i], within(5e-6));
    }
  }

  /// Four teams whose shares sum to 1, from the fixed point of Hunter's MM step, six places.
  @Test
  void hunter_2004_fixed_point() {
    long[][] wins = {{0, 2, 0, 1}, {3, 0, 5, 0}, {0, 3, 0, 1}, {4, 0, 3, 0}};
    double[] expected = {0.138692, 0.226152, 0.143022, 0.492133};
    double[] theta = fitted(Comparisons.ofWins(wins)).strengths();
    double sum = Arrays.stream(theta).map(Math::exp).sum();
    double[] p = new double[4];
    for (int i = 0; i < 4; i++) {
      p[i] = Math.exp(theta[i]) / sum;
      assertThat(p[i]).isCloseTo(expected[i], within(5e-7));
    }
    for (int i = 0; i < 4; i++) {
      double w = 0;
      double denominator = 0;
      for (int j = 0; j < 4; j++) {
        if (i != j) {
          w += wins[i][j];
          denominator += (wins[i][j] + wins[j][i]) / (p[i] + p[j]);
        }
      }
      assertThat(w / denominator).as("a step changes nothing").isCloseTo(p[i], within(1e-12));
    }
  }

  private static final Comparisons WITH_TIES =
      new Comparisons(
          new long[][] {{0, 30, 28}, {20, 0, 25}, {12, 20, 0}},
          new long[][] {{0, 10, 5}, {10, 0, 15}, {5, 15, 0}});

  /// Three models, half a win a tie; six places by an independent calculation.
  @Test
  void ties_share_the_credit() {
    Fitted fit = fitted(WITH_TIES);
    assertClose(fit.strengths(), new double[] {0.349521, -0.057031, -0.292490}, 5e-7);
    assertThat(fit.elo(0)).isCloseTo(1060.718, within(5e-4));
    assertThat(fit.elo(1)).isCloseTo(990.093, within(5e-4));
    assertThat(fit.elo(2)).isCloseTo(949.189, within(5e-4));
    assertThat(fit.beats(0, 1)).isCloseTo(.600261, within(5e-7));
    assertThat(fit.beats(1, 2)).isCloseTo(.558594, within(5e-7));
    assertThat(fit.beats(0, 2)).isCloseTo(.655208, within(5e-7));
  }

  /// Ends of 20,000 rounds by an independent calculation: 1019-1104, 952-1027, 907-989; six points
  /// are four standard errors of an end at 2,000 rounds.
  @Test
  void bootstrap_ends_in_elo_points() {
    BradleyTerryBootstrap.Intervals intervals =
        new BradleyTerryBootstrap(2000, 1).around(fitted(WITH_TIES), WITH_TIES);
    double[][] expected = {{1019, 1104}, {952, 1027}, {907, 989}};
    assertThat(intervals.undefined()).isZero();
    for (int i = 0; i < 3; i++) {
      Estimate.Known known = (Estimate.Known) intervals.strengths().get(i);
      assertThat(known.value()).isEqualTo(fitted(WITH_TIES).strengths()[i]);
      assertThat(Elo.ofStrength(known.low())).isCloseTo(expected[i][0], within(6.0));
      assertThat(Elo.ofStrength(known.high())).isCloseTo(expected[i][1], within(6.0));
    }
    assertThat(new BradleyTerryBootstrap(2000, 1).around(fitted(WITH_TIES), WITH_TIES))
        .as("whatever the order of threads")
        .isEqualTo(intervals);
  }

  /// Sixty to forty: θ differs by log 1.5, with standard error sqrt(1/60 + 1/40); resampled wins
  /// lie from 50 to 69 in 95 %, which is 0 to log(69/31).
  @Test
  void two_models_in_closed_form() {
    Comparisons two = Comparisons.ofWins(new long[][] {{0, 60}, {40, 0}});
    Fitted fit = fitted(two);
    double apart = fit.strengths()[0] - fit.strengths()[1];
    assertThat(apart).isCloseTo(0.405465, within(5e-7));
    assertThat(fit.elo(0) - fit.elo(1)).isCloseTo(70.4365, within(5e-5));
    assertThat(2 * fit.standardErrors()[0]).isCloseTo(0.204124, within(5e-7));
    Estimate.Known known =
        (Estimate.Known) new BradleyTerryBootstrap(20_000, 7).around(fit, two).strengths().get(0);
    assertThat(2 * known.low()).isCloseTo(0, within(0.05));
    assertThat(2 * known.high()).isCloseTo(0.800119, within(0.05));
  }

  @Test
  void refits_of_resampled_battles() {
    JsonObject file = Figures.json("ratings/bt_bootstrap.json").getAsJsonObject();
    JsonArray battles = file.getAsJsonArray("battles");
    Figures.SplitMix64 random = new Figures.SplitMix64(file.get("prng_seed").getAsLong());
    int resamples = file.get("resamples").getAsInt();
    double[][] fits = new double[resamples][];
    for (int r = 0; r < resamples; r++) {
      int[] drawn = new int[battles.size()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextInt(drawn.length);
      }
      fits[r] = fitted(count(battles, drawn)).strengths();
    }
    assertClose(fits[0], Figures.doubles(file.get("first_resample_fit")), 1e-7);
    assertClose(fits[resamples - 1], Figures.doubles(file.get("last_resample_fit")), 1e-7);
    double[][] ends = Figures.matrix(file.get("ci95"));
    int[] all = new int[battles.size()];
    Arrays.setAll(all, i -> i);
    Comparisons full = count(battles, all);
    assertClose(fitted(full).strengths(), Figures.doubles(file.get("point")), 1e-7);
    List<Estimate> own = new BradleyTerryBootstrap(4000, 3).around(fitted(full), full).strengths();
    for (int player = 0; player < 4; player++) {
      int p = player;
      double[] ofPlayer = Arrays.stream(fits).mapToDouble(fit -> fit[p]).toArray();
      assertThat(Percentiles.of(ofPlayer).at(0.025)).isCloseTo(ends[0][p], within(1e-7));
      assertThat(Percentiles.of(ofPlayer).at(0.975)).isCloseTo(ends[1][p], within(1e-7));
      Mean mean = Mean.of(ofPlayer);
      assertThat(mean.mean()).isCloseTo(Figures.doubles(file.get("mean"))[p], within(1e-7));
      assertThat(mean.standardDeviation())
          .isCloseTo(Figures.doubles(file.get("sd_ddof1"))[p], within(1e-7));
      // Drawing by kind is drawing by battle; an end of 200 resamples is off by 0.08 at most.
      assertThat(own.get(p).lowOrNull()).isCloseTo(ends[0][p], within(0.1));
      assertThat(own.get(p).highOrNull()).isCloseTo(ends[1][p], within(0.1));
    }
  }

  private static Comparisons count(JsonArray battles, int[] drawn) {
    long[][] wins = new long[4][4];
    long[][] ties = new long[4][4];
    for (int i : drawn) {
      JsonArray battle = battles.get(i).getAsJsonArray();
      int a = battle.get(0).getAsInt();
      int b = battle.get(1).getAsInt();
      switch (battle.get(2).getAsString()) {
        case "a" -> wins[a][b]++;
        case "b" -> wins[b][a]++;
        default -> {
          ties[a][b]++;
          ties[b][a]++;
        }
      }
    }
    return new Comparisons(wins, ties);
  }

  @Test
  void thin_data_get_no_interval() {
    Comparisons thin = Comparisons.ofWins(new long[][] {{0, 5}, {1, 0}});
    Estimate strength =
        new BradleyTerryBootstrap(500, 1).around(fitted(thin), thin).strengths().get(0);
    // The one loss is missing from (5/6)^6 = 33 % of resamples.
    assertThat(strength).isInstanceOf(Estimate.Point.class);
    assertThat(((Estimate.Point) strength).why())
        .matches("in 1\\d\\d of 500 resamples somebody never lost, so an interval would mislead");
  }

  @Test
  void impossible_comparisons_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparisons.ofWins(new long[][] {{1}}))
        .withMessage("player 0 was compared with themselves");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Comparisons(new long[2][2], new long[][] {{0, 1}, {0, 0}}))
        .withMessageContaining("ties the same both ways");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BradleyTerry(-1))
        .withMessage("ridge must be finite and >= 0, was -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Davidson.fit(Comparisons.ofWins(new long[][] {{0, 1}, {1, 0}})))
        .withMessageContaining("needs wins, ties");
  }
}
