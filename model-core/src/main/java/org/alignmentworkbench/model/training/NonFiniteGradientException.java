package org.alignmentworkbench.model.training;

/// A gradient whose norm is not a finite number; the parameters were left as they were.
public final class NonFiniteGradientException extends RuntimeException {
  private final long step;

  NonFiniteGradientException(long step, double norm) {
    super("step " + step + ": the gradient's norm must be finite, was " + norm);
    this.step = step;
  }

  /// The step that was not taken, counted from 0.
  public long step() {
    return step;
  }
}
