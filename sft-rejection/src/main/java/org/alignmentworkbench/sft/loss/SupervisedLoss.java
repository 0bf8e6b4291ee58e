package org.alignmentworkbench.sft.loss;

import java.util.List;

/// Cross-entropy of the supervised tokens, a mean over all of them in the optimiser step.
///
/// ```
/// loss = -(1 / N) * sum over rows i, tokens t with mask(i, t) of log p(i, t),    N = sum of masks over the WHOLE step
/// d loss / d log p(i, t) = -mask(i, t) / N
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `log p` | log-probability of each token given those before it | `[rows][T]` | nats |
/// | `mask` | true where the token is supervised (assistant content and its end of turn) | `[rows][T]` | |
/// | `N` | supervised tokens of the step, over all micro-batches | scalar | tokens |
///
/// Normalising by the step, not by the micro-batch or the row, makes the gradient the same however
/// the step is cut. A step without supervised tokens has loss 0 and weight 0, not NaN.
///
/// Source: the token-level mean that TRL and torchtune settled on (TRL commit d14f7f3eb tells why).
public final class SupervisedLoss {
  private SupervisedLoss() {}

  /// The supervised tokens of some rows.
  public static int tokens(List<boolean[]> masks) {
    int count = 0;
    for (boolean[] mask : masks) {
      for (boolean supervised : mask) {
        count += supervised ? 1 : 0;
      }
    }
    return count;
  }

  /// The loss coefficient of each token of a row: `-1 / N` where supervised, 0 elsewhere.
  public static float[] coefficients(boolean[] mask, int stepTokens) {
    float[] coefficients = new float[mask.length];
    for (int t = 0; t < mask.length; t++) {
      if (mask[t]) {
        if (stepTokens <= 0) {
          throw new IllegalArgumentException(
              "a step that supervises a token must count it, count was " + stepTokens);
        }
        coefficients[t] = -1f / stepTokens;
      }
    }
    return coefficients;
  }

  /// The summed negative log-probability of the supervised tokens of a row, in nats.
  public static double negativeLogLikelihood(float[] logProbs, boolean[] mask) {
    if (logProbs.length != mask.length) {
      throw new IllegalArgumentException(
          "one log-probability for each token, were " + logProbs.length + " for " + mask.length);
    }
    double sum = 0;
    for (int t = 0; t < mask.length; t++) {
      sum -= mask[t] ? logProbs[t] : 0;
    }
    return sum;
  }
}
