package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.model.training.AdamW;

/// The optimiser of a training and its learning rate over the steps.
///
/// ```
/// rate(s) = learningRate * min(1, (s + 1) / warmupSteps) * (f + (1 - f) * (1 + cos(pi * s / steps)) / 2)
/// ```
///
/// | component | meaning |
/// |---|---|
/// | `learningRate` | peak rate |
/// | `warmupSteps` | steps of linear warm-up; 0 for none |
/// | `finalFraction` | `f`: share of the peak left at the end of the cosine; 1 keeps the rate constant |
/// | `weightDecay` | decoupled decay of AdamW |
/// | `maxGradientNorm` | the global norm gradients are clipped to |
public record OptimizerSettings(
    double learningRate,
    int warmupSteps,
    double finalFraction,
    double weightDecay,
    double maxGradientNorm) {
  /// Checks the ranges.
  public OptimizerSettings {
    require(learningRate > 0 && Double.isFinite(learningRate), "learningRate", "> 0", learningRate);
    require(warmupSteps >= 0, "warmupSteps", ">= 0", warmupSteps);
    require(finalFraction >= 0 && finalFraction <= 1, "finalFraction", "in 0..1", finalFraction);
    require(weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", ">= 0", weightDecay);
    require(maxGradientNorm > 0, "maxGradientNorm", "> 0", maxGradientNorm);
  }

  /// AdamW with the betas and epsilon that language models are tuned with.
  public AdamW adamW() {
    return new AdamW(0.9, 0.95, 1e-8, weightDecay, maxGradientNorm);
  }

  /// The learning rate of step `step` (from 0) out of `steps`.
  public double rate(long step, long steps) {
    double warm = warmupSteps == 0 ? 1 : Math.min(1, (step + 1.0) / warmupSteps);
    double cosine = (1 + Math.cos(Math.PI * step / Math.max(1, steps))) / 2;
    return learningRate * warm * (finalFraction + (1 - finalFraction) * cosine);
  }

  static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", was " + value);
    }
  }
}
