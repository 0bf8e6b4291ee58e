package org.alignmentworkbench.rlhf.training;

import java.util.EnumMap;
import java.util.Map;
import org.alignmentworkbench.rlhf.preference.PreferenceStrength;

/// How often a reward model scores the chosen answer higher, over all pairs and for each strength.
///
/// | component | meaning |
/// |---|---|
/// | `pairs`, `correct` | pairs measured, and those with a positive margin (a tie counts as wrong) |
/// | `loss` | mean training loss over the pairs, nats |
/// | `byStrength` | pairs and correct ones for each strength that occurs |
public record RewardModelQuality(
    int pairs, int correct, double loss, Map<PreferenceStrength, Share> byStrength) {
  /// Some pairs of one strength.
  public record Share(int pairs, int correct) {}

  /// Copies the table.
  public RewardModelQuality {
    byStrength = Map.copyOf(byStrength);
  }

  /// The share of correct pairs; NaN without pairs.
  public double accuracy() {
    return pairs == 0 ? Double.NaN : (double) correct / pairs;
  }

  static final class Tally {
    private final EnumMap<PreferenceStrength, Share> byStrength =
        new EnumMap<>(PreferenceStrength.class);
    private int pairs;
    private int correct;
    private double loss;

    void add(PreferenceStrength strength, double margin, double pairLoss) {
      int right = margin > 0 ? 1 : 0;
      pairs++;
      correct += right;
      loss += pairLoss;
      byStrength.merge(
          strength,
          new Share(1, right),
          (a, b) -> new Share(a.pairs() + b.pairs(), a.correct() + b.correct()));
    }

    RewardModelQuality quality() {
      return new RewardModelQuality(
          pairs, correct, pairs == 0 ? Double.NaN : loss / pairs, byStrength);
    }
  }
}
