package org.alignmentworkbench.rlhf.training;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.alignmentworkbench.model.training.NonFiniteGradientException;

/// A loss or gradient that is not a number: the training stops, and its last saved state stays
/// good.
public final class NonFiniteLossException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long step;
  private final List<String> batch;

  /// What went wrong at a step whose batch held these rows.
  public NonFiniteLossException(String what, long step, List<String> batch) {
    super(what + " at step " + step + ", batch " + batch + "; the last saved state is kept");
    this.step = step;
    this.batch = List.copyOf(batch);
  }

  /// The optimiser step.
  public long step() {
    return step;
  }

  /// The keys of the rows in the batch.
  public List<String> batch() {
    return batch;
  }

  /// The value itself, if it is finite.
  public static double check(String what, double value, long step, List<String> batch) {
    if (!Double.isFinite(value)) {
      throw new NonFiniteLossException(what + " is " + value, step, batch);
    }
    return value;
  }

  /// Takes an optimiser step, whose gradient norm it returns; a norm that is not finite has changed
  /// nothing and ends the training with the keys of the batch.
  public static double checkStep(DoubleSupplier optimizerStep, long step, List<String> batch) {
    try {
      return check("the gradient norm", optimizerStep.getAsDouble(), step, batch);
    } catch (NonFiniteGradientException e) {
      var named = new NonFiniteLossException("the gradient is not finite", step, batch);
      named.initCause(e);
      throw named;
    }
  }
}
