package org.alignmentworkbench.db.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A registered model.
///
/// @param artifactSha256 the folder that holds it
/// @param baseModelId what it was made from or sits on
/// @param detail a JSON object
public record Model(
    long id,
    long projectId,
    String name,
    Kind kind,
    String artifactSha256,
    @Nullable Long baseModelId,
    @Nullable Long runId,
    String detail,
    Instant createdAt) {
  /// What sort of model.
  public enum Kind {
    POLICY,
    REWARD_MODEL,
    COMPRESSED,
    ADAPTER
  }
}
