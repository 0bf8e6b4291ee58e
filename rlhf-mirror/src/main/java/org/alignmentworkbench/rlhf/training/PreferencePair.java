package org.alignmentworkbench.rlhf.training;

/// Two judged responses to one prompt, as token ids; the stop token belongs to the response.
public record PreferencePair(String key, int[] prompt, int[] chosen, int[] rejected) {
  /// Checks that nothing is empty: a pair without tokens has no gradient.
  public PreferencePair {
    if (prompt.length == 0 || chosen.length == 0 || rejected.length == 0) {
      throw new IllegalArgumentException(
          "pair "
              + key
              + ": prompt and both responses must have tokens, have "
              + prompt.length
              + ", "
              + chosen.length
              + " and "
              + rejected.length);
    }
  }
}
