package org.alignmentworkbench.sft.committee;

/// One answer sampled for a prompt, with where it came from.
///
/// | component | meaning |
/// |---|---|
/// | `promptKey` | the prompt it answers |
/// | `key` | its own name: prompt, round, member and sample; breaks ties, so no order of work can |
/// | `member` | the committee member that sampled it |
/// | `reward` | reward-model score; NaN where it could not be scored |
/// | `verified` | whether every verifiable instruction of the prompt was followed |
public record Candidate(
    String promptKey, String key, String member, double reward, boolean verified) {
  /// Checks the names.
  public Candidate {
    if (promptKey.isEmpty() || key.isEmpty() || member.isEmpty()) {
      throw new IllegalArgumentException(
          "a candidate needs prompt, key and member, were '"
              + promptKey
              + "', '"
              + key
              + "' and '"
              + member
              + "'");
    }
    if (Double.isInfinite(reward)) {
      throw new IllegalArgumentException(
          "candidate " + key + ": reward must be finite, or NaN where unscorable, was " + reward);
    }
  }
}
