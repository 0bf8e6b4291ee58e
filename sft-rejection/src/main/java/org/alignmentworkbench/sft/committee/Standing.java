package org.alignmentworkbench.sft.committee;

/// A model that may sit on a committee, with how it did.
///
/// | component | meaning |
/// |---|---|
/// | `member` | its name, unique over all rounds |
/// | `family` | the method that made it: `sft`, `dpo`, `mdloo`, ... |
/// | `reward` | mean reward-model score on the election prompts |
/// | `passRate` | share of the election prompts whose verifiable instructions it all followed |
public record Standing(String member, String family, double reward, double passRate) {
  /// Checks that the figures are figures.
  public Standing {
    if (!Double.isFinite(reward) || !(passRate >= 0 && passRate <= 1)) {
      throw new IllegalArgumentException(
          "member "
              + member
              + ": reward must be finite and the pass rate in 0..1, were "
              + reward
              + " and "
              + passRate);
    }
  }
}
