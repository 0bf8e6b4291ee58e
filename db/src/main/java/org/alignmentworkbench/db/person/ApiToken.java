package org.alignmentworkbench.db.person;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A personal API token, without its secret.
///
/// @param name what its owner calls it
/// @param ending the last characters of the secret
/// @param lastUsedAt to the minute; null until it was used
/// @param revokedAt null while it was not taken back
public record ApiToken(
    long id,
    long personId,
    String name,
    Set<Scope> scopes,
    String ending,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {
  public ApiToken {
    scopes = Set.copyOf(scopes);
  }

  /// Whether it opens anything.
  public boolean usable(Instant now) {
    return revokedAt == null && now.isBefore(expiresAt);
  }
}
