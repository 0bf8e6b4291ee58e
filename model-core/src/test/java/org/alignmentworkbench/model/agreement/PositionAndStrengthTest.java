package org.alignmentworkbench.model.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Figures;
import org.junit.jupiter.api.Test;

class PositionAndStrengthTest {

  /// Wilson's interval of 56 of 100, by hand; the binomial p is 2 P(X <= 44 | 100, 1/2) = 0.271253.
  @Test
  void the_share_of_left_wins() {
    PositionBias bias = new PositionBias(56, 44);
    Estimate.Known share = (Estimate.Known) bias.leftShare();
    assertThat(share.value()).isEqualTo(0.56);
    assertThat(share.low()).isCloseTo(.462281, within(5e-7));
    assertThat(share.high()).isCloseTo(.653280, within(5e-7));
    assertThat(bias.p()).isCloseTo(0.271253, within(5e-7));
    assertThat(new PositionBias(0, 0).leftShare())
        .isEqualTo(new Estimate.Undefined("no observations"));
    assertThat(new PositionBias(0, 0).p()).isEqualTo(1);
  }

  /// By hand: 80 of 100 the same answer; 15 against 5 both left and both right, p = 2 P(X <= 5 |
  /// 20, 1/2) = 2 * 21700 / 2^20.
  @Test
  void pairs_judged_in_both_orders() {
    SwappedPairs pairs = new SwappedPairs(50, 30, 15, 5);
    assertThat(pairs.consistent().valueOrNull()).isEqualTo(0.8);
    assertThat(pairs.bias().valueOrNull()).isCloseTo(0.1, within(1e-15));
    assertThat(pairs.p()).isCloseTo(2 * 21700 / 1048576.0, within(1e-12));
    SwappedPairs turned = new SwappedPairs(50, 30, 5, 15);
    assertThat(turned.bias().valueOrNull()).isCloseTo(-0.1, within(1e-15));
    assertThat(turned.p()).isEqualTo(pairs.p());
    assertThat(new SwappedPairs(0, 0, 0, 0).bias())
        .isEqualTo(
            new Estimate.Undefined(
                "no pair of answers was judged in both orders with one preferred each time"));
  }

  @Test
  void somebody_who_always_takes_the_left_side_is_found_out() {
    SwappedPairs pairs = new SwappedPairs(0, 0, 40, 0);
    assertThat(pairs.consistent().valueOrNull()).isZero();
    assertThat(pairs.bias().valueOrNull()).isEqualTo(1);
    assertThat(pairs.p()).isLessThan(1e-9);
  }

  @Test
  void seven_point_judgements_as_soft_labels() {
    for (JsonElement element :
        Figures.json("ratings/preference_strength.json")
            .getAsJsonObject()
            .getAsJsonArray("items")) {
      JsonObject row = element.getAsJsonObject();
      int[] judgements =
          Arrays.stream(Figures.doubles(row.get("ratings"))).mapToInt(r -> (int) r).toArray();
      StrengthSummary summary = StrengthSummary.of(3, judgements);
      assertThat(summary.mean()).isCloseTo(row.get("mean").getAsDouble(), within(1e-12));
      assertThat(summary.median()).isCloseTo(row.get("median").getAsDouble(), within(1e-12));
      assertThat(summary.linear()).isCloseTo(row.get("soft_linear").getAsDouble(), within(1e-12));
      assertThat(summary.vote()).isCloseTo(row.get("soft_vote").getAsDouble(), within(1e-12));
      assertThat(summary.sigmoid()).isCloseTo(row.get("soft_sigmoid").getAsDouble(), within(1e-12));
      assertThat(summary.strength()).isCloseTo(row.get("strength").getAsDouble(), within(1e-12));
      assertThat(
              switch (summary.winner()) {
                case POSITIVE -> "a";
                case NEGATIVE -> "b";
                case TIE -> "tie";
              })
          .isEqualTo(row.get("majority").getAsString().toLowerCase(Locale.ROOT));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StrengthSummary.of(3, 1, 4))
        .withMessage("judgements must be -3 to 3, one was 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StrengthSummary.of(3))
        .withMessage("a summary needs a judgement");
  }
}
