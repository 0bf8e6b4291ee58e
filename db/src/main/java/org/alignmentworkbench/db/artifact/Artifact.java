package org.alignmentworkbench.db.artifact;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file or folder kept by content hash.
///
/// @param bytes of all its files
/// @param pinned whether sweeping must leave it
/// @param sweptAt when its content was deleted; the row stays, so lineage stays whole
public record Artifact(
    String sha256,
    Kind kind,
    long bytes,
    boolean folder,
    boolean pinned,
    Instant createdAt,
    @Nullable Instant sweptAt) {
  /// What it is.
  public enum Kind {
    MODEL,
    ADAPTER,
    REWARD_MODEL,
    CHECKPOINT,
    DATASET,
    EVALUATION,
    EXPORT,
    CONFIGURATION
  }
}
