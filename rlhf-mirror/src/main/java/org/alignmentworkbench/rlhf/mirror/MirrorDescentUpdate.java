package org.alignmentworkbench.rlhf.mirror;

import java.util.Arrays;

/// One step of policy mirror descent on sampled responses: follow the advantage, but pay for every
/// nat by which the new policy leaves the one that made the samples.
///
/// ```
/// maximise  Psi = E_{y ~ pi_k} [ rho * A - gamma * (rho * log rho - rho + 1) ],   rho = pi(y|x) / pi_k(y|x)
/// grad Psi      = E_{y ~ pi_k} [ rho * (A - gamma * log rho) * grad log pi(y|x) ]
/// loss          = -Psi, a mean over the sequences of the batch
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `A` | leave-one-out advantage of the whole response, a constant | `[N]` | reward |
/// | `log rho` | summed token log-ratio of the response to the sampling policy `pi_k` | `[N]` | nats |
/// | `gamma` | price of leaving the previous policy | scalar | reward / nat |
/// | `maxLogRatio` | guard: `abs(log rho)` is cut here before `exp` | scalar | nats |
///
/// `rho * log rho - rho + 1` is never negative and its plain derivative is exactly `rho * log rho`,
/// so the sampled gradient of the divergence is unbiased; the derivatives of the estimators k1, k2,
/// k3 are not (methods table in `MirrorDescentUpdateTest`). At `pi = pi_k` the gamma term vanishes:
/// with one inner step this is the leave-one-out policy gradient.
///
/// A sequence ratio is the exponential of a sum over tokens and can explode with the length. Ratios
/// outside the guard are cut to it, so their pull back to the previous policy stays finite, and
/// counted; a rising count means too many inner steps or too high a rate.
///
/// Domain: gamma finite and >= 0, maxLogRatio > 0, every input finite.
///
/// Source: Tomar et al. 2020, "Mirror Descent Policy Optimization", equation 9; the leave-one-out
/// form of the 2024 Apple foundation-model report. That report prints no value for gamma or the
/// guard.
public record MirrorDescentUpdate(double gamma, double maxLogRatio) {
  /// The guard where none is named: exp(4) = 55 times more likely than when sampled.
  public static final double DEFAULT_MAX_LOG_RATIO = 4;

  /// Checks gamma and the guard.
  public MirrorDescentUpdate {
    if (!(gamma >= 0 && Double.isFinite(gamma))) {
      throw new IllegalArgumentException("gamma must be finite and >= 0, was " + gamma);
    }
    if (!(maxLogRatio > 0 && Double.isFinite(maxLogRatio))) {
      throw new IllegalArgumentException(
          "the largest log-ratio must be finite and > 0, was " + maxLogRatio);
    }
  }

  /// An update with the usual guard.
  public MirrorDescentUpdate(double gamma) {
    this(gamma, DEFAULT_MAX_LOG_RATIO);
  }

  /// What an update needs to know about a batch.
  ///
  /// `lossGradient[i]` is the derivative of the loss with respect to the summed log-probability of
  /// sequence i: it is also the coefficient of each of its tokens.
  public record Terms(
      double loss,
      double[] lossGradient,
      double klToPrevious,
      double largestLogRatio,
      int guarded) {
    @Override
    public String toString() {
      return "Terms[loss="
          + loss
          + ", lossGradient="
          + Arrays.toString(lossGradient)
          + ", klToPrevious="
          + klToPrevious
          + ", largestLogRatio="
          + largestLogRatio
          + ", guarded="
          + guarded
          + "]";
    }
  }

  /// The coefficient of `grad log pi(y|x)` in the ascent direction: `rho * (A - gamma * log rho)`.
  public double coefficient(double advantage, double logRatio) {
    double l = guard(logRatio);
    return Math.exp(l) * (advantage - gamma * l);
  }

  /// Loss and gradient of a batch of sequences, a mean over them; an empty batch has loss 0.
  public Terms of(double[] advantages, double[] logRatios) {
    return of(advantages, logRatios, advantages.length);
  }

  /// The share of some sequences in the loss of a batch of `count`: micro-batches add up to the
  /// batch.
  public Terms of(double[] advantages, double[] logRatios, int count) {
    if (advantages.length != logRatios.length || count < advantages.length) {
      throw new IllegalArgumentException(
          "one log-ratio for each advantage, out of at least as many sequences: were "
              + advantages.length
              + " advantages, "
              + logRatios.length
              + " log-ratios, count "
              + count);
    }
    double[] gradient = new double[advantages.length];
    double loss = 0;
    double kl = 0;
    double largest = 0;
    int guarded = 0;
    for (int i = 0; i < gradient.length; i++) {
      if (!Double.isFinite(advantages[i]) || !Double.isFinite(logRatios[i])) {
        throw new ArithmeticException(
            "sequence "
                + i
                + ": advantage and log-ratio must be finite, were "
                + advantages[i]
                + " and "
                + logRatios[i]);
      }
      double l = guard(logRatios[i]);
      double rho = Math.exp(l);
      double divergence = divergence(l);
      loss -= (rho * advantages[i] - gamma * divergence) / count;
      kl += divergence / count;
      gradient[i] = -rho * (advantages[i] - gamma * l) / count;
      largest = Math.max(largest, Math.abs(logRatios[i]));
      guarded += Math.abs(logRatios[i]) > maxLogRatio ? 1 : 0;
    }
    return new Terms(loss, gradient, kl, largest, guarded);
  }

  /// `rho * log rho - rho + 1` with `l = log rho`: the divergence estimate of one sample, >= 0.
  public static double divergence(double l) {
    // expm1 keeps the digits near rho = 1, where the value is l^2 / 2.
    return Math.max(0, Math.exp(l) * l - Math.expm1(l));
  }

  private double guard(double logRatio) {
    return Math.clamp(logRatio, -maxLogRatio, maxLogRatio);
  }
}
