package org.alignmentworkbench.app.compression.job;

import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// How a policy is compressed and what its recovery adapter learns.
public record CompressionSettings(
    @Setting(value = "the model to compress", names = Names.POLICY) String model,
    @Setting(value = "what to call the compressed model", names = Names.NEW_MODEL) String result,
    @Setting(value = "what to call its recovery adapter", names = Names.NEW_MODEL) String recovered,
    @Setting(value = "number of the first training prompt that the policy answers", atLeast = 0)
        int firstPrompt,
    @Setting(value = "how many of them", unit = "prompts", atLeast = 1) int prompts,
    @Setting(
            value = "of its answers; both models are compared at it; 1 is the policy itself",
            above = 0)
        double temperature,
    @Setting(value = "longest answer", unit = "tokens", atLeast = 1) int maxNewTokens,
    @Setting(
            value = "answers sampled together; part of what makes a run repeatable to the bit",
            unit = "answers",
            atLeast = 1)
        int generationRows,
    @Setting(value = "share of the prompts kept back to measure on", above = 0, below = 1)
        double heldOutShare,
    @Setting(value = "answers on which inputs are collected", unit = "answers", atLeast = 1)
        int calibrationTexts,
    @Setting(
            value = "answers on which each projection is measured at 2 and at 4 bits",
            unit = "answers",
            atLeast = 1)
        int sensitivityTexts,
    @Setting(
            value = "the budget: indices and tables over palettized weights",
            unit = "bits",
            above = 2)
        double bitsPerWeight,
    @Setting(value = "of the recovery adapter", atLeast = 1) int rank,
    @Setting(value = "scale of the recovery adapter: it is added times alpha / rank", above = 0)
        double alpha,
    @Setting("how the recovery adapter is trained") RecoverySettings recovery) {
  /// Rank 16 and 3.5 bits a weight, as the published models have, for a model of a few million
  /// parameters.
  public static final CompressionSettings DEFAULT =
      new CompressionSettings(
          "mdloo",
          "compressed",
          "recovered",
          0,
          1200,
          1,
          64,
          64,
          0.1,
          200,
          16,
          3.5,
          16,
          32,
          RecoverySettings.DEFAULT);

  /// Checks the ranges.
  public CompressionSettings {
    SettingRule.require(firstPrompt >= 0, "firstPrompt", ">= 0", firstPrompt);
    SettingRule.require(prompts >= 1, "prompts", ">= 1", prompts);
    SettingRule.require(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        "finite and > 0",
        temperature);
    SettingRule.require(maxNewTokens >= 1, "maxNewTokens", ">= 1", maxNewTokens);
    SettingRule.require(generationRows >= 1, "generationRows", ">= 1", generationRows);
    SettingRule.require(
        heldOutShare > 0 && heldOutShare < 1, "heldOutShare", "in (0, 1)", heldOutShare);
    SettingRule.require(calibrationTexts >= 1, "calibrationTexts", ">= 1", calibrationTexts);
    SettingRule.require(sensitivityTexts >= 1, "sensitivityTexts", ">= 1", sensitivityTexts);
    SettingRule.require(
        bitsPerWeight > 2 && Double.isFinite(bitsPerWeight), "bitsPerWeight", "> 2", bitsPerWeight);
    SettingRule.require(rank >= 1, "rank", ">= 1", rank);
    SettingRule.require(alpha > 0 && Double.isFinite(alpha), "alpha", "finite and > 0", alpha);
  }
}
