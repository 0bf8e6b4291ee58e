package org.alignmentworkbench.sft.training;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.rlhf.training.OptimizerSettings;

/// How a policy is fine-tuned on demonstrations or on the committee's best answers.
public record SupervisedSettings(
    @Setting(value = "passes over the rows at most", atLeast = 1) int epochs,
    @Setting(value = "rows of an optimiser step", unit = "rows", atLeast = 1) int rowsPerStep,
    @Setting(value = "rows of a micro-batch; bounds memory", unit = "rows", atLeast = 1)
        int microRows,
    @Setting(Setting.RECOMPUTE) boolean recompute,
    @Setting(value = "optimiser steps between two saved states", unit = "steps", atLeast = 1)
        int stepsPerUnit,
    @Setting(
            value = "optimiser steps between two measurements of the held-out loss",
            unit = "steps",
            atLeast = 1)
        int evaluateEvery,
    @Setting(
            value = "measurements without a new best after which training ends; 0 for no early end",
            atLeast = 0)
        int patience,
    @Setting(
            value = "the step that reaches so many supervised tokens is the last; 0 for no limit",
            unit = "tokens",
            atLeast = 0)
        long maxSupervisedTokens,
    @Setting("its steps and their size") OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters.
  public static final SupervisedSettings DEFAULT =
      new SupervisedSettings(
          3, 32, 32, false, 10, 20, 4, 0, new OptimizerSettings(1e-3, 10, 0.1, 0.01, 1));

  /// Checks the ranges.
  public SupervisedSettings {
    SettingRule.require(epochs >= 1, "epochs", ">= 1", epochs);
    SettingRule.require(rowsPerStep >= 1, "rowsPerStep", ">= 1", rowsPerStep);
    SettingRule.require(microRows >= 1, "microRows", ">= 1", microRows);
    SettingRule.require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
    SettingRule.require(evaluateEvery >= 1, "evaluateEvery", ">= 1", evaluateEvery);
    SettingRule.require(patience >= 0, "patience", ">= 0", patience);
    SettingRule.require(
        maxSupervisedTokens >= 0, "maxSupervisedTokens", ">= 0", maxSupervisedTokens);
  }
}
