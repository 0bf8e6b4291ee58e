package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.rlhf.mirror.MirrorDescentUpdate;

/// How a policy is trained by mirror descent with leave-one-out advantages. The report that named
/// the method prints none of these values: they are tuned here.
///
/// | component | meaning | unit |
/// |---|---|---|
/// | `iterations` | times that fresh responses are sampled | |
/// | `promptsPerIteration` | prompts of an iteration (n) | |
/// | `samplesPerPrompt` | responses for each prompt (K), at least 2 | |
/// | `maxNewTokens` | longest response | tokens |
/// | `temperature` | of sampling and of every log-probability alike | |
/// | `beta` | price of leaving the reference, folded into the reward | reward / nat |
/// | `gamma` | price of leaving the previous policy | reward / nat |
/// | `maxLogRatio` | guard of the sequence ratio | nats |
/// | `innerEpochs` | passes over the samples of an iteration | |
/// | `stepsPerEpoch` | optimiser steps of a pass | |
/// | `generationRows`, `microRows` | rows sampled together, rows of a micro-batch | |
public record MirrorDescentSettings(
    int iterations,
    int promptsPerIteration,
    int samplesPerPrompt,
    int maxNewTokens,
    double temperature,
    double beta,
    double gamma,
    double maxLogRatio,
    int innerEpochs,
    int stepsPerEpoch,
    int generationRows,
    int microRows,
    OptimizerSettings optimizer) {
  /// Values for a model of a few million parameters.
  public static final MirrorDescentSettings DEFAULT =
      new MirrorDescentSettings(
          60,
          32,
          4,
          64,
          1,
          0.05,
          0.1,
          MirrorDescentUpdate.DEFAULT_MAX_LOG_RATIO,
          2,
          2,
          64,
          32,
          new OptimizerSettings(1e-4, 4, 0.3, 0, 1));

  /// Checks the ranges.
  public MirrorDescentSettings {
    OptimizerSettings.require(iterations >= 1, "iterations", ">= 1", iterations);
    OptimizerSettings.require(
        promptsPerIteration >= 1, "promptsPerIteration", ">= 1", promptsPerIteration);
    OptimizerSettings.require(samplesPerPrompt >= 2, "samplesPerPrompt", ">= 2", samplesPerPrompt);
    OptimizerSettings.require(maxNewTokens >= 1, "maxNewTokens", ">= 1", maxNewTokens);
    OptimizerSettings.require(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        "finite and > 0",
        temperature);
    OptimizerSettings.require(beta >= 0 && Double.isFinite(beta), "beta", "finite and >= 0", beta);
    OptimizerSettings.require(
        gamma >= 0 && Double.isFinite(gamma), "gamma", "finite and >= 0", gamma);
    OptimizerSettings.require(maxLogRatio > 0, "maxLogRatio", "> 0", maxLogRatio);
    OptimizerSettings.require(innerEpochs >= 1, "innerEpochs", ">= 1", innerEpochs);
    OptimizerSettings.require(
        stepsPerEpoch >= 1 && stepsPerEpoch <= promptsPerIteration * samplesPerPrompt,
        "stepsPerEpoch",
        "in 1..samples of an iteration",
        stepsPerEpoch);
    OptimizerSettings.require(generationRows >= 1, "generationRows", ">= 1", generationRows);
    OptimizerSettings.require(microRows >= 1, "microRows", ">= 1", microRows);
  }

  /// Responses of an iteration.
  public int samples() {
    return promptsPerIteration * samplesPerPrompt;
  }

  /// Optimiser steps in all.
  public long steps() {
    return (long) iterations * innerEpochs * stepsPerEpoch;
  }
}
