package org.alignmentworkbench.rlhf.kl;

/// One-sample estimates of `KL(pi || ref)` for samples drawn from `pi`.
///
/// ```
/// l  = log pi(y) - log ref(y)           u = ref(y) / pi(y) = exp(-l)
/// k1 = l        k2 = l^2 / 2        k3 = u - 1 - log u = exp(-l) - 1 + l
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `l` | log-ratio of a sample: a token's, or a response's sum | scalar | nats |
/// | result | estimate of the divergence | scalar | nats |
///
/// k1 is unbiased and may be negative; k2 is biased and has little spread; k3 is unbiased (exactly,
/// not as a cut series) and never negative. These are for **measuring**. In a reward, k1 gives the
/// gradient of the divergence; differentiated as a loss, k1 has zero mean gradient and k3 a biased
/// one.
///
/// Source: Schulman 2020, "Approximating KL divergence"; the warnings on gradients: arXiv
/// 2510.01555.
public enum KlEstimate {
  /// The log-ratio itself.
  K1 {
    @Override
    public double of(double l) {
      return l;
    }
  },
  /// Half its square.
  K2 {
    @Override
    public double of(double l) {
      return l * l / 2;
    }
  },
  /// The ratio less one, plus the log-ratio.
  K3 {
    @Override
    public double of(double l) {
      // expm1 keeps the digits where both terms nearly cancel.
      return Math.expm1(-l) + l;
    }
  };

  /// The estimate for one log-ratio.
  public abstract double of(double l);

  /// The mean over samples; 0 samples have no estimate.
  public double mean(double[] logRatios) {
    if (logRatios.length == 0) {
      throw new IllegalArgumentException("a divergence estimate needs at least one sample, was 0");
    }
    double sum = 0;
    for (double l : logRatios) {
      sum += of(l);
    }
    return sum / logRatios.length;
  }
}
