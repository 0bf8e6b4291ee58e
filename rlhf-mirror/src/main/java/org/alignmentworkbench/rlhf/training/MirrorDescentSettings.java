package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.rlhf.mirror.MirrorDescentUpdate;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// How a policy is trained by mirror descent with leave-one-out advantages. The report that named
/// the method prints none of these values: they are tuned here.
public record MirrorDescentSettings(
    @Setting(value = "times that fresh responses are sampled", atLeast = 1) int iterations,
    @Setting(value = "prompts of an iteration (n)", atLeast = 1) int promptsPerIteration,
    @Setting(value = "responses to each prompt (K)", atLeast = 2) int samplesPerPrompt,
    @Setting(value = "longest response", unit = "tokens", atLeast = 1) int maxNewTokens,
    @Setting(value = "of sampling and of every log-probability alike", above = 0)
        double temperature,
    @Setting(
            value = "price of leaving the reference, folded into the reward",
            unit = "reward / nat",
            atLeast = 0)
        double beta,
    @Setting(value = "price of leaving the previous policy", unit = "reward / nat", atLeast = 0)
        double gamma,
    @Setting(value = "guard of the sequence ratio", unit = "nats", above = 0) double maxLogRatio,
    @Setting(value = "passes over the samples of an iteration", atLeast = 1) int innerEpochs,
    @Setting(value = "optimiser steps of a pass; at most the samples of an iteration", atLeast = 1)
        int stepsPerEpoch,
    @Setting(
            value = "rows sampled together; part of what makes a run repeatable to the bit",
            atLeast = 1)
        int generationRows,
    @Setting(value = "rows of a micro-batch; bounds memory", atLeast = 1) int microRows,
    @Setting(Setting.RECOMPUTE) boolean recompute,
    @Setting("its steps and their size") OptimizerSettings optimizer) {
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
          false,
          new OptimizerSettings(1e-4, 4, 0.3, 0, 1));

  /// Checks the ranges.
  public MirrorDescentSettings {
    SettingRule.require(iterations >= 1, "iterations", ">= 1", iterations);
    SettingRule.require(
        promptsPerIteration >= 1, "promptsPerIteration", ">= 1", promptsPerIteration);
    SettingRule.require(samplesPerPrompt >= 2, "samplesPerPrompt", ">= 2", samplesPerPrompt);
    SettingRule.require(maxNewTokens >= 1, "maxNewTokens", ">= 1", maxNewTokens);
    SettingRule.require(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        "finite and > 0",
        temperature);
    SettingRule.require(beta >= 0 && Double.isFinite(beta), "beta", "finite and >= 0", beta);
    SettingRule.require(gamma >= 0 && Double.isFinite(gamma), "gamma", "finite and >= 0", gamma);
    SettingRule.require(maxLogRatio > 0, "maxLogRatio", "> 0", maxLogRatio);
    SettingRule.require(innerEpochs >= 1, "innerEpochs", ">= 1", innerEpochs);
    SettingRule.require(
        stepsPerEpoch >= 1 && stepsPerEpoch <= promptsPerIteration * samplesPerPrompt,
        "stepsPerEpoch",
        "in 1..samples of an iteration",
        stepsPerEpoch);
    SettingRule.require(generationRows >= 1, "generationRows", ">= 1", generationRows);
    SettingRule.require(microRows >= 1, "microRows", ">= 1", microRows);
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
