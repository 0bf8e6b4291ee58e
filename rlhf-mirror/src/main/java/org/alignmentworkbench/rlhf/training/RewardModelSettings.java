package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// How a reward model is trained.
public record RewardModelSettings(
    @Setting(value = "weight of the grade heads; not published", atLeast = 0) double lambda,
    @Setting(value = "weight of the centring term; 0 for none", atLeast = 0) double centring,
    @Setting(
            value = "passes over the pairs; the epoch with the lowest held-out loss is kept",
            atLeast = 1)
        int epochs,
    @Setting(value = "pairs of an optimiser step", unit = "pairs", atLeast = 1) int pairsPerStep,
    @Setting(value = "pairs of a micro-batch; bounds memory", unit = "pairs", atLeast = 1)
        int microPairs,
    @Setting(value = "optimiser steps between two saved states", unit = "steps", atLeast = 1)
        int stepsPerUnit,
    @Setting(
            value = "share of the pairs (by prompt) kept back to measure the reward model",
            atLeast = 0,
            below = 1)
        double heldOutShare,
    @Setting(Setting.RECOMPUTE) boolean recompute,
    @Setting("its steps and their size") OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters and about a thousand pairs.
  public static final RewardModelSettings DEFAULT =
      new RewardModelSettings(
          1, 0.01, 3, 16, 16, 10, 0.15, false, new OptimizerSettings(1e-3, 10, 0.1, 0.01, 1));

  /// Checks the ranges.
  public RewardModelSettings {
    SettingRule.require(
        lambda >= 0 && Double.isFinite(lambda), "lambda", "finite and >= 0", lambda);
    SettingRule.require(
        centring >= 0 && Double.isFinite(centring), "centring", "finite and >= 0", centring);
    SettingRule.require(epochs >= 1, "epochs", ">= 1", epochs);
    SettingRule.require(pairsPerStep >= 1, "pairsPerStep", ">= 1", pairsPerStep);
    SettingRule.require(microPairs >= 1, "microPairs", ">= 1", microPairs);
    SettingRule.require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
    SettingRule.require(
        heldOutShare >= 0 && heldOutShare < 1, "heldOutShare", "in [0, 1)", heldOutShare);
  }
}
