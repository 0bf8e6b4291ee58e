package org.alignmentworkbench.model.training;

import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.CoefficientFunction;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.tensor.Tensor;

/// A language model under training: the adapter if it has one, else all its weights.
///
/// Every loss on a policy is a function of token log-probabilities. A step is: [#accumulate] for
/// each micro-batch with `d loss / d log p` of each token (already normalised over the whole step
/// by the caller), then [#step].
public final class Training implements AutoCloseable {
  private final LlamaModel model;
  private final TrainedParameters parameters;
  private long tokens;

  private Training(LlamaModel model, TrainedParameters parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  /// Begins a training; the model stays the caller's and changes in place.
  public static Training of(LlamaModel model, AdamW optimizer) {
    return new Training(
        model,
        new TrainedParameters(
            model.engine(), optimizer, model.body().trainedLayout(), model.body().trainedValues()));
  }

  /// Adds the gradient of `sum c[r][t] * log p(ids[r][t] | prefix)`; one native call.
  ///
  /// @return the log-probabilities seen, aligned with the ids, 0 where not scored
  public float[][] accumulate(List<TokenRow> rows, double temperature, float[][] coefficients) {
    count(rows);
    return model.addGradient(parameters.gradient(), rows, temperature, coefficients);
  }

  /// The same with coefficients that depend on the log-probabilities; the forward pass runs once.
  /// The function is called on the kernel thread.
  public float[][] accumulate(
      List<TokenRow> rows, double temperature, CoefficientFunction coefficients) {
    count(rows);
    return model.addGradient(parameters.gradient(), rows, temperature, coefficients);
  }

  private void count(List<TokenRow> rows) {
    for (TokenRow row : rows) {
      tokens += row.length();
    }
  }

  /// Tokens of the rows whose gradient this object added up, prompts included: for its speed, and
  /// no part of its state.
  public long tokens() {
    return tokens;
  }

  /// Clips, steps and zeroes the gradient.
  ///
  /// @return the gradient's norm before clipping
  /// @throws NonFiniteGradientException if that norm is not finite; the weights are unchanged then
  public double step(double learningRate) {
    return parameters.step(learningRate);
  }

  /// The number of steps taken.
  public long steps() {
    return parameters.steps();
  }

  /// The model as it is now.
  public LlamaModel model() {
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
