package org.alignmentworkbench.model.generation;

import java.util.Set;

/// How tokens are drawn.
///
/// @param temperature what logits are divided by, > 0
/// @param maxNewTokens longest generation
/// @param stopIds tokens that end a generation; may be empty
/// @param greedy whether the likeliest token is taken instead of drawing
/// @param truncation which tokens may be drawn
public record SamplingSettings(
    double temperature,
    int maxNewTokens,
    Set<Integer> stopIds,
    boolean greedy,
    Truncation truncation) {
  /// Checks the ranges and copies the set.
  public SamplingSettings {
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw new IllegalArgumentException("temperature must be finite and > 0, was " + temperature);
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be >= 1, was " + maxNewTokens);
    }
    stopIds = Set.copyOf(stopIds);
  }

  /// From all tokens.
  public SamplingSettings(
      double temperature, int maxNewTokens, Set<Integer> stopIds, boolean greedy) {
    this(temperature, maxNewTokens, stopIds, greedy, Truncation.NONE);
  }

  /// The likeliest token each time.
  public static SamplingSettings greedy(int maxNewTokens, Set<Integer> stopIds) {
    return new SamplingSettings(1.0, maxNewTokens, stopIds, true);
  }

  /// Draws at a temperature.
  public static SamplingSettings sampled(
      double temperature, int maxNewTokens, Set<Integer> stopIds) {
    return new SamplingSettings(temperature, maxNewTokens, stopIds, false);
  }
}
