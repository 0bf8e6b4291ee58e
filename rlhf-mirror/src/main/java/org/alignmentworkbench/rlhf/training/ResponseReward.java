package org.alignmentworkbench.rlhf.training;

import java.util.List;

/// What scores responses: a reward model, or a table in a test.
@FunctionalInterface
public interface ResponseReward {
  /// The reward of each response to the prompt in the same place; NaN where it cannot be scored.
  double[] of(List<PromptRow> prompts, List<int[]> responses);
}
