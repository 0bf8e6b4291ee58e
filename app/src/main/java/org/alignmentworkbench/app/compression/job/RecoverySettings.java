package org.alignmentworkbench.app.compression.job;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.rlhf.training.OptimizerSettings;

/// How a recovery adapter is trained.
public record RecoverySettings(
    @Setting(value = "passes over the answers", atLeast = 1) int epochs,
    @Setting(value = "answers of an optimiser step", unit = "answers", atLeast = 1) int rowsPerStep,
    @Setting(value = "answers of a micro-batch; bounds memory", unit = "answers", atLeast = 1)
        int microRows,
    @Setting(value = "optimiser steps between two saved states", unit = "steps", atLeast = 1)
        int stepsPerUnit,
    @Setting(
            value = "optimiser steps between two measurements of the held-out divergence",
            unit = "steps",
            atLeast = 1)
        int evaluateEvery,
    @Setting(Setting.RECOMPUTE) boolean recompute,
    @Setting("its steps and their size") OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters.
  public static final RecoverySettings DEFAULT =
      new RecoverySettings(2, 32, 32, 10, 20, false, new OptimizerSettings(5e-4, 5, 0.1, 0, 1));

  /// Checks the ranges.
  public RecoverySettings {
    SettingRule.require(epochs >= 1, "epochs", ">= 1", epochs);
    SettingRule.require(rowsPerStep >= 1, "rowsPerStep", ">= 1", rowsPerStep);
    SettingRule.require(microRows >= 1, "microRows", ">= 1", microRows);
    SettingRule.require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
    SettingRule.require(evaluateEvery >= 1, "evaluateEvery", ">= 1", evaluateEvery);
  }
}
