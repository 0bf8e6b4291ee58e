package org.alignmentworkbench.sft.training;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// Whether an adapter is trained in place of the weights, on all seven linear maps of each layer.
public record LoraSettings(
    @Setting(value = "rank of the adapter; 0 trains all weights", atLeast = 0) int rank,
    @Setting(value = "its products are added times alpha / rank", above = 0) double alpha) {
  /// All weights are trained.
  public static final LoraSettings NONE = new LoraSettings(0, 32);

  /// Checks the ranges.
  public LoraSettings {
    SettingRule.require(rank >= 0, "rank", ">= 0", rank);
    SettingRule.require(alpha > 0 && Double.isFinite(alpha), "alpha", "finite and > 0", alpha);
  }
}
