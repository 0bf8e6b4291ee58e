package org.alignmentworkbench.model.reward;

import java.util.List;

/// A loss on reward scores: from each row's score to the loss's derivative with respect to it.
@FunctionalInterface
public interface RewardGradientFunction {
  /// One derivative for each row.
  List<RewardGradient> gradients(List<RewardScore> scores);
}
