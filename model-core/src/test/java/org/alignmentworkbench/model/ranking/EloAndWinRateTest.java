package org.alignmentworkbench.model.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.alignmentworkbench.model.ranking.LengthControlledWinRate.Controlled;
import org.alignmentworkbench.model.ranking.LengthControlledWinRate.Outcome;
import org.alignmentworkbench.model.ranking.LengthControlledWinRate.Uncontrolled;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Figures;
import org.junit.jupiter.api.Test;

class EloAndWinRateTest {
  private static final double[] LENGTHS = {
    900, 700, 400, 1200, 300, 800, 500, 1000, 350, 650, 1500, 450
  };
  private static final double[] OPPONENT = {
    600, 650, 500, 500, 450, 500, 550, 600, 600, 700, 700, 400
  };
  private static final double[] NONE = {};

  private static double score(String result) {
    return switch (result) {
      case "a" -> 1;
      case "b" -> 0;
      default -> 0.5;
    };
  }

  @Test
  void elo_after_every_battle_and_in_reverse() {
    JsonObject file = Figures.json("ratings/elo.json").getAsJsonObject();
    JsonArray battles = file.getAsJsonArray("battles");
    JsonArray after = file.getAsJsonArray("after_each_battle_[a,b]");
    Elo elo = new Elo(5, file.get("k").getAsDouble(), file.get("start").getAsDouble());
    Elo reversed = new Elo(5, 32, 1500);
    for (int i = 0; i < battles.size(); i++) {
      JsonArray battle = battles.get(i).getAsJsonArray();
      int a = battle.get(0).getAsInt();
      int b = battle.get(1).getAsInt();
      elo.add(a, b, score(battle.get(2).getAsString()));
      double[] expected = Figures.doubles(after.get(i));
      assertThat(elo.rating(a)).isCloseTo(expected[0], within(1e-9));
      assertThat(elo.rating(b)).isCloseTo(expected[1], within(1e-9));
      JsonArray last = battles.get(battles.size() - 1 - i).getAsJsonArray();
      reversed.add(
          last.get(0).getAsInt(), last.get(1).getAsInt(), score(last.get(2).getAsString()));
    }
    double[] expected = Figures.doubles(file.get("final_reversed_order"));
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      assertThat(reversed.rating(i)).isCloseTo(expected[i], within(1e-9));
      sum += elo.rating(i);
    }
    assertThat(sum).as("points only change hands").isCloseTo(7500, within(1e-9));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> elo.add(1, 1, 1))
        .withMessage("player 1 was compared with themselves");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> elo.add(1, 2, 2))
        .withMessage("the score must be in [0, 1], was 2.0");
  }

  @Test
  void win_rates_with_ties() {
    for (JsonElement element :
        Figures.json("ratings/winrate.json").getAsJsonObject().getAsJsonArray("with_ties")) {
      JsonObject row = element.getAsJsonObject();
      WinRate rate =
          new WinRate(
              row.get("wins").getAsLong(),
              row.get("ties").getAsLong(),
              row.get("losses").getAsLong());
      assertThat(rate.halfTies().valueOrNull())
          .isCloseTo(row.get("win_rate_half_ties").getAsDouble(), within(1e-10));
      if (row.get("standard_error").isJsonNull()) {
        assertThat(rate.standardError())
            .isEqualTo(new Estimate.Undefined("fewer than two comparisons have no spread"));
      } else {
        assertThat(rate.standardError().valueOrNull())
            .isCloseTo(row.get("standard_error").getAsDouble(), within(1e-10));
      }
      if (row.get("win_rate_no_ties").isJsonNull()) {
        assertThat(rate.decided()).isEqualTo(new Estimate.Undefined("no comparison was decided"));
      } else {
        assertThat(rate.decided().valueOrNull())
            .isCloseTo(row.get("win_rate_no_ties").getAsDouble(), within(1e-10));
      }
    }
    assertThat(new WinRate(0, 0, 0).halfTies()).isEqualTo(new Estimate.Undefined("no comparisons"));
  }

  private static LengthControlledWinRate controlled(
      double[] won, double[] lengths, double[] opponent, double[] difficulties) {
    return ((Controlled) LengthControlledWinRate.of(won, lengths, opponent, difficulties)).result();
  }

  /// Twelve prompts; every figure to six places by an independent calculation.
  @Test
  void length_control_of_hard_wins() {
    double[] won = {1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1};
    LengthControlledWinRate result = controlled(won, LENGTHS, OPPONENT, NONE);
    assertThat(result.lengthDeviation()).isCloseTo(335.974386, within(5e-7));
    assertThat(result.coefficients()[0]).isCloseTo(-0.108706, within(5e-7));
    assertThat(result.coefficients()[1]).isCloseTo(2.605029, within(5e-7));
    assertThat(result.rate()).isCloseTo(0.472850, within(5e-7));
    double fitted = 0;
    for (int i = 0; i < 12; i++) {
      double length = Math.tanh((LENGTHS[i] - OPPONENT[i]) / result.lengthDeviation());
      fitted +=
          BradleyTerry.sigmoid(result.coefficients()[0] + result.coefficients()[1] * length) / 12;
    }
    assertThat(fitted).as("mean fitted is the raw rate").isCloseTo(7 / 12.0, within(1e-10));
  }

  @Test
  void length_control_of_soft_wins_with_difficulty() {
    double[] won = {.9, .7, .2, .95, .1, .8, .55, .4, .3, .45, .85, .6};
    double[] difficulty = {.5, -.2, .1, .8, -.6, 0, .3, -.4, .2, -.1, .6, -.3};
    LengthControlledWinRate result = controlled(won, LENGTHS, OPPONENT, difficulty);
    double[] expected = {-0.065506, 1.500407, 1.548823};
    for (int i = 0; i < 3; i++) {
      assertThat(result.coefficients()[i]).isCloseTo(expected[i], within(5e-7));
    }
    assertThat(result.rate()).isCloseTo(0.510882, within(5e-7));
    double[] lost = new double[12];
    double[] easier = new double[12];
    for (int i = 0; i < 12; i++) {
      lost[i] = 1 - won[i];
      easier[i] = -difficulty[i];
    }
    assertThat(controlled(lost, OPPONENT, LENGTHS, easier).rate())
        .as("both sides share out the whole")
        .isCloseTo(0.489118, within(5e-7));
  }

  @Test
  void equal_lengths_leave_the_raw_rate() {
    double[] won = {1, 0, 1, 1};
    double[] same = {10, 20, 30, 40};
    LengthControlledWinRate result = controlled(won, same, same, NONE);
    assertThat(result.rate()).isCloseTo(0.75, within(1e-12));
    assertThat(result.coefficients()[1]).isZero();
    double[] half = {.5, .5, .5, .5};
    assertThat(controlled(half, same, same, NONE).rate())
        .as("a model against itself")
        .isEqualTo(0.5);
  }

  @Test
  void separated_data_are_refused() {
    Outcome outcome =
        LengthControlledWinRate.of(
            new double[] {1, 1, 0, 0},
            new double[] {20, 30, 5, 6},
            new double[] {10, 10, 10, 10},
            NONE);
    assertThat(outcome)
        .isEqualTo(
            new Uncontrolled(
                new Estimate.Undefined("wins and losses are separated, so no finite fit exists")));
    assertThat(
            LengthControlledWinRate.of(
                new double[] {1, 0}, new double[] {2, 3}, new double[] {1, 2}, NONE))
        .isEqualTo(
            new Uncontrolled(
                new Estimate.Undefined(
                    "every answer differs from its opponent's by the same length")));
    assertThat(LengthControlledWinRate.of(new double[1], new double[1], new double[1], NONE))
        .isEqualTo(new Uncontrolled(new Estimate.Undefined("fewer than two prompts")));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            LengthControlledWinRate.of(new double[] {2, 0}, new double[2], new double[2], NONE))
        .withMessage("prompt 0: a win must be in [0, 1], was 2.0");
  }
}
