package org.alignmentworkbench.rlhf.preference;

/// Identity preference optimisation: pull the log-ratio difference of a pair to a fixed target
/// instead of pushing it on for ever.
///
/// ```
/// h    = (log pi(c) - log ref(c)) / |c| - (log pi(r) - log ref(r)) / |r|
/// loss = (h - 1 / (2 tau))^2
/// d loss / d log pi(c) = 2 (h - 1 / (2 tau)) / |c|        d loss / d log pi(r) = -2 (h - 1 / (2 tau)) / |r|
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | every log-probability | summed over the response tokens | scalar | nats |
/// | `abs(c)`, `abs(r)` | response tokens, the end of turn included | scalar | tokens |
/// | `tau` | regularisation; the target is `1 / (2 tau)` nats a token | scalar | 1 / nat |
///
/// The **mean** a token, as in the authors' reported results: with sums the loss grows with length.
/// At `pi = ref` the loss is `1 / (4 tau^2)`. Domain: tau finite and > 0; token counts > 0.
///
/// Source: Azar et al. 2023, equation 17; the mean: the `ipo` branch of TRL's `dpo_trainer.py`.
public record IpoLoss(double tau) {
  /// Checks tau.
  public IpoLoss {
    if (!(tau > 0 && Double.isFinite(tau))) {
      throw new IllegalArgumentException("tau must be finite and > 0, was " + tau);
    }
  }

  /// Loss of one pair and its derivatives with respect to the policy's two summed
  /// log-probabilities.
  public PairTerms of(
      double chosen,
      double rejected,
      double refChosen,
      double refRejected,
      int chosenTokens,
      int rejectedTokens) {
    if (chosenTokens <= 0 || rejectedTokens <= 0) {
      throw new IllegalArgumentException(
          "a response must have tokens, chosen has "
              + chosenTokens
              + " and rejected "
              + rejectedTokens);
    }
    double h = (chosen - refChosen) / chosenTokens - (rejected - refRejected) / rejectedTokens;
    double distance = Logistic.finite("the margin", h) - 1 / (2 * tau);
    return new PairTerms(
        distance * distance, 2 * distance / chosenTokens, -2 * distance / rejectedTokens);
  }
}
