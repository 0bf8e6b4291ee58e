package org.alignmentworkbench.db.dataset;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An immutable dataset.
///
/// @param artifactSha256 the file that holds it; its hash is the dataset's identity
public record Dataset(
    long id,
    long projectId,
    String name,
    Kind kind,
    String artifactSha256,
    int rowCount,
    @Nullable Long runId,
    Instant createdAt) {
  /// What its rows are.
  public enum Kind {
    /// Prompts with a good answer.
    DEMONSTRATIONS,
    /// Prompts with two responses and a judgement.
    PREFERENCES,
    /// Prompts with the best of several responses.
    SELECTED,
    /// Prompts alone.
    PROMPTS,
    /// Whole conversations from a file; no prompt of the project stands behind them.
    CONVERSATIONS
  }
}
