package org.alignmentworkbench.rlhf.mirror;

/// Mirror descent on a policy that is a table of action probabilities, solved exactly. It is the
/// yardstick of the sampled update: everything about it is known.
///
/// ```
/// J(pi)      = E_pi[r] - beta * KL(pi || ref)                 maximised by pi* ~ ref * exp(r / beta)
/// pi_{k+1}   = argmax over pi of  E_pi[A_k] - gamma * KL(pi || pi_k),   A_k = r - beta * log(pi_k / ref) - mean
///            ~ pi_k^(1 - beta/gamma) * ref^(beta/gamma) * exp(r / gamma)
/// ```
///
/// | symbol | meaning | shape | unit |
/// |---|---|---|---|
/// | `r` | reward of each action | `[n]` | reward |
/// | `ref`, `pi` | log-probabilities of reference and policy | `[n]` | nats |
/// | `beta` | price of a nat away from the reference | scalar | reward / nat |
/// | `gamma` | price of a nat away from the previous policy | scalar | reward / nat |
///
/// With `z = log(pi / ref)`: `z_{k+1} = (1 - beta/gamma) z_k + r/gamma + const`, so the error
/// shrinks by `1 - beta/gamma` each step: it converges if and only if gamma > beta/2, at gamma =
/// beta in a single step, and alternates for ever at gamma = beta/2. All in log space:
/// probabilities may underflow.
///
/// Domain: beta, gamma > 0; at least one action; log-probabilities finite.
public record TabularMirrorDescent(
    double[] rewards, double[] refLogProbs, double beta, double gamma) {
  /// Copies the tables and checks them.
  public TabularMirrorDescent {
    if (rewards.length == 0 || rewards.length != refLogProbs.length) {
      throw new IllegalArgumentException(
          "one reference log-probability for each of at least one reward, were "
              + refLogProbs.length
              + " and "
              + rewards.length);
    }
    if (!(beta > 0 && gamma > 0 && Double.isFinite(beta) && Double.isFinite(gamma))) {
      throw new IllegalArgumentException(
          "beta and gamma must be finite and > 0, were " + beta + " and " + gamma);
    }
    rewards = rewards.clone();
    refLogProbs = normalised(refLogProbs);
  }

  /// Whether the exact iteration converges: gamma > beta / 2.
  public boolean converges() {
    return gamma > beta / 2;
  }

  /// The log-probabilities of the policy after one exact step from `logProbs`.
  public double[] next(double[] logProbs) {
    double[] next = new double[rewards.length];
    for (int a = 0; a < next.length; a++) {
      next[a] =
          (1 - beta / gamma) * logProbs[a] + beta / gamma * refLogProbs[a] + rewards[a] / gamma;
    }
    return normalised(next);
  }

  /// The log-probabilities of the optimum `ref * exp(r / beta)`.
  public double[] optimum() {
    double[] best = new double[rewards.length];
    for (int a = 0; a < best.length; a++) {
      best[a] = refLogProbs[a] + rewards[a] / beta;
    }
    return normalised(best);
  }

  /// `J(pi)`.
  public double objective(double[] logProbs) {
    double value = 0;
    for (int a = 0; a < rewards.length; a++) {
      value += Math.exp(logProbs[a]) * (rewards[a] - beta * (logProbs[a] - refLogProbs[a]));
    }
    return value;
  }

  /// `A_k`: the shaped reward of each action less its mean under the policy itself.
  public double[] advantages(double[] logProbs) {
    double mean = objective(logProbs);
    double[] advantages = new double[rewards.length];
    for (int a = 0; a < rewards.length; a++) {
      advantages[a] = rewards[a] - beta * (logProbs[a] - refLogProbs[a]) - mean;
    }
    return advantages;
  }

  /// The surrogate `E_pi[A_k] - gamma * KL(pi || pi_k)` at the policy `softmax(logits)`.
  public double surrogate(double[] previousLogProbs, double[] logits) {
    double[] logProbs = normalised(logits);
    double[] advantages = advantages(previousLogProbs);
    double value = 0;
    for (int a = 0; a < rewards.length; a++) {
      value +=
          Math.exp(logProbs[a]) * (advantages[a] - gamma * (logProbs[a] - previousLogProbs[a]));
    }
    return value;
  }

  /// The gradient of the surrogate with respect to the logits, as training sees it: the mean over
  /// `y ~ pi_k` of the update's coefficient times `grad log pi(y) = onehot(y) - pi`.
  public double[] surrogateGradient(double[] previousLogProbs, double[] logits) {
    double[] logProbs = normalised(logits);
    double[] advantages = advantages(previousLogProbs);
    double[] gradient = new double[rewards.length];
    for (int y = 0; y < rewards.length; y++) {
      double logRatio = logProbs[y] - previousLogProbs[y];
      // pi_k(y) * rho(y) = pi(y), taken as one exponential: each factor alone may under- or
      // overflow.
      double weight = Math.exp(logProbs[y]) * (advantages[y] - gamma * logRatio);
      for (int a = 0; a < rewards.length; a++) {
        gradient[a] += weight * ((a == y ? 1 : 0) - Math.exp(logProbs[a]));
      }
    }
    return gradient;
  }

  /// Log-probabilities of the softmax of `logits`.
  static double[] normalised(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - max);
    }
    double logSum = max + Math.log(sum);
    double[] logProbs = new double[logits.length];
    for (int a = 0; a < logits.length; a++) {
      logProbs[a] = logits[a] - logSum;
    }
    return logProbs;
  }
}
