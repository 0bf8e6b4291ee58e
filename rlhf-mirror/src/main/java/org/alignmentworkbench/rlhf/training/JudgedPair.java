package org.alignmentworkbench.rlhf.training;

import org.alignmentworkbench.rlhf.preference.PreferenceStrength;

/// A judged pair as a reward model reads it: both conversations whole, how much better the chosen
/// one is, and the grades each answer got (-1 where none was given).
public record JudgedPair(
    String key,
    int[] chosen,
    int[] rejected,
    PreferenceStrength strength,
    int[] chosenGrades,
    int[] rejectedGrades) {
  /// Checks that both conversations have tokens.
  public JudgedPair {
    if (chosen.length == 0 || rejected.length == 0) {
      throw new IllegalArgumentException(
          "pair "
              + key
              + ": both conversations must have tokens, have "
              + chosen.length
              + " and "
              + rejected.length);
    }
  }
}
