package org.alignmentworkbench.sft.training;

import org.alignmentworkbench.rlhf.training.OptimizerSettings;

/// How a policy is fine-tuned on demonstrations or on the committee's best answers.
///
/// | component | meaning |
/// |---|---|
/// | `epochs` | passes over the rows at most |
/// | `rowsPerStep` | rows of an optimiser step |
/// | `microRows` | rows of a micro-batch |
/// | `stepsPerUnit` | optimiser steps between two saved states |
/// | `evaluateEvery` | optimiser steps between two measurements of the held-out loss |
/// | `maxSupervisedTokens` | the step that reaches so many supervised tokens is the last; 0 for no limit |
/// | `patience` | measurements without a new best after which training ends; 0 for no early end |
public record SupervisedSettings(
    int epochs,
    int rowsPerStep,
    int microRows,
    int stepsPerUnit,
    int evaluateEvery,
    int patience,
    long maxSupervisedTokens,
    OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters.
  public static final SupervisedSettings DEFAULT =
      new SupervisedSettings(
          3, 32, 32, 10, 20, 4, 0, new OptimizerSettings(1e-3, 10, 0.1, 0.01, 1));

  /// Checks the ranges.
  public SupervisedSettings {
    require(epochs >= 1, "epochs", ">= 1", epochs);
    require(rowsPerStep >= 1, "rowsPerStep", ">= 1", rowsPerStep);
    require(microRows >= 1, "microRows", ">= 1", microRows);
    require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
    require(evaluateEvery >= 1, "evaluateEvery", ">= 1", evaluateEvery);
    require(patience >= 0, "patience", ">= 0", patience);
    require(maxSupervisedTokens >= 0, "maxSupervisedTokens", ">= 0", maxSupervisedTokens);
  }

  private static void require(boolean holds, String name, String rule, long value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", was " + value);
    }
  }
}
