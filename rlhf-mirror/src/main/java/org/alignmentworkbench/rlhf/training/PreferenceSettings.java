package org.alignmentworkbench.rlhf.training;

/// How a policy is trained on judged pairs.
///
/// | component | meaning |
/// |---|---|
/// | `loss` | DPO or IPO |
/// | `beta` | DPO: inverse temperature of the implied reward; IPO: tau |
/// | `labelSmoothing` | DPO: share of labels taken to be wrong; must be 0 for IPO, which has none |
/// | `epochs` | passes over the pairs |
/// | `pairsPerStep` | pairs of an optimiser step |
/// | `microPairs` | pairs of a micro-batch |
/// | `stepsPerUnit` | optimiser steps between two saved states |
public record PreferenceSettings(
    Loss loss,
    double beta,
    double labelSmoothing,
    int epochs,
    int pairsPerStep,
    int microPairs,
    int stepsPerUnit,
    OptimizerSettings optimizer) {
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
          Loss.DPO, 0.1, 0, 1, 16, 8, 5, new OptimizerSettings(1e-4, 5, 0.1, 0, 1));

  /// Checks the ranges.
  public PreferenceSettings {
    OptimizerSettings.require(beta > 0 && Double.isFinite(beta), "beta", "finite and > 0", beta);
    OptimizerSettings.require(
        labelSmoothing >= 0 && labelSmoothing < 0.5,
        "labelSmoothing",
        "in [0, 0.5)",
        labelSmoothing);
    OptimizerSettings.require(
        loss == Loss.DPO || labelSmoothing == 0, "labelSmoothing", "0 for IPO", labelSmoothing);
    OptimizerSettings.require(epochs >= 1, "epochs", ">= 1", epochs);
    OptimizerSettings.require(pairsPerStep >= 1, "pairsPerStep", ">= 1", pairsPerStep);
    OptimizerSettings.require(microPairs >= 1, "microPairs", ">= 1", microPairs);
    OptimizerSettings.require(stepsPerUnit >= 1, "stepsPerUnit", ">= 1", stepsPerUnit);
  }
}
