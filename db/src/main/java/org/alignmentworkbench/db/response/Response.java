package org.alignmentworkbench.db.response;

import org.jspecify.annotations.Nullable;

/// A response of a model to a prompt.
///
/// @param key names it by its prompt, member, round and sample number; seeds and hashes use it
/// @param member the committee member that gave it
/// @param tokenIds what was generated, the end-of-turn token included when there is one
/// @param logProb the sum over its tokens under the model that gave it, nats
/// @param reward the reward model's score, null until scored
/// @param modelId null where it came with a file and no model of the project gave it
/// @param tokenIds empty where it came with a file
/// @param logProb null where it came with a file
/// @param checks the result of each verifiable check, a JSON value, null until checked
public record Response(
    long id,
    long projectId,
    long promptId,
    String key,
    int round,
    String member,
    @Nullable Long modelId,
    int sample,
    String text,
    int[] tokenIds,
    @Nullable Double logProb,
    Finish finish,
    @Nullable Double reward,
    @Nullable String checks,
    @Nullable Long runId) {
  /// Why generation ended.
  public enum Finish {
    /// The model ended its turn.
    STOP,
    /// The limit was reached.
    LENGTH
  }
}
