package org.alignmentworkbench.sft.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;

/// Whether an adapter is trained in place of the weights, and on which linear maps of each layer.
public record LoraSettings(
    @Setting(value = "rank of the adapter; 0 trains all weights", atLeast = 0) int rank,
    @Setting(value = "its products are added times alpha / rank", above = 0) double alpha,
    @Setting(
            value = "the linear maps that carry it, the same in every layer",
            oneOf = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"})
        List<String> modules) {
  private static final List<String> ALL =
      Arrays.stream(LinearModule.values()).map(LinearModule::shortName).toList();

  /// All weights are trained.
  public static final LoraSettings NONE = new LoraSettings(0, 32, ALL);

  /// Copies the list and checks the ranges.
  public LoraSettings {
    modules = List.copyOf(modules);
    SettingRule.require(rank >= 0, "rank", ">= 0", rank);
    SettingRule.require(alpha > 0 && Double.isFinite(alpha), "alpha", "finite and > 0", alpha);
    SettingRule.require(!modules.isEmpty(), "modules", "at least one linear map", modules);
    for (String module : modules) {
      SettingRule.require(ALL.contains(module), "modules", "of " + ALL, module);
    }
  }

  /// The adapter's shape; its modules stand in the order of the computation, in whatever order they
  /// were named.
  ///
  /// @throws IllegalArgumentException when the rank is 0, which asks for none
  public LoraConfig config() {
    return new LoraConfig(
        rank, alpha, modules.stream().map(LinearModule::named).collect(Collectors.toSet()));
  }
}
