package org.alignmentworkbench.rlhf.training;

/// A prompt as the policy reads it: the rendered conversation up to where the assistant begins.
public record PromptRow(String key, int[] ids) {
  /// Checks that there is something to continue.
  public PromptRow {
    if (ids.length == 0) {
      throw new IllegalArgumentException("prompt " + key + " has no tokens");
    }
  }
}
