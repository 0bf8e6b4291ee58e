package org.alignmentworkbench.db.person;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An invitation that was made.
///
/// @param forWhom what the inviter wrote to know it again by; may be empty
/// @param projectId the project that the invited person will belong to
/// @param cohortId the cohort that they will belong to
/// @param username who has come by it
public record Invitation(
    long id,
    String forWhom,
    Role role,
    @Nullable Long projectId,
    @Nullable String project,
    @Nullable Long cohortId,
    @Nullable String cohort,
    long invitedBy,
    String inviter,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant usedAt,
    @Nullable String username) {
  /// Characters of the inviter's note.
  public static final int LONGEST_NOTE = 120;

  /// What has become of an invitation.
  public enum State {
    OPEN,
    USED,
    REVOKED,
    EXPIRED
  }

  /// What a new invitation says.
  public record Wish(
      String forWhom,
      Role role,
      @Nullable Long projectId,
      @Nullable Long cohortId,
      long invitedBy,
      Instant expiresAt) {}

  public State state(Instant now) {
    if (usedAt != null) {
      return State.USED;
    }
    if (revokedAt != null) {
      return State.REVOKED;
    }
    return now.isBefore(expiresAt) ? State.OPEN : State.EXPIRED;
  }

  /// Whether somebody of one role may invite somebody to another: administrators to any, leads to
  /// those that do not lead.
  public static boolean mayGive(Role inviter, Role given) {
    return switch (inviter) {
      case ADMIN -> true;
      case LEAD ->
          switch (given) {
            case ADMIN, LEAD -> false;
            case ENGINEER, ANNOTATOR, VIEWER -> true;
          };
      case ENGINEER, ANNOTATOR, VIEWER -> false;
    };
  }
}
