package org.alignmentworkbench.sft.job;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// How responses are sampled in a job.
public record Sampling(
    @Setting(value = "1 samples from the model's own distribution", above = 0) double temperature,
    @Setting(value = "longest response", unit = "tokens", atLeast = 1) int maxNewTokens,
    @Setting(
            value = "rows sampled together; part of what makes a run repeatable to the bit",
            unit = "rows",
            atLeast = 1)
        int rows) {
  /// The model's own distribution, 64 tokens, 64 rows at a time.
  public static final Sampling DEFAULT = new Sampling(1, 64, 64);

  /// Checks the ranges.
  public Sampling {
    SettingRule.require(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        "finite and > 0",
        temperature);
    SettingRule.require(maxNewTokens >= 1, "maxNewTokens", ">= 1", maxNewTokens);
    SettingRule.require(rows >= 1, "rows", ">= 1", rows);
  }
}
