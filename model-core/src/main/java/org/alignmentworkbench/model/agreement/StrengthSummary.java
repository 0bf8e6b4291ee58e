package org.alignmentworkbench.model.agreement;

import java.util.Arrays;
import org.alignmentworkbench.model.statistics.Percentiles;

/// Several judgements of one pair on a signed scale, in one.
///
/// ```
/// linear  = (mean + s) / 2s          vote = (count above 0 + count at 0 / 2) / n
/// sigmoid = 1 / (1 + exp(-mean))     s = the scale's strongest value
/// ```
///
/// The three are soft labels: probabilities that the answer on the positive side is the better one.
///
/// @param mean of the judgements
/// @param median of the judgements
/// @param linear the mean, stretched to [0, 1]
/// @param vote the share of judges for the positive side, a tie counting half
/// @param sigmoid the mean taken as log-odds
/// @param winner the side with more judges
public record StrengthSummary(
    double mean, double median, double linear, double vote, double sigmoid, Winner winner) {

  /// The side with more judges.
  public enum Winner {
    /// The answer that positive numbers stand for.
    POSITIVE,
    /// The answer that negative numbers stand for.
    NEGATIVE,
    /// As many for one as for the other.
    TIE
  }

  /// Sums up judgements.
  ///
  /// @param strongest the largest number of the scale, 3 for -3 to 3
  /// @param judgements at least one, from -strongest to strongest
  public static StrengthSummary of(int strongest, int... judgements) {
    if (judgements.length == 0) {
      throw new IllegalArgumentException("a summary needs a judgement");
    }
    int positive = 0;
    int negative = 0;
    for (int judgement : judgements) {
      if (Math.abs(judgement) > strongest) {
        throw new IllegalArgumentException(
            "judgements must be -" + strongest + " to " + strongest + ", one was " + judgement);
      }
      positive += judgement > 0 ? 1 : 0;
      negative += judgement < 0 ? 1 : 0;
    }
    double mean = Arrays.stream(judgements).average().orElseThrow();
    int n = judgements.length;
    return new StrengthSummary(
        mean,
        Percentiles.of(Arrays.stream(judgements).asDoubleStream().toArray()).median(),
        (mean + strongest) / (2.0 * strongest),
        (positive + 0.5 * (n - positive - negative)) / n,
        1 / (1 + Math.exp(-mean)),
        positive > negative ? Winner.POSITIVE : positive < negative ? Winner.NEGATIVE : Winner.TIE);
  }

  /// How strong the preference is, whatever the side.
  public double strength() {
    return Math.abs(mean);
  }
}
