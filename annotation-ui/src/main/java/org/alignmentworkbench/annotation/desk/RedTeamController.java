package org.alignmentworkbench.annotation.desk;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.task.RedTeam;
import org.alignmentworkbench.db.task.Work;
import org.alignmentworkbench.db.task.WorkSlots;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// What red-team tasks need beside other work: a model to ask, and a way to keep away from kinds of
/// harm.
@Controller
public class RedTeamController {
  /// After so many attempts within [#STRETCH] people are called to a break.
  static final int MANY = 10;

  static final Duration STRETCH = Duration.ofHours(1);

  private final WorkSlots slots;
  private final RedTeam redTeam;
  private final WorkPages pages;
  private final Asking asking;
  private final Clock clock;

  RedTeamController(WorkSlots slots, RedTeam redTeam, WorkPages pages, Asking asking, Clock clock) {
    this.slots = slots;
    this.redTeam = redTeam;
    this.pages = pages;
    this.asking = asking;
    this.clock = clock;
  }

  /// Asks the model, and answers with what was asked so far as a part of the page.
  @PostMapping("/label/work/{slot:[0-9]+}/attempts")
  String ask(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestParam(defaultValue = "") String text,
      Model view)
      throws IOException {
    DeskController.mayLabel(person);
    long personId = person.personId();
    Asking.Outcome outcome = asking.ask(slot, personId, text);
    if (outcome == Asking.Outcome.NOT_YOURS) {
      throw DeskController.notYours();
    }
    Work work = slots.held(slot, personId).orElseThrow(DeskController::notYours);
    view.addAttribute("attempts", pages.attempts(work, ""));
    view.addAttribute("problem", problem(outcome));
    view.addAttribute("pause", pause(personId));
    return "label/kinds :: attempts";
  }

  private static @Nullable String problem(Asking.Outcome outcome) {
    return switch (outcome) {
      case EMPTY -> "work.ask.empty";
      case TOO_LONG -> "work.ask.long";
      case NO_MODEL -> "work.ask.noModel";
      case NOT_NOW -> "work.ask.notNow";
      case ANSWERED, NOT_YOURS -> null;
    };
  }

  /// Whether it is time for a break.
  boolean pause(long personId) {
    return redTeam.attempts(personId, clock.instant().minus(STRETCH)) >= MANY;
  }

  /// What one keeps away from.
  @GetMapping("/label/harms")
  String harms(@AuthenticationPrincipal SignedInPerson person, Model view) {
    DeskController.mayLabel(person);
    view.addAttribute("harms", List.of(Harm.values()));
    view.addAttribute("away", redTeam.optedOut(person.personId()));
    return "label/harms";
  }

  @PostMapping("/label/harms")
  String keepAway(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam(required = false) @Nullable Set<Harm> away,
      RedirectAttributes flash) {
    DeskController.mayLabel(person);
    Set<Harm> harms = EnumSet.noneOf(Harm.class);
    if (away != null) {
      harms.addAll(away);
    }
    redTeam.keepAway(person.personId(), harms, clock.instant());
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "work.harms.kept"));
    return "redirect:/label/harms";
  }
}
