package org.alignmentworkbench.model.generation;

/// A token was drawn from logits that are not numbers: the weights are broken.
public final class NonFiniteSampleException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NonFiniteSampleException(int row, int token, float logProb) {
    super(
        "row "
            + row
            + ", new token "
            + token
            + ": the log-probability must be finite, was "
            + logProb);
  }
}
