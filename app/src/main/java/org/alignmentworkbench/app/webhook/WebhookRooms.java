package org.alignmentworkbench.app.webhook;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Shown;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.webhook.Delivery;
import org.alignmentworkbench.db.webhook.Webhook;
import org.alignmentworkbench.db.webhook.WebhookRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Where leads say which programs hear of a project, and see what came of it.
@Controller
class WebhookRooms {
  private static final String WEBHOOKS = "/projects/{projectId:[0-9]{1,18}}/webhooks";
  private static final String WEBHOOK = WEBHOOKS + "/{id:[0-9]{1,18}}";
  private static final String REPLAY = WEBHOOKS + "/deliveries/{id:[0-9]{1,18}}/replay";
  private static final int SHOWN = 40;

  private final Webhooks webhooks;
  private final WebhookRepository repository;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  WebhookRooms(
      Webhooks webhooks,
      WebhookRepository repository,
      ProjectTabs tabs,
      Formats formats,
      Words words,
      Clock clock) {
    this.webhooks = webhooks;
    this.repository = repository;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// An address that hears of the project.
  record HookRow(long id, String url, String events, Moment createdAt) {}

  /// An event that can be ticked.
  record EventChoice(String value, String text, boolean chosen) {}

  /// What was sent.
  ///
  /// @param result what came of the last attempt
  record DeliveryRow(
      long id,
      String event,
      String url,
      Moment at,
      Chip state,
      String attempts,
      String result,
      @Nullable Moment nextAt,
      String label) {}

  /// A secret that was just made; shown once.
  record FreshSecret(String url, String secret) {}

  @GetMapping(WEBHOOKS)
  String webhooks(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "before", defaultValue = "9223372036854775807") long before,
      Model model) {
    return page(projectId, "", Webhook.EVENTS, before, model);
  }

  /// Shows the secret in this answer alone, without a redirect, as API tokens are shown.
  @PostMapping(WEBHOOKS)
  String make(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "url", defaultValue = "") String url,
      @RequestParam(name = "event", required = false) @Nullable List<String> typed,
      @AuthenticationPrincipal SignedInPerson person,
      HttpServletResponse response,
      Model model) {
    Project project = tabs.open(projectId, "overview", model);
    List<String> events = typed == null ? List.of() : typed;
    try {
      Webhook made = webhooks.make(project.id(), url, events, person.personId());
      model.addAttribute("freshSecret", new FreshSecret(made.url(), made.secret()));
      model.addAttribute("notice", Notice.of(Notice.Kind.GOOD, "webhook.made"));
      return page(projectId, "", Webhook.EVENTS, Long.MAX_VALUE, model);
    } catch (IllegalArgumentException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute(
          "notice",
          new Notice(Notice.Kind.BAD, "webhook.refused", List.of(String.valueOf(e.getMessage()))));
      return page(projectId, url, events, Long.MAX_VALUE, model);
    }
  }

  @PostMapping(WEBHOOK + "/remove")
  String remove(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @AuthenticationPrincipal SignedInPerson person,
      RedirectAttributes flash) {
    return done(
        projectId, webhooks.remove(projectId, id, person.personId()), "webhook.removed", flash);
  }

  @PostMapping(WEBHOOK + "/ping")
  String ping(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      RedirectAttributes flash) {
    return done(projectId, webhooks.ping(projectId, id), "webhook.pinged", flash);
  }

  @PostMapping(REPLAY)
  String replay(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      RedirectAttributes flash) {
    return done(projectId, webhooks.replay(projectId, id), "webhook.replayed", flash);
  }

  private static String done(long projectId, boolean done, String word, RedirectAttributes flash) {
    if (!done) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, word));
    return "redirect:/projects/" + projectId + "/webhooks";
  }

  private String page(long projectId, String url, List<String> chosen, long before, Model model) {
    Project project = tabs.open(projectId, "overview", model);
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + projectId),
            new Crumb(words.of("webhook.title"), null)));
    model.addAttribute("url", url);
    model.addAttribute(
        "events",
        Webhook.EVENTS.stream()
            .map(event -> new EventChoice(event, word(event), chosen.contains(event)))
            .toList());
    model.addAttribute("hooks", repository.ofProject(projectId).stream().map(this::row).toList());
    Shown<Delivery> shown = Shown.of(repository.deliveries(projectId, before, SHOWN + 1), SHOWN);
    model.addAttribute("deliveries", shown.rows().stream().map(this::row).toList());
    if (!shown.rows().isEmpty()) {
      String root = "/projects/" + projectId + "/webhooks";
      model.addAttribute(
          "pager",
          new Pager(
              before == Long.MAX_VALUE ? null : root,
              shown.more() ? root + "?before=" + shown.rows().getLast().id() : null,
              words.of("runs.shown", formats.number(shown.rows().size()))));
    }
    return "webhook/webhooks";
  }

  private String word(String event) {
    return words.of("webhook.event." + event);
  }

  private HookRow row(Webhook hook) {
    return new HookRow(
        hook.id(),
        hook.url(),
        String.join(", ", hook.events().stream().map(this::word).toList()),
        formats.moment(hook.createdAt()));
  }

  private DeliveryRow row(Delivery delivery) {
    Chip state =
        new Chip(
            switch (delivery.state()) {
              case WAITING -> "info";
              case DELIVERED -> "good";
              case GIVEN_UP -> "bad";
            },
            words.of("webhook.state." + delivery.state()));
    return new DeliveryRow(
        delivery.id(),
        word(delivery.event()),
        delivery.url(),
        formats.moment(delivery.at()),
        state,
        formats.number(delivery.attempts()),
        result(delivery),
        delivery.state() == Delivery.State.WAITING && delivery.nextAt().isAfter(clock.instant())
            ? formats.moment(delivery.nextAt())
            : null,
        words.of("webhook.replay.of", word(delivery.event()), String.valueOf(delivery.id())));
  }

  private String result(Delivery delivery) {
    if (delivery.fault() != null) {
      return delivery.fault();
    }
    if (delivery.status() == null) {
      return words.of("webhook.notYet");
    }
    String answer = delivery.answer() == null ? "" : delivery.answer();
    return words.of("webhook.answered", String.valueOf(delivery.status()), answer);
  }
}
