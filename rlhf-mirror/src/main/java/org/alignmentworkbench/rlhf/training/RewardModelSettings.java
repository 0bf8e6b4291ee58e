package org.alignmentworkbench.rlhf.training;

/// How a reward model is trained.
///
/// | component | meaning |
/// |---|---|
/// | `lambda` | weight of the grade heads; not published |
/// | `centring` | weight of the centring term, 0 for none |
/// | `epochs` | passes over the pairs; the epoch with the lowest held-out loss is kept |
/// | `pairsPerStep` | pairs of an optimiser step |
/// | `microPairs` | pairs of a micro-batch |
/// | `stepsPerUnit` | optimiser steps between two saved states |
/// | `heldOutShare` | share of the pairs (by prompt) kept back to measure the reward model |
public record RewardModelSettings(
    double lambda,
    double centring,
    int epochs,
    int pairsPerStep,
    int microPairs,
    int stepsPerUnit,
    double heldOutShare,
    OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters and about a thousand pairs.
  public static final RewardModelSettings DEFAULT =
      new RewardModelSettings(
          0.1, 0.01, 3, 16, 8, 10, 0.15, new OptimizerSettings(3e-4, 10, 0.1, 0.01, 1));

  /// Checks the ranges.
  public RewardModelSettings {
    OptimizerSettings.require(
        lambda >= 0 && Double.isFinite(lambda), "lambda", "finite and >= 0", lambda);
    OptimizerSettings.require(
        centring >= 0 && Double.isFinite(centring), "centring", "finite and >= 0", centring);
    OptimizerSettings.require(epochs >= 1, "epochs", ">= 1", epochs);
    OptimizerSettings.require(pairsPerStep >= 1, "pairsPerStep", ">= 1", pairsPerStep);
    OptimizerSettings.require(microPairs >= 1, "microPairs", ">= 1", microPairs);
    OptimizerSettings.require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
    OptimizerSettings.require(
        heldOutShare >= 0 && heldOutShare < 1, "heldOutShare", "in [0, 1)", heldOutShare);
  }
}
