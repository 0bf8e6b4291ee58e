package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.app.webhook.Webhooks;
import org.alignmentworkbench.db.webhook.Delivery;
import org.alignmentworkbench.db.webhook.Webhook;
import org.alignmentworkbench.db.webhook.WebhookRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Which programs hear of a project, and what came of it.
@Tag(name = "Webhooks")
@RestController
class WebhooksApi {
  private static final String WEBHOOKS = "/api/v1/projects/{projectId:[0-9]{1,18}}/webhooks";
  private static final String DELIVERIES =
      "/api/v1/projects/{projectId:[0-9]{1,18}}/webhook-deliveries";
  private static final String ID = "/{id:[0-9]{1,18}}";

  private final Webhooks webhooks;
  private final WebhookRepository repository;
  private final OpenProject open;

  WebhooksApi(Webhooks webhooks, WebhookRepository repository, OpenProject open) {
    this.webhooks = webhooks;
    this.repository = repository;
    this.open = open;
  }

  /// A webhook.
  record WebhookJson(long id, String url, List<String> events, Instant createdAt) {
    static WebhookJson of(Webhook webhook) {
      return new WebhookJson(webhook.id(), webhook.url(), webhook.events(), webhook.createdAt());
    }
  }

  /// A webhook to be added.
  record NewWebhook(String url, List<String> events) {}

  /// A webhook with its secret, which is shown only here.
  record MadeWebhook(WebhookJson webhook, String secret) {
    /// Without the secret, which a record would print.
    @Override
    public String toString() {
      return "MadeWebhook[" + webhook + "]";
    }
  }

  /// What was sent, with what came of the last attempt.
  record DeliveryJson(
      long id,
      long webhookId,
      String event,
      Delivery.State state,
      int attempts,
      @Nullable Integer status,
      @Nullable String fault,
      @Nullable Long replayOf,
      Instant at,
      Instant nextAt) {
    static DeliveryJson of(Delivery delivery) {
      return new DeliveryJson(
          delivery.id(),
          delivery.webhookId(),
          delivery.event(),
          delivery.state(),
          delivery.attempts(),
          delivery.status(),
          delivery.fault(),
          delivery.replayOf(),
          delivery.at(),
          delivery.nextAt());
    }
  }

  @Operation(summary = "Lists a project's webhooks")
  @GetMapping(WEBHOOKS)
  List<WebhookJson> list(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return repository.ofProject(projectId).stream().map(WebhookJson::of).toList();
  }

  @Operation(
      summary = "Adds a webhook",
      description = "Its secret is in this answer and nowhere else.")
  @PostMapping(WEBHOOKS)
  ResponseEntity<MadeWebhook> make(
      @PathVariable("projectId") long projectId,
      @RequestBody NewWebhook wish,
      @AuthenticationPrincipal Account person) {
    open.project(projectId);
    Webhook made =
        webhooks.make(
            projectId,
            wish.url() == null ? "" : wish.url(),
            wish.events() == null ? List.of() : wish.events(),
            person.personId());
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(new MadeWebhook(WebhookJson.of(made), made.secret()));
  }

  @Operation(summary = "Removes a webhook; what waits for it is given up")
  @DeleteMapping(WEBHOOKS + ID)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @AuthenticationPrincipal Account person) {
    require(webhooks.remove(projectId, id, person.personId()), projectId, "webhook", id);
  }

  @Operation(summary = "Sends a try to a webhook")
  @PostMapping(WEBHOOKS + ID + "/ping")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void ping(@PathVariable("projectId") long projectId, @PathVariable("id") long id) {
    require(webhooks.ping(projectId, id), projectId, "webhook", id);
  }

  @Operation(summary = "Lists what was sent, newest first")
  @GetMapping(DELIVERIES)
  Page<DeliveryJson> deliveries(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    int most = Page.limit(limit);
    return Page.of(
        repository.deliveries(projectId, before, most + 1).stream().map(DeliveryJson::of).toList(),
        most,
        DeliveryJson::id);
  }

  @Operation(summary = "Sends something once more")
  @PostMapping(DELIVERIES + ID + "/replay")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void replay(@PathVariable("projectId") long projectId, @PathVariable("id") long id) {
    require(webhooks.replay(projectId, id), projectId, "delivery", id);
  }

  private static void require(boolean done, long projectId, String what, long id) {
    if (!done) {
      throw Problems.notFound("project %d has no %s %d".formatted(projectId, what, id));
    }
  }
}
