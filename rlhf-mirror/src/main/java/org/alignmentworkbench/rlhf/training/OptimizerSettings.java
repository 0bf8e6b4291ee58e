package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// The optimiser of a training and its learning rate over the steps.
///
/// ```
/// rate(s) = learningRate * min(1, (s + 1) / warmupSteps) * (f + (1 - f) * (1 + cos(pi * s / steps)) / 2)
/// ```
public record OptimizerSettings(
    @Setting(value = "the peak rate", above = 0) double learningRate,
    @Setting(value = "steps of linear warm-up; 0 for none", unit = "steps", atLeast = 0)
        int warmupSteps,
    @Setting(
            value =
                "share of the peak left at the end of the cosine (f); 1 keeps the rate constant",
            atLeast = 0,
            atMost = 1)
        double finalFraction,
    @Setting(value = "decoupled decay of AdamW", atLeast = 0) double weightDecay,
    @Setting(value = "global norm that gradients are clipped to", above = 0)
        double maxGradientNorm) {
  /// Checks the ranges.
  public OptimizerSettings {
    SettingRule.require(
        learningRate > 0 && Double.isFinite(learningRate), "learningRate", "> 0", learningRate);
    SettingRule.require(warmupSteps >= 0, "warmupSteps", ">= 0", warmupSteps);
    SettingRule.require(
        finalFraction >= 0 && finalFraction <= 1, "finalFraction", "in 0..1", finalFraction);
    SettingRule.require(
        weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", ">= 0", weightDecay);
    SettingRule.require(maxGradientNorm > 0, "maxGradientNorm", "> 0", maxGradientNorm);
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
}
