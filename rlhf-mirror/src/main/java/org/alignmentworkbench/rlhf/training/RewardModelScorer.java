package org.alignmentworkbench.rlhf.training;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.reward.RewardScore;

/// Scores responses with a reward model, in batches of a fixed number of rows.
///
/// The rows are prompt ids followed by the response's own ids, exactly those that were sampled:
/// text is never tokenised again between sampling, training and scoring.
public record RewardModelScorer(RewardModel model, int rowsPerBatch) implements ResponseReward {
  @Override
  public double[] of(List<PromptRow> prompts, List<int[]> responses) {
    var rows = new ArrayList<int[]>();
    for (int i = 0; i < prompts.size(); i++) {
      rows.add(joined(prompts.get(i).ids(), responses.get(i)));
    }
    double[] rewards = new double[rows.size()];
    int done = 0;
    for (List<int[]> part : MicroBatches.of(rows, rowsPerBatch)) {
      for (RewardScore score : model.scores(part)) {
        rewards[done++] = score.score();
      }
    }
    return rewards;
  }

  /// Prompt and response as one row.
  public static int[] joined(int[] prompt, int[] response) {
    int[] row = new int[prompt.length + response.length];
    System.arraycopy(prompt, 0, row, 0, prompt.length);
    System.arraycopy(response, 0, row, prompt.length, response.length);
    return row;
  }
}
