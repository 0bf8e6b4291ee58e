package org.alignmentworkbench.model.training;

import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.ParameterLayout;
import org.alignmentworkbench.model.engine.ResidentArray;
import org.alignmentworkbench.model.tensor.Tensor;

/// Parameters under training: their values (which belong to the model), gradient and moments.
public final class TrainedParameters implements AutoCloseable {
  private final Engine engine;
  private final AdamW optimizer;
  private final ParameterLayout layout;
  private final ResidentArray values;
  private final ResidentArray gradient;
  private final ResidentArray firstMoment;
  private final ResidentArray secondMoment;
  private long steps;

  /// Begins with zero moments.
  ///
  /// @param values what is trained; stays the model's
  public TrainedParameters(
      Engine engine, AdamW optimizer, ParameterLayout layout, ResidentArray values) {
    this.engine = engine;
    this.optimizer = optimizer;
    this.layout = layout;
    this.values = values;
    this.gradient = engine.resident(new float[layout.size()]);
    this.firstMoment = engine.resident(new float[layout.size()]);
    this.secondMoment = engine.resident(new float[layout.size()]);
  }

  /// Where gradients are added up.
  public ResidentArray gradient() {
    return gradient;
  }

  /// The number of steps taken.
  public long steps() {
    return steps;
  }

  /// Clips, steps and zeroes the gradient.
  ///
  /// @return the gradient's norm before clipping
  /// @throws NonFiniteGradientException if that norm is not finite; parameters and moments are
  ///   unchanged then, and the gradient is thrown away
  public double step(double learningRate) {
    if (!(learningRate >= 0 && Double.isFinite(learningRate))) {
      throw new IllegalArgumentException(
          "learningRate must be finite and >= 0, was " + learningRate);
    }
    double norm =
        engine.call(call ->
            call.number(
                "adamw",
                values,
                gradient,
                firstMoment,
                secondMoment,
                call.floats(new float[] {steps + 1}, 1),
                learningRate,
                optimizer.beta1(),
                optimizer.beta2(),
                optimizer.eps(),
                optimizer.weightDecay(),
                optimizer.maxGradientNorm()));
    values.changed();
    if (!Double.isFinite(norm)) {
      gradient.write(new float[layout.size()]);
      throw new NonFiniteGradientException(steps, norm);
    }
    steps++;
    return norm;
  }

  /// The gradient added up so far, by parameter.
  public SequencedMap<String, Tensor> gradients() {
    return layout.unpack(gradient.read());
  }

  /// Everything a later process needs to go on exactly.
  public TrainingState state() {
    return new TrainingState(
        steps,
        layout.unpack(values.read()),
        layout.unpack(firstMoment.read()),
        layout.unpack(secondMoment.read()));
  }

  /// Goes on from a state; a gradient added up so far is thrown away.
  public void restore(TrainingState state) {
    float[] parameters = packed(state.parameters());
    float[] first = packed(state.firstMoments());
    float[] second = packed(state.secondMoments());
    values.write(parameters);
    firstMoment.write(first);
    secondMoment.write(second);
    gradient.write(new float[layout.size()]);
    steps = state.step();
  }

  private float[] packed(Map<String, Tensor> named) {
    return layout.pack(named);
  }

  /// Frees gradient and moments, not the values.
  @Override
  public void close() {
    gradient.close();
    firstMoment.close();
    secondMoment.close();
  }
}
