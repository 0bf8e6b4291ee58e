package org.alignmentworkbench.rlhf.advantage;

/// How much better a response is than the mean of its siblings: the other responses sampled for the
/// same prompt.
///
/// ```
/// A_i = R_i - (1 / (m - 1)) * sum over scorable j != i of R_j  =  m / (m - 1) * (R_i - mean R)
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `R` | rewards of one prompt's responses; NaN marks one that could not be scored | `[K]` | reward |
/// | `m` | number of scorable responses of the prompt | scalar | count |
/// | `A` | advantages | `[K]` | reward |
///
/// Domain: K >= 2, every reward finite or NaN. An unscorable response takes no part in its
/// siblings' baseline and has advantage 0; so has a response with no scorable sibling. The
/// advantages of a prompt sum to 0, do not change when a constant is added to all rewards and scale
/// with them. Computed from differences to the mean in double precision, so a large common offset
/// costs no more than its own rounding. No division by a deviation: with few responses that
/// explodes on equal rewards.
///
/// Source: Ahmadian et al. 2024, "Back to Basics", section 3.2; Kool et al. 2019.
public final class LeaveOneOutAdvantage {
  private LeaveOneOutAdvantage() {}

  /// The advantages of one prompt's K rewards.
  public static double[] of(double[] rewards) {
    if (rewards.length < 2) {
      throw new IllegalArgumentException(
          "leave-one-out needs K >= 2 responses for a prompt, was " + rewards.length);
    }
    int scorable = 0;
    double sum = 0;
    for (int i = 0; i < rewards.length; i++) {
      if (Double.isInfinite(rewards[i])) {
        throw new IllegalArgumentException(
            "reward " + i + " must be finite, or NaN where unscorable, was " + rewards[i]);
      }
      if (!Double.isNaN(rewards[i])) {
        scorable++;
        sum += rewards[i];
      }
    }
    double[] advantages = new double[rewards.length];
    if (scorable < 2) {
      return advantages;
    }
    double mean = sum / scorable;
    double scale = scorable / (scorable - 1.0);
    for (int i = 0; i < rewards.length; i++) {
      advantages[i] = Double.isNaN(rewards[i]) ? 0 : scale * (rewards[i] - mean);
    }
    return advantages;
  }
}
