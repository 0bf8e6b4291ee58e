package org.alignmentworkbench.model.reward;

import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.TrainedParameters;
import org.alignmentworkbench.model.training.TrainingState;

/// A reward model under training, body and heads together.
public final class RewardTraining implements AutoCloseable {
  private final RewardModel model;
  private final TrainedParameters parameters;
  private long tokens;

  private RewardTraining(RewardModel model, TrainedParameters parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  /// Begins a training; the model stays the caller's and changes in place.
  public static RewardTraining of(RewardModel model, AdamW optimizer) {
    return new RewardTraining(
        model,
        new TrainedParameters(
            model.engine(), optimizer, model.body().layout(), model.body().values()));
  }

  /// Adds the gradient of a loss on the rows' scores; the function is called on the kernel thread.
  ///
  /// @return the scores seen
  public List<RewardScore> accumulate(List<int[]> rows, RewardGradientFunction loss) {
    count(rows);
    return model.addGradient(parameters.gradient(), rows, loss);
  }

  /// Adds the gradient of `sum_r dScore[r] * score_r + dGrades[r] . gradeLogits_r`.
  public List<RewardScore> accumulate(List<int[]> rows, List<RewardGradient> gradients) {
    return accumulate(rows, _ -> gradients);
  }

  private void count(List<int[]> rows) {
    for (int[] row : rows) {
      tokens += row.length;
    }
  }

  /// Tokens of the rows whose gradient this object added up: for its speed, and no part of its
  /// state.
  public long tokens() {
    return tokens;
  }

  /// Clips, steps and zeroes the gradient; see [TrainedParameters#step(double)].
  public double step(double learningRate) {
    return parameters.step(learningRate);
  }

  /// The number of steps taken.
  public long steps() {
    return parameters.steps();
  }

  /// The model as it is now.
  public RewardModel model() {
    return model;
  }

  /// The gradient added up so far, by parameter.
  public SequencedMap<String, Tensor> gradients() {
    return parameters.gradients();
  }

  /// Everything a later process needs to go on exactly.
  public TrainingState state() {
    return parameters.state();
  }

  /// Goes on from a state.
  public void restore(TrainingState state) {
    parameters.restore(state);
  }

  /// Frees gradient and moments; the model stays open.
  @Override
  public void close() {
    parameters.close();
  }
}
