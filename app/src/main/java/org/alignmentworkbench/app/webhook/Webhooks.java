package org.alignmentworkbench.app.webhook;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.OneTimeToken;
import org.alignmentworkbench.db.webhook.Webhook;
import org.alignmentworkbench.db.webhook.WebhookRepository;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// A project's webhooks: made, tried, removed, each with its line in the audit trail.
@Component
public class Webhooks {
  /// How many a project may have.
  public static final int MOST = 10;

  /// What a secret begins with, by which scanners recognise it.
  static final String SECRET_PREFIX = "awbwh_";

  private final WebhookRepository webhooks;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final List<String> allowed;
  private final Clock clock;

  Webhooks(
      WebhookRepository webhooks,
      AuditRepository audit,
      TransactionTemplate transaction,
      WorkbenchSettings settings,
      Clock clock) {
    this.webhooks = webhooks;
    this.audit = audit;
    this.transaction = transaction;
    this.allowed = settings.webhooks().allow();
    this.clock = clock;
  }

  /// Makes a webhook. Its secret is in the answer and shown nowhere else.
  ///
  /// @throws IllegalArgumentException with the rule that a wish breaks
  public Webhook make(long projectId, String url, List<String> events, long personId) {
    WebhookUrl checked = WebhookUrl.read(url.strip(), allowed);
    if (events.isEmpty() || !Webhook.EVENTS.containsAll(events)) {
      throw new IllegalArgumentException(
          "events must be some of %s, were %s".formatted(Webhook.EVENTS, events));
    }
    return transaction.execute(_ -> {
      if (webhooks.ofProject(projectId).size() >= MOST) {
        throw new IllegalArgumentException("a project may have at most " + MOST + " webhooks");
      }
      Webhook made =
          webhooks.create(
              projectId,
              checked.uri().toString(),
              SECRET_PREFIX + OneTimeToken.random().value(),
              events.stream().distinct().toList(),
              personId,
              clock.instant());
      audit.record(
          personId,
          "webhook.create",
          "project " + projectId,
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of("webhook", made.id(), "host", checked.host(), "events", events)));
      return made;
    });
  }

  /// Removes a webhook. False when the project has none of that number.
  public boolean remove(long projectId, long id, long personId) {
    return transaction.execute(_ -> {
      boolean done = webhooks.remove(projectId, id, clock.instant());
      if (done) {
        audit.record(
            personId, "webhook.remove", "project " + projectId, "{\"webhook\":" + id + "}");
      }
      return done;
    });
  }

  /// Sends an event made by hand.
  public boolean ping(long projectId, long id) {
    return webhooks.ping(projectId, id, clock.instant());
  }

  /// Sends an event once more.
  public boolean replay(long projectId, long deliveryId) {
    return webhooks.replay(projectId, deliveryId, clock.instant());
  }
}
