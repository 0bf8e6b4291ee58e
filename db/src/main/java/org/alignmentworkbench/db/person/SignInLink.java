package org.alignmentworkbench.db.person;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A one-time link that was made.
///
/// @param personId who enters by it; null for the first set-up, when there is nobody yet
public record SignInLink(
    Purpose purpose, @Nullable Long personId, Instant expiresAt, @Nullable Instant usedAt) {
  /// What the link is for.
  public enum Purpose {
    /// Makes the first administrator.
    SETUP,
    /// Signs a person in.
    SIGN_IN
  }

  public boolean usable(Instant now) {
    return usedAt == null && now.isBefore(expiresAt);
  }
}
