package org.alignmentworkbench.model.llama;

/// A loss as a trainer needs it: from the log-probabilities of the scored tokens to the derivative
/// of the loss with respect to each of them.
@FunctionalInterface
public interface CoefficientFunction {
  /// The derivatives, aligned with the rows' ids like the log-probabilities; what stands at tokens
  /// that are not scored is ignored.
  float[][] coefficients(float[][] logProbs);
}
