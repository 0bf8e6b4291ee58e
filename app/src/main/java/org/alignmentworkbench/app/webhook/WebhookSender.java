package org.alignmentworkbench.app.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.webhook.Delivery;
import org.alignmentworkbench.db.webhook.Webhook;
import org.alignmentworkbench.db.webhook.WebhookRepository;
import org.alignmentworkbench.db.webhook.WebhookRepository.Attempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Sends what is due, one after the other. What is to be sent lies in the database, so a killed
/// server goes on where it was; a message may come twice and then has the same delivery number.
///
/// Anything but an answer from 200 to 299 is tried again after each of [#BACK_OFF], and then given
/// up. A redirect is such an answer: whom it names was not looked at.
@Component
class WebhookSender implements SmartLifecycle {
  /// The waits between attempts.
  static final List<Duration> BACK_OFF =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(8));

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofSeconds(2);

  private final WebhookRepository webhooks;
  private final List<String> allowed;
  private final WebhookClient client = new WebhookClient(PATIENCE);
  private final Clock clock;
  private volatile boolean running;
  private Thread thread = new Thread(() -> {});

  WebhookSender(WebhookRepository webhooks, WorkbenchSettings settings, Clock clock) {
    this.webhooks = webhooks;
    this.allowed = settings.webhooks().allow();
    this.clock = clock;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("webhook-sender").start(this::loop);
  }

  @Override
  public void stop() {
    running = false;
    thread.interrupt();
    try {
      // The pool closes after this bean; an exchange ends by its own patience.
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void loop() {
    while (running) {
      try {
        if (!sendNext()) {
          Thread.sleep(POLL);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // The database is away: what is due stays due.
        if (running) {
          LOG.warn("webhooks cannot be sent now: {}", e.toString());
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sends the next one that is due; false when nothing is.
  boolean sendNext() {
    Instant now = clock.instant();
    Optional<Delivery> due = webhooks.take(now, now.plus(BACK_OFF.getFirst()).plus(PATIENCE));
    due.ifPresent(this::send);
    return due.isPresent();
  }

  private void send(Delivery delivery) {
    Optional<Webhook> webhook = webhooks.find(delivery.webhookId());
    if (webhook.isEmpty()) {
      return;
    }
    Instant began = clock.instant();
    Attempt attempt = attempt(webhook.get(), delivery, began);
    Integer status = attempt.status();
    boolean delivered = status != null && status >= 200 && status < 300;
    Duration wait =
        delivery.attempts() <= BACK_OFF.size()
            ? BACK_OFF.get(delivery.attempts() - 1)
            : Duration.ZERO;
    Delivery.State state =
        delivered
            ? Delivery.State.DELIVERED
            : wait.isZero() ? Delivery.State.GIVEN_UP : Delivery.State.WAITING;
    webhooks.end(delivery, attempt, state, began.plus(wait));
  }

  private Attempt attempt(Webhook webhook, Delivery delivery, Instant began) {
    byte[] body = delivery.body().getBytes(UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "alignment-workbench");
    headers.put("X-Workbench-Event", delivery.event());
    headers.put("X-Workbench-Delivery", String.valueOf(delivery.id()));
    headers.put(Signature.HEADER, Signature.of(webhook.secret(), began, body));
    try {
      // Looked at each time: the settings may have changed, and so may what the name leads to.
      WebhookUrl url = WebhookUrl.read(webhook.url(), allowed);
      WebhookClient.Answer answer = client.post(url, headers, body);
      return new Attempt(began, took(began), answer.status(), null, answer.body());
    } catch (WebhookUrl.ClosedAddressException | IllegalArgumentException e) {
      return new Attempt(began, took(began), null, String.valueOf(e.getMessage()), "");
    } catch (IOException e) {
      return new Attempt(began, took(began), null, fault(e), "");
    }
  }

  private Duration took(Instant began) {
    return Duration.between(began, clock.instant());
  }

  /// One of few sentences: what an unknown port says in detail would make this a port scanner.
  private static String fault(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "the host has no address";
      case ConnectException _ -> "no connection";
      case SocketTimeoutException _ -> "no answer in time";
      case SSLException _ -> "no secure connection";
      default -> "no answer";
    };
  }
}
