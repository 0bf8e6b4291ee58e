package org.alignmentworkbench.model.training;

/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay
/// regularization", 2019, algorithm 2), after clipping the gradient's global norm.
///
/// ```
/// g <- g * min(1, maxGradientNorm / (||g|| + 1e-6))
/// w <- w - lr * weightDecay * w
/// m <- beta1 m + (1 - beta1) g
/// v <- beta2 v + (1 - beta2) g^2
/// w <- w - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
/// ```
///
/// Decay applies to every trained parameter, norms and embeddings too. `eps` is added after the
/// bias correction, as PyTorch does it.
///
/// @param beta1 decay of the first moment, in [0, 1)
/// @param beta2 decay of the second moment, in [0, 1)
/// @param eps added to the root, > 0
/// @param weightDecay >= 0
/// @param maxGradientNorm the norm above which the gradient is scaled down; 0 for never
public record AdamW(
    double beta1, double beta2, double eps, double weightDecay, double maxGradientNorm) {
  /// Checks the ranges.
  public AdamW {
    inUnit("beta1", beta1);
    inUnit("beta2", beta2);
    if (!(eps > 0 && Double.isFinite(eps))) {
      throw new IllegalArgumentException("eps must be finite and > 0, was " + eps);
    }
    if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
      throw new IllegalArgumentException("weightDecay must be finite and >= 0, was " + weightDecay);
    }
    if (!(maxGradientNorm >= 0 && Double.isFinite(maxGradientNorm))) {
      throw new IllegalArgumentException(
          "maxGradientNorm must be finite and >= 0, was " + maxGradientNorm);
    }
  }

  /// beta 0.9 and 0.95, eps 1e-8, norm clipped at 1: what language models are commonly trained
  /// with.
  public static AdamW withDecay(double weightDecay) {
    return new AdamW(0.9, 0.95, 1e-8, weightDecay, 1.0);
  }

  private static void inUnit(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must lie in [0, 1), was " + value);
    }
  }
}
