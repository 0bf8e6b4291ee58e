package org.alignmentworkbench.model.compression;

/// Pulls a student's predictions towards a fixed teacher's, on tokens that the teacher sampled.
///
/// ```
/// wanted:    KL(p || q) at each position, minimised over q
/// estimate:  k = r - 1 - log r,          r = q(y) / p(y),  y ~ p
/// derivative of the estimate:  dk / d log q(y) = r - 1
/// ```
///
/// | symbol | shape | unit |
/// |---|---|---|
/// | `p`, `q` | scalar | probability of the sampled token under teacher and student |
/// | `k` | scalar | nats, at least 0 |
///
/// Both are unbiased: `E_p[r - 1] = 0` turns `k` into `E_p[-log r]`, and because `sum_v q_v grad
/// log q_v = 0`, `E_p[(r - 1) grad log q(y)] = -E_p[grad log q(y)]`, the gradient of the
/// divergence. (The same derivative would be biased where the tokens come from the model that is
/// trained; here they come from the teacher.) Unlike the plain likelihood of samples, whose
/// gradient stays noisy, this one's noise vanishes as the student reaches the teacher, so an
/// adapter that starts near does not walk away. The estimate is Schulman's k3 ("Approximating KL
/// divergence", 2020).
///
/// A ratio above [#LARGEST_RATIO] counts as that: one token that the teacher sampled against all
/// odds must not outweigh a batch.
public final class DistillationLoss {
  /// Largest ratio of probabilities that is told apart.
  public static final double LARGEST_RATIO = 10;

  private DistillationLoss() {}

  /// The estimate of the divergence from one token.
  ///
  /// @param teacher `log p(y)`
  /// @param student `log q(y)`
  public static double of(double teacher, double student) {
    double l = Math.min(student - teacher, Math.log(LARGEST_RATIO));
    // expm1 keeps the digits where both terms nearly cancel.
    return Math.expm1(l) - l;
  }

  /// Its derivative with respect to `log q(y)`.
  public static double derivative(double teacher, double student) {
    return Math.expm1(Math.min(student - teacher, Math.log(LARGEST_RATIO)));
  }
}
