package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.agreement.DawidSkene.Consensus;
import org.alignmentworkbench.model.agreement.DawidSkene.Reliability;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Against crowd-kit's Dawid-Skene and majority vote; the files' README says how they were made.
class DawidSkene1979Test {
  static final List<JsonElement> SETS =
      Figures.json("ratings/crowd_labels.json").getAsJsonArray().asList();

  /// Names such as "t07", "w2" and "c1" are numbers with a letter.
  private static int number(String name) {
    return Integer.parseInt(name.substring(1));
  }

  private static Ratings ratings(JsonObject set) {
    List<Rating> ratings = new ArrayList<>();
    for (JsonElement row : set.getAsJsonArray("rows")) {
      JsonArray cells = row.getAsJsonArray();
      ratings.add(
          new Rating(
              number(cells.get(0).getAsString()),
              number(cells.get(1).getAsString()),
              number(cells.get(2).getAsString())));
    }
    return Ratings.of(ratings);
  }

  @ParameterizedTest
  @FieldSource("SETS")
  void votes(JsonElement element) {
    JsonObject set = element.getAsJsonObject();
    MajorityVote votes = MajorityVote.of(ratings(set));
    assertShares(set.getAsJsonObject("majority_vote_probas"), votes.units(), votes.shares());
  }

  @ParameterizedTest
  @FieldSource("SETS")
  void consensus_after_1_10_and_100_steps(JsonElement element) {
    JsonObject set = element.getAsJsonObject();
    for (int steps : new int[] {1, 10, 100}) {
      JsonObject expected = set.getAsJsonObject("dawid_skene_n_iter_" + steps);
      Consensus consensus = new DawidSkene(steps, 1e-5).fit(ratings(set));
      double[] losses = Figures.doubles(expected.get("loss_history"));
      assertThat(consensus.losses()).hasSize(losses.length);
      for (int i = 0; i < losses.length; i++) {
        assertThat(consensus.losses().get(i)).isCloseTo(losses[i], within(1e-6));
      }
      int last = losses.length - 1;
      assertThat(consensus.converged())
          .isEqualTo(last > 0 && losses[last] - losses[last - 1] < 1e-5);
      assertShares(expected.getAsJsonObject("probas"), consensus.units(), consensus.posteriors());
      JsonObject priors = expected.getAsJsonObject("priors");
      for (String label : priors.keySet()) {
        assertThat(consensus.priors()[number(label)])
            .isCloseTo(priors.get(label).getAsDouble(), within(1e-6));
      }
      JsonObject errors = expected.getAsJsonObject("errors_[worker][observed][true]");
      assertThat(consensus.raters()).hasSize(errors.size());
      for (Reliability rater : consensus.raters()) {
        JsonObject ofRater = errors.getAsJsonObject("w" + rater.rater());
        for (String said : ofRater.keySet()) {
          for (String truth : ofRater.getAsJsonObject(said).keySet()) {
            assertThat(rater.errors()[number(said)][number(truth)])
                .isCloseTo(ofRater.getAsJsonObject(said).get(truth).getAsDouble(), within(1e-6));
          }
        }
      }
      JsonObject labels = expected.getAsJsonObject("labels");
      for (int u = 0; u < consensus.units().length; u++) {
        if (consensus.certainty(u) < 0.5 + 1e-6 && consensus.certainty(u) > 0.5 - 1e-6) {
          continue; // a tie, which the package breaks by its own order
        }
        assertThat((int) consensus.winner(u))
            .isEqualTo(number(labels.get("t%02d".formatted(consensus.units()[u])).getAsString()));
      }
    }
  }

  private static void assertShares(JsonObject expected, long[] units, double[][] shares) {
    assertThat(units).hasSize(expected.size());
    for (int u = 0; u < units.length; u++) {
      JsonObject row = expected.getAsJsonObject("t%02d".formatted(units[u]));
      for (String label : row.keySet()) {
        assertThat(shares[u][number(label)])
            .as("task %d, %s", units[u], label)
            .isCloseTo(row.get(label).getAsDouble(), within(1e-6));
      }
    }
  }

  /// Three who are right nine times in ten and one who nearly always says the opposite.
  @Test
  void an_adversary_counts_as_a_witness_for_the_opposite() {
    JsonObject set = SETS.get(2).getAsJsonObject();
    Consensus consensus = DawidSkene.standard().fit(ratings(set));
    JsonArray truth = set.getAsJsonArray("truth");
    int right = 0;
    for (int u = 0; u < truth.size(); u++) {
      right += consensus.winner(u) == number(truth.get(u).getAsString()) ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(23);
    assertThat(consensus.raters().get(3).accuracy(consensus.priors())).isLessThan(0.3);
    assertThat(consensus.raters().get(0).accuracy(consensus.priors())).isGreaterThan(0.7);
  }

  @Test
  void votes_say_where_they_tie() {
    MajorityVote votes = MajorityVote.of(Matrices.units("12", "112", "221"));
    assertThat(votes.isTied(0)).isTrue();
    assertThat(votes.winner(0)).isEqualTo(1);
    assertThat(votes.isTied(1)).isFalse();
    assertThat(votes.winner(2)).isEqualTo(2);
  }

  @Test
  void too_little_to_learn_from_says_why() {
    DawidSkene method = DawidSkene.standard();
    assertThat(method.obstacle(Ratings.of(List.of())))
        .isEqualTo(new Estimate.Undefined("there are no judgements"));
    assertThat(method.obstacle(Matrices.units("111")))
        .isEqualTo(new Estimate.Undefined("everybody gave the same value"));
    assertThat(method.obstacle(Matrices.units("12", "22")))
        .isEqualTo(new Estimate.Undefined("it takes three people to tell who of them is reliable"));
    assertThat(method.obstacle(Matrices.units("122"))).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> method.fit(Ratings.of(List.of())))
        .withMessage("there are no judgements to find the truth in");
  }
}
