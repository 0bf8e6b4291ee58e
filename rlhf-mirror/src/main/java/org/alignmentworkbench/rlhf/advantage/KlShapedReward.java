package org.alignmentworkbench.rlhf.advantage;

/// The reward of a whole response less what it costs to move away from the reference policy.
///
/// ```
/// R = r - beta * sum over response tokens t of (log pi(t) - log ref(t))
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `r` | reward-model score of the response | scalar | reward |
/// | `log pi`, `log ref` | log-probabilities of the sampled tokens under the sampling policy and the reference | `[T]` | nats |
/// | `mask` | true on response tokens, the end of turn included | `[T]` | |
/// | `beta` | price of a nat | scalar | reward / nat |
///
/// A **sum**, never a mean: twice the length at the same ratio costs twice as much. The log-ratio
/// of a single sample may be negative; only its expectation is a divergence (estimator k1). The
/// result is a constant for the update that follows: no gradient runs through it. An empty mask
/// gives `R = r`; a NaN score stays NaN (unscorable). Domain: beta finite and >= 0.
///
/// Source: Ahmadian et al. 2024, equation 1 with the divergence in the reward.
public record KlShapedReward(double beta) {
  /// Checks beta.
  public KlShapedReward {
    if (!(beta >= 0 && Double.isFinite(beta))) {
      throw new IllegalArgumentException("beta must be finite and >= 0, was " + beta);
    }
  }

  /// The shaped reward from the summed log-ratio of the response.
  public double of(double reward, double logRatio) {
    if (!Double.isFinite(logRatio)) {
      throw new IllegalArgumentException("log-ratio must be finite, was " + logRatio);
    }
    return reward - beta * logRatio;
  }

  /// The shaped reward from token log-probabilities.
  public double of(double reward, double[] logProbs, double[] refLogProbs, boolean[] mask) {
    return of(reward, logRatio(logProbs, refLogProbs, mask));
  }

  /// The log-ratio of the response, `log pi(y) - log ref(y)`, in nats.
  public static double logRatio(double[] logProbs, double[] refLogProbs, boolean[] mask) {
    if (logProbs.length != refLogProbs.length || logProbs.length != mask.length) {
      throw new IllegalArgumentException(
          "log-probabilities, reference log-probabilities and mask must have one length, were "
              + logProbs.length
              + ", "
              + refLogProbs.length
              + " and "
              + mask.length);
    }
    double sum = 0;
    for (int t = 0; t < mask.length; t++) {
      if (mask[t]) {
        sum += logProbs[t] - refLogProbs[t];
      }
    }
    return sum;
  }
}
