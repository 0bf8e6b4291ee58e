package org.alignmentworkbench.sft.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an evaluation came to. A figure that is undefined is null, never left out.
///
/// @param passRate share of prompts whose checks all passed, with its 95 % Wilson interval
/// @param trueUtility mean true utility in [0, 1], with its 95 % interval
/// @param rewardModelScore mean score less the reward model's own offset; null without one
/// @param klToReference mean log-ratio of the sampled responses to the reference, nats (k1)
/// @param stopped share of responses that ended their turn
/// @param tokensPerSecond generated tokens over the time of generation alone
/// @param comparisons differences to earlier stages on the same prompts
record EvaluationSummary(
    int n,
    int passed,
    @Nullable Double passRate,
    @Nullable Double ciLow,
    @Nullable Double ciHigh,
    @Nullable Double trueUtility,
    @Nullable Double trueUtilityCiLow,
    @Nullable Double trueUtilityCiHigh,
    @Nullable String rewardModel,
    @Nullable Double rewardModelScore,
    @Nullable String reference,
    @Nullable Double klToReference,
    double meanTokens,
    double stopped,
    double tokensPerSecond,
    List<Comparison> comparisons) {
  /// The difference in pass rate to another stage, with its 95 % interval for paired proportions.
  ///
  /// @param onlyThis prompts that only this stage passed, onlyOther those that only the other did
  record Comparison(
      String stage,
      long n,
      long onlyThis,
      long onlyOther,
      @Nullable Double difference,
      @Nullable Double ciLow,
      @Nullable Double ciHigh) {}
}
