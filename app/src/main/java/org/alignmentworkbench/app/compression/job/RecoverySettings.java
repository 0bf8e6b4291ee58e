package org.alignmentworkbench.app.compression.job;

import org.alignmentworkbench.rlhf.training.OptimizerSettings;

/// How a recovery adapter is trained.
///
/// | component | meaning |
/// |---|---|
/// | `epochs` | passes over the answers |
/// | `rowsPerStep` | answers of an optimiser step |
/// | `microRows` | answers of a micro-batch |
/// | `stepsPerUnit` | optimiser steps between two saved states |
/// | `evaluateEvery` | optimiser steps between two measurements of the held-out divergence |
public record RecoverySettings(
    int epochs,
    int rowsPerStep,
    int microRows,
    int stepsPerUnit,
    int evaluateEvery,
    OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters.
  public static final RecoverySettings DEFAULT =
      new RecoverySettings(2, 32, 32, 10, 20, new OptimizerSettings(5e-4, 5, 0.1, 0, 1));

  /// Checks the ranges.
  public RecoverySettings {
    require("epochs", epochs);
    require("rowsPerStep", rowsPerStep);
    require("microRows", microRows);
    require("stepsPerUnit", stepsPerUnit);
    require("evaluateEvery", evaluateEvery);
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1, was " + value);
    }
  }
}
