package org.alignmentworkbench.db.webhook;

import java.time.Instant;
import java.util.List;

/// An address that hears of a project's events.
///
/// @param secret signs what is sent there
public record Webhook(
    long id, long projectId, String url, String secret, List<String> events, Instant createdAt) {
  /// What can be heard of. `ping` is sent by hand, to try an address.
  public static final List<String> EVENTS =
      List.of("run.finished", "run.failed", "round.waiting", "round.complete", "export.ready");

  public Webhook {
    events = List.copyOf(events);
  }

  /// Without the secret, which a record would print.
  @Override
  public String toString() {
    return "Webhook[" + id + ", project " + projectId + "]";
  }
}
