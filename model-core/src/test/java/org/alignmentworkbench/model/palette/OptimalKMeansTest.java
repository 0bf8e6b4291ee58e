package org.alignmentworkbench.model.palette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.junit.jupiter.api.Test;

class OptimalKMeansTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");

  /// Optimal errors come from palettization.json (an exact dynamic program in Python, float64). The
  /// fixture's README promises that an exact solver reaches them to 1e-6 relative and that nothing
  /// can go below; 1e-9 is what float64 sums in another order leave.
  @Test
  void every_group_of_the_fixture_reaches_the_optimum_and_none_goes_below_it() throws Exception {
    JsonObject matrices =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("palettization.json")))
            .getAsJsonObject()
            .getAsJsonObject("matrices");
    int groups = 0;
    try (SafetensorsFile file =
        SafetensorsFile.open(FIXTURES.resolve("palettization.safetensors"))) {
      for (String name : file.names()) {
        float[] weights = file.read(name).data();
        int columns = Math.toIntExact(file.info(name).shape().get(1));
        for (Map.Entry<String, com.google.gson.JsonElement> bits :
            matrices.getAsJsonObject(name).getAsJsonObject("bits").entrySet()) {
          int k = 1 << Integer.parseInt(bits.getKey());
          JsonObject expected = bits.getValue().getAsJsonObject();
          JsonArray errors = expected.getAsJsonArray("optimal_mse_per_group");
          for (int g = 0; g < errors.size(); g++) {
            int n = 16 * columns;
            double[] group = new double[n];
            for (int i = 0; i < n; i++) {
              group[i] = weights[g * n + i];
            }
            double[] equal = new double[n];
            Arrays.fill(equal, 1);
            OptimalKMeans.Solution solution = OptimalKMeans.solve(group, equal, k);
            double optimum = errors.get(g).getAsDouble();
            assertThat(solution.cost() / n)
                .as(name + " group " + g + " at " + k)
                .isCloseTo(optimum, within(1e-9 * optimum + 1e-20));
            // The reported cost is the real cost of the centres.
            assertThat(nearestCost(group, equal, solution.centres()))
                .isCloseTo(solution.cost(), within(1e-9 * solution.cost() + 1e-20));
            groups++;
            if (optimum < 1e-12) {
              // Fewer distinct values than centres leave the rest of the table free.
              continue;
            }
            JsonArray table =
                expected.getAsJsonArray("optimal_lut_per_group").get(g).getAsJsonArray();
            for (int c = 0; c < table.size(); c++) {
              // Centres differ by rounding only.
              assertThat(solution.centres()[c]).isCloseTo(table.get(c).getAsDouble(), within(1e-6));
            }
          }
        }
      }
    }
    // 64 + 64 + 48 + 32 + 96 + 96 rows = 25 groups, at two widths.
    assertThat(groups).isEqualTo(50);
  }

  /// By hand: {0, 1} and {9, 11} are the best two clusters; with 10 on the outlier 11 the pair {9,
  /// 11} has centre (9 + 110) / 11 = 119/11 and cost (9 - 119/11)^2 + 10 (11 - 119/11)^2 = 40/11;
  /// {0, 1} costs 1/2.
  @Test
  void importance_pulls_a_centre_towards_what_matters() {
    OptimalKMeans.Solution s =
        OptimalKMeans.solve(new double[] {11, 0, 9, 1}, new double[] {10, 1, 1, 1}, 2);
    assertThat(s.centres()[0]).isCloseTo(0.5, within(1e-12));
    assertThat(s.centres()[1]).isCloseTo(119.0 / 11, within(1e-12));
    assertThat(s.cost()).isCloseTo(0.5 + 40.0 / 11, within(1e-12));
  }

  /// Invariant: an importance of 2 is the same as the value twice. 1e-12 is float64 rounding.
  @Test
  void an_importance_of_two_is_the_value_twice() {
    CounterStream stream = CounterStream.of(7, "k-means", 0, 0);
    double[] values = new double[60];
    double[] importance = new double[60];
    double[] repeated = new double[120];
    for (int i = 0; i < 60; i++) {
      values[i] = stream.normal(i);
      importance[i] = 2;
      repeated[2 * i] = values[i];
      repeated[2 * i + 1] = values[i];
    }
    double[] ones = new double[120];
    Arrays.fill(ones, 1);
    OptimalKMeans.Solution a = OptimalKMeans.solve(values, importance, 4);
    OptimalKMeans.Solution b = OptimalKMeans.solve(repeated, ones, 4);
    assertThat(a.cost()).isCloseTo(b.cost(), within(1e-12));
    for (int j = 0; j < 4; j++) {
      assertThat(a.centres()[j]).isCloseTo(b.centres()[j], within(1e-12));
    }
  }

  /// Brute force over all cuts of 12 sorted values into 3 intervals, random importance.
  @Test
  void no_cut_into_intervals_is_better() {
    for (int trial = 0; trial < 50; trial++) {
      CounterStream stream = CounterStream.of(11, "brute force", 0, trial);
      double[] values = new double[12];
      double[] importance = new double[12];
      for (int i = 0; i < 12; i++) {
        values[i] = stream.normal(i);
        importance[i] = stream.uniform(100 + i);
      }
      OptimalKMeans.Solution solution = OptimalKMeans.solve(values, importance, 3);
      Integer[] order = new Integer[12];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (p, q) -> Double.compare(values[p], values[q]));
      double best = Double.POSITIVE_INFINITY;
      for (int a = 1; a < 11; a++) {
        for (int b = a + 1; b < 12; b++) {
          best =
              Math.min(
                  best,
                  cost(values, importance, order, 0, a)
                      + cost(values, importance, order, a, b)
                      + cost(values, importance, order, b, 12));
        }
      }
      assertThat(solution.cost()).isCloseTo(best, within(1e-12));
    }
  }

  @Test
  void fewer_distinct_values_than_centres_cost_nothing() {
    OptimalKMeans.Solution s =
        OptimalKMeans.solve(new double[] {2, -1, 2}, new double[] {1, 1, 1}, 4);
    assertThat(s.centres()).containsExactly(-1, 2, 2, 2);
    assertThat(s.cost()).isZero();
  }

  @Test
  void values_without_importance_are_ignored_unless_none_has_any() {
    assertThat(OptimalKMeans.solve(new double[] {5, 100}, new double[] {1, 0}, 1).centres())
        .containsExactly(5);
    assertThat(OptimalKMeans.solve(new double[] {5, 7}, new double[] {0, 0}, 1).centres())
        .containsExactly(6);
  }

  @Test
  void rejects_what_has_no_meaning() {
    assertThatThrownBy(
            () -> OptimalKMeans.solve(new double[] {1, Double.NaN}, new double[] {1, 1}, 2))
        .hasMessageContaining("values must be finite, value 1 was NaN");
    assertThatThrownBy(() -> OptimalKMeans.solve(new double[] {1}, new double[] {-1}, 2))
        .hasMessageContaining("importance must be finite and >= 0, entry 0 was -1.0");
    assertThatThrownBy(() -> OptimalKMeans.solve(new double[] {1}, new double[] {1}, 0))
        .hasMessageContaining("k must be at least 1, was 0");
  }

  private static double nearestCost(double[] values, double[] importance, double[] centres) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (double c : centres) {
        least = Math.min(least, (values[i] - c) * (values[i] - c));
      }
      sum += importance[i] * least;
    }
    return sum;
  }

  private static double cost(double[] values, double[] a, Integer[] order, int from, int to) {
    double mass = 0;
    double mean = 0;
    for (int i = from; i < to; i++) {
      mass += a[order[i]];
      mean += a[order[i]] * values[order[i]];
    }
    mean /= mass;
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += a[order[i]] * Math.pow(values[order[i]] - mean, 2);
    }
    return sum;
  }
}
