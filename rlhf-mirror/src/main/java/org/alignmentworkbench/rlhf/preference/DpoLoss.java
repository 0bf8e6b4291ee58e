package org.alignmentworkbench.rlhf.preference;

/// Direct preference optimisation: raise the chosen response against the rejected one, measured
/// relative to a frozen reference.
///
/// ```
/// d    = (log pi(c) - log ref(c)) - (log pi(r) - log ref(r))
/// loss = -(1 - s) * log sigmoid(beta * d) - s * log sigmoid(-beta * d)
/// d loss / d log pi(c) = beta * (sigmoid(beta * d) - (1 - s)) = - d loss / d log pi(r)
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | every log-probability | **summed** over the response tokens | scalar | nats |
/// | `beta` | inverse temperature of the implied reward | scalar | 1 / nat |
/// | `s` | label smoothing: the share of pairs whose label is taken to be wrong | scalar | probability |
///
/// At `pi = ref` the loss is ln 2. Any finite margin is exact to rounding: no overflow, and the
/// gradient of a margin far on the right side underflows to 0. Domain: beta finite and > 0, s in
/// [0, 1/2), inputs finite.
///
/// Source: Rafailov et al. 2023, equation 7; smoothing: Mitchell 2023 (cDPO).
public record DpoLoss(double beta, double labelSmoothing) {
  /// Checks beta and the smoothing.
  public DpoLoss {
    if (!(beta > 0 && Double.isFinite(beta))) {
      throw new IllegalArgumentException("beta must be finite and > 0, was " + beta);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "label smoothing must be in [0, 0.5), was " + labelSmoothing);
    }
  }

  /// Loss of one pair and its derivatives with respect to the policy's two summed
  /// log-probabilities.
  public PairTerms of(double chosen, double rejected, double refChosen, double refRejected) {
    double x =
        Logistic.finite("the margin", beta * ((chosen - refChosen) - (rejected - refRejected)));
    double loss =
        (1 - labelSmoothing) * Logistic.softplus(-x) + labelSmoothing * Logistic.softplus(x);
    // -(1 - s) * sigmoid(-x) + s * sigmoid(x): no cancellation for a large margin, unlike
    // sigmoid(x) - (1 - s).
    double gradient =
        beta * (labelSmoothing * Logistic.sigmoid(x) - (1 - labelSmoothing) * Logistic.sigmoid(-x));
    return new PairTerms(loss, gradient, -gradient);
  }

  /// The reward that the policy implies for a response: `beta * (log pi - log ref)`.
  public double impliedReward(double logProb, double refLogProb) {
    return beta * (logProb - refLogProb);
  }
}
