package org.alignmentworkbench.sft.job;

/// How responses are sampled in a job.
///
/// @param temperature 1 samples from the model's own distribution
/// @param maxNewTokens longest response
/// @param rows rows sampled together; part of what makes a run repeatable to the bit
public record Sampling(double temperature, int maxNewTokens, int rows) {
  /// The model's own distribution, 64 tokens, 64 rows at a time.
  public static final Sampling DEFAULT = new Sampling(1, 64, 64);

  /// Checks the ranges.
  public Sampling {
    if (!(temperature > 0 && Double.isFinite(temperature)) || maxNewTokens < 1 || rows < 1) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, maxNewTokens and rows >= 1, were "
              + temperature
              + ", "
              + maxNewTokens
              + " and "
              + rows);
    }
  }
}
