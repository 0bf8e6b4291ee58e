package org.alignmentworkbench.db.person;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Somebody who signs in.
///
/// @param passwordHash null for a person who only ever enters by link
/// @param scripted a program that labels; its judgements never mix with people's
/// @param active whether signing in is allowed; a person is never deleted, their work stays
public record Person(
    long id,
    String username,
    String displayName,
    @Nullable String passwordHash,
    Role role,
    boolean scripted,
    boolean active,
    Instant createdAt) {
  /// Without the hash, which a record would print.
  @Override
  public String toString() {
    return "Person[" + id + ", " + username + ", " + role + "]";
  }
}
