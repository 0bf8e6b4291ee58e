package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// How a policy is trained on judged pairs.
public record PreferenceSettings(
    @Setting("of DPO or of IPO") Loss loss,
    @Setting(
            value = "DPO: inverse temperature of the implied reward; IPO: tau",
            unit = "1 / nat",
            above = 0)
        double beta,
    @Setting(
            value = "DPO: share of labels taken to be wrong; must be 0 for IPO, which has none",
            atLeast = 0,
            below = 0.5)
        double labelSmoothing,
    @Setting(value = "passes over the pairs", atLeast = 1) int epochs,
    @Setting(value = "pairs of an optimiser step", unit = "pairs", atLeast = 1) int pairsPerStep,
    @Setting(value = "pairs of a micro-batch; bounds memory", unit = "pairs", atLeast = 1)
        int microPairs,
    @Setting(value = "optimiser steps between two saved states", unit = "steps", atLeast = 1)
        int stepsPerUnit,
    @Setting(Setting.RECOMPUTE) boolean recompute,
    @Setting("its steps and their size") OptimizerSettings optimizer) {
  /// The published losses on pairs.
  public enum Loss {
    /// Direct preference optimisation.
    DPO,
    /// Identity preference optimisation.
    IPO
  }

  /// Values for a model of a few million parameters; none is published for the committee's members.
  public static final PreferenceSettings DEFAULT =
      new PreferenceSettings(
          Loss.DPO, 0.1, 0, 1, 16, 8, 5, false, new OptimizerSettings(1e-4, 5, 0.1, 0, 1));

  /// Checks the ranges.
  public PreferenceSettings {
    SettingRule.require(beta > 0 && Double.isFinite(beta), "beta", "finite and > 0", beta);
    SettingRule.require(
        labelSmoothing >= 0 && labelSmoothing < 0.5,
        "labelSmoothing",
        "in [0, 0.5)",
        labelSmoothing);
    SettingRule.require(
        loss == Loss.DPO || labelSmoothing == 0, "labelSmoothing", "0 for IPO", labelSmoothing);
    SettingRule.require(epochs >= 1, "epochs", ">= 1", epochs);
    SettingRule.require(pairsPerStep >= 1, "pairsPerStep", ">= 1", pairsPerStep);
    SettingRule.require(microPairs >= 1, "microPairs", ">= 1", microPairs);
    SettingRule.require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
  }
}
