package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.model.agreement.CohenKappa.Weights;
import org.alignmentworkbench.model.agreement.FleissKappa.Chance;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Estimate.Undefined;
import org.alignmentworkbench.model.statistics.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Against krippendorff, scikit-learn and statsmodels; the files' README says how they were made.
class ReferenceAgreementTest {
  static final List<JsonElement> MATRICES =
      Figures.json("agreement/matrices.json").getAsJsonArray().asList();

  private static final String CONSTANT =
      "everybody gave the same value, so agreement cannot be told from a constant";
  private static final String NOTHING_SHARED = "no two people judged the same thing";

  @ParameterizedTest
  @FieldSource("MATRICES")
  void alpha_of_every_matrix(JsonElement element) {
    JsonObject row = element.getAsJsonObject();
    Ratings ratings = Matrices.json(row.getAsJsonArray("matrix"));
    for (Level level : Level.values()) {
      JsonObject expected =
          row.getAsJsonObject("alpha").getAsJsonObject(level.name().toLowerCase(Locale.ROOT));
      Estimate alpha = new KrippendorffAlpha(level).of(ratings);
      if (expected.get("value").isJsonNull()) {
        assertThat(alpha)
            .isEqualTo(
                new Undefined(
                    switch (row.get("name").getAsString()) {
                      case "single category",
                          "pairable part has one category, unpaired part another" ->
                          CONSTANT;
                      case "one annotator", "no unit with two values" -> NOTHING_SHARED;
                      case "all missing" -> "there are no judgements";
                      default -> "an unexpected undefined value";
                    }));
      } else if (level == Level.RATIO && ratings.categories()[0] < 0) {
        // The package computes a number that means nothing; the formula below it is the same.
        assertThat(alpha).isEqualTo(new Undefined("a ratio has no meaning for values below zero"));
        UnitPatterns patterns = ratings.patterns(2);
        assertThat(new KrippendorffAlpha(level).coefficient(patterns, patterns.weights()))
            .isCloseTo(expected.get("value").getAsDouble(), within(1e-9));
      } else {
        assertThat(alpha.valueOrNull())
            .as("%s", level)
            .isCloseTo(expected.get("value").getAsDouble(), within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("MATRICES")
  void cohen_of_every_pair(JsonElement element) {
    JsonObject row = element.getAsJsonObject();
    if (!row.has("cohen")) {
      return;
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(Matrices.json(row.getAsJsonArray("matrix")), 0, 1);
    for (Weights weights : Weights.values()) {
      JsonObject expected =
          row.getAsJsonObject(
              switch (weights) {
                case PLAIN -> "cohen";
                case LINEAR -> "cohen_linear";
                case QUADRATIC -> "cohen_quadratic";
              });
      Estimate kappa = new CohenKappa(weights).of(matrix);
      if (expected.get("value").isJsonNull()) {
        assertThat(kappa)
            .isEqualTo(
                new Undefined(
                    "both gave the same value always, so agreement cannot be told from a"
                        + " constant"));
      } else {
        assertThat(kappa.valueOrNull())
            .isCloseTo(expected.get("value").getAsDouble(), within(1e-9));
      }
    }
    if (row.has("cohen_statsmodels")) {
      JsonObject expected = row.getAsJsonObject("cohen_statsmodels");
      assertThat(new CohenKappa(Weights.PLAIN).standardError(matrix))
          .isCloseTo(expected.get("se").getAsDouble(), within(1e-9));
      double[] ends = Figures.doubles(expected.get("ci95"));
      Estimate kappa = new CohenKappa(Weights.PLAIN).of(matrix);
      if (ends[0] == ends[1]) {
        assertThat(kappa)
            .isEqualTo(
                new Estimate.Point(
                    ends[0],
                    matrix.units(),
                    "the units are all alike, so they do not tell how far off the value may be"));
      } else {
        assertThat(kappa.lowOrNull()).isCloseTo(Math.max(-1, ends[0]), within(1e-9));
        assertThat(kappa.highOrNull()).isCloseTo(Math.min(1, ends[1]), within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("MATRICES")
  void fleiss_and_randolph_of_every_complete_matrix(JsonElement element) {
    JsonObject row = element.getAsJsonObject();
    if (!row.has("fleiss")) {
      return;
    }
    Ratings ratings = Matrices.json(row.getAsJsonArray("matrix"));
    for (Chance chance : Chance.values()) {
      JsonObject expected = row.getAsJsonObject(chance == Chance.EVEN ? "randolph" : "fleiss");
      Estimate kappa = new FleissKappa(chance).of(ratings);
      if (expected.get("value").isJsonNull()) {
        assertThat(kappa).isEqualTo(new Undefined(CONSTANT));
      } else {
        assertThat(kappa.valueOrNull())
            .isCloseTo(expected.get("value").getAsDouble(), within(1e-9));
      }
    }
  }

  @Test
  void alpha_of_300_000_judgements() {
    JsonObject big = Figures.json("agreement/big_alpha.json").getAsJsonObject();
    double[] accuracy = Figures.doubles(big.get("accuracy"));
    Figures.SplitMix64 random = new Figures.SplitMix64(big.get("seed").getAsLong());
    List<Rating> ratings = new ArrayList<>();
    List<Rating> withGaps = new ArrayList<>();
    long[] counts = new long[5];
    for (int unit = 0; unit < 60_000; unit++) {
      int truth = random.nextInt(5);
      for (int coder = 0; coder < 5; coder++) {
        double a = random.nextDouble();
        int b = random.nextInt(5);
        int value = (a < accuracy[coder] ? truth : b) + 1;
        counts[value - 1]++;
        ratings.add(new Rating(unit, coder, value));
        if ((unit * 5 + coder) % 7 != 3) {
          withGaps.add(new Rating(unit, coder, value));
        }
      }
    }
    for (int v = 0; v < 5; v++) {
      assertThat(counts[v]).isEqualTo(big.getAsJsonArray("value_counts").get(v).getAsLong());
    }
    Ratings complete = Ratings.of(ratings);
    Ratings gaps = Ratings.of(withGaps);
    for (Level level : Level.values()) {
      String name = level.name().toLowerCase(Locale.ROOT);
      Estimate.Known alpha = (Estimate.Known) new KrippendorffAlpha(level).of(complete);
      assertThat(alpha.value())
          .isCloseTo(big.getAsJsonObject("alpha").get(name).getAsDouble(), within(1e-8));
      assertThat(alpha.n()).isEqualTo(60_000);
      // Some 0.002 of standard error at 60,000 units: four of them each way at most.
      assertThat(alpha.high() - alpha.low()).isBetween(0.002, 0.02);
      assertThat(new KrippendorffAlpha(level).of(gaps).valueOrNull())
          .isCloseTo(big.getAsJsonObject("alpha_missing").get(name).getAsDouble(), within(1e-8));
    }
  }
}
