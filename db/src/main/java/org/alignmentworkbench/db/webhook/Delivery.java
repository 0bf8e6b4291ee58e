package org.alignmentworkbench.db.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One event for one webhook.
///
/// @param attempts how often it was tried
/// @param nextAt when it is tried next, while it waits
/// @param replayOf the delivery that this one repeats
/// @param status of the last answer
/// @param fault why the last attempt had no answer
/// @param answer the beginning of what came back
public record Delivery(
    long id,
    long webhookId,
    String url,
    String event,
    String body,
    Instant at,
    State state,
    int attempts,
    Instant nextAt,
    @Nullable Long replayOf,
    @Nullable Integer status,
    @Nullable String fault,
    @Nullable String answer) {
  /// How far it is.
  public enum State {
    WAITING,
    DELIVERED,
    GIVEN_UP
  }
}
