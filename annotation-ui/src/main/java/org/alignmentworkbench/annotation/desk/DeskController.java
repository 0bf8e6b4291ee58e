package org.alignmentworkbench.annotation.desk;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.ScriptedRequests;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.annotation.reading.ReadingPages;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Admission;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.DeskReadings;
import org.alignmentworkbench.db.task.DeskReadings.QueueState;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.SubmitOutcome;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The annotator's desk over HTTP. People's browsers and scripted annotators use the same
/// addresses: a form post is answered with a redirect, the same post that asks for JSON with the
/// outcome.
///
/// A slot that is not in this person's hands does not exist for them: 404, whatever they ask of it.
@Controller
@RequestMapping("/label")
public class DeskController {
  private static final ScriptedRequests SCRIPTED = new ScriptedRequests();

  private final Queue queue;
  private final DeskReadings readings;
  private final DeskPages pages;
  private final ReadingPages reading;
  private final Standing standing;
  private final Formats formats;
  private final Clock clock;
  private final Duration lease;

  DeskController(
      Queue queue,
      DeskReadings readings,
      DeskPages pages,
      ReadingPages reading,
      Standing standing,
      Formats formats,
      Clock clock,
      Duration lease) {
    this.queue = queue;
    this.readings = readings;
    this.pages = pages;
    this.reading = reading;
    this.standing = standing;
    this.formats = formats;
    this.clock = clock;
    this.lease = lease;
  }

  /// How long the pair is still theirs, for a page that has just shown a sign of life.
  record Held(String leasedUntil, String clock, long leftMillis) {}

  /// A draft the server keeps now.
  record Saved(String savedAt, String clock, Held lease) {}

  /// What became of a request, for programs.
  record Outcome(
      String outcome,
      @Nullable Long judgement,
      boolean repeated,
      @Nullable String next,
      List<String> problems) {}

  /// What the queue answered, for programs.
  record Next(
      String outcome, @Nullable Long slot, @Nullable String url, @Nullable String retryAt) {}

  @GetMapping
  String desk(@AuthenticationPrincipal SignedInPerson person, Model model) {
    mayLabel(person);
    model.addAttribute("desk", pages.desk(person.personId()));
    return "label/desk";
  }

  /// Leases the next pair, of one project or of whichever has one, and leads to it.
  @GetMapping("/next")
  String next(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam(required = false) @Nullable Long project,
      @RequestParam(required = false) @Nullable String after,
      RedirectAttributes redirect) {
    mayLabel(person);
    Claim claim = claim(person.personId(), project);
    if (claim instanceof Claim.Claimed(ClaimedSlot slot)) {
      if ("saved".equals(after) || "skipped".equals(after)) {
        redirect.addAttribute("after", after);
      } else {
        // Whoever begins is told how they stand; in the middle of work it would only be in the way.
        Notice told = standing.notice(slot.projectId(), person.personId());
        if (told != null) {
          redirect.addFlashAttribute("notice", told);
        }
      }
      return "redirect:" + address(slot);
    }
    redirect.addFlashAttribute("notice", notice(claim));
    return "redirect:/label";
  }

  /// The same for programs.
  @GetMapping(path = "/next", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Next> nextForPrograms(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam(required = false) @Nullable Long project) {
    mayLabel(person);
    Next next =
        switch (claim(person.personId(), project)) {
          case Claim.Claimed(ClaimedSlot slot) ->
              new Next("claimed", slot.slotId(), address(slot) + ".json", null);
          case Claim.AllLeased(Instant retryAt) ->
              new Next("all-leased", null, null, retryAt.toString());
          case Claim.AllDoneByYou() -> new Next("all-done-by-you", null, null, null);
          case Claim.QuotaReached _ -> new Next("quota-reached", null, null, null);
          case Claim.NothingLeft() -> new Next("nothing-left", null, null, null);
          case Claim.NotAdmitted _ -> new Next("not-admitted", null, null, null);
        };
    return fresh(next);
  }

  /// Comparisons are this controller's, the other kinds [WorkController]'s.
  private static String address(ClaimedSlot slot) {
    return (slot.kind() == TaskKind.PAIR ? "/label/" : "/label/work/") + slot.slotId();
  }

  private Claim claim(long personId, @Nullable Long project) {
    Instant now = clock.instant();
    if (project != null) {
      return queue.claim(project, personId, now, lease);
    }
    Claim best = new Claim.NothingLeft();
    for (QueueState state : readings.queues(personId, now)) {
      Claim claim = queue.claim(state.projectId(), personId, now, lease);
      if (claim instanceof Claim.Claimed) {
        return claim;
      }
      best = moreHopeful(best, claim);
    }
    return best;
  }

  /// Of two reasons for having nothing the one that ends first.
  static Claim moreHopeful(Claim one, Claim other) {
    return switch (one) {
      case Claim.Claimed _ -> one;
      case Claim.AllLeased(Instant retryAt) ->
          other instanceof Claim.AllLeased(Instant otherRetryAt) && otherRetryAt.isBefore(retryAt)
              ? other
              : one;
      case Claim.AllDoneByYou _ ->
          other instanceof Claim.NothingLeft
                  || other instanceof Claim.NotAdmitted
                  || other instanceof Claim.QuotaReached
              ? one
              : other;
      case Claim.NotAdmitted _ ->
          other instanceof Claim.NothingLeft || other instanceof Claim.QuotaReached ? one : other;
      case Claim.QuotaReached _ -> other instanceof Claim.NothingLeft ? one : other;
      case Claim.NothingLeft _ -> other;
    };
  }

  private Notice notice(Claim claim) {
    return switch (claim) {
      case Claim.AllLeased(Instant retryAt) ->
          new Notice(
              Notice.Kind.WARN, "label.notice.leased", List.of(formats.moment(retryAt).clock()));
      case Claim.AllDoneByYou _ -> Notice.of(Notice.Kind.GOOD, "label.notice.yoursDone");
      case Claim.QuotaReached(int quota) ->
          new Notice(Notice.Kind.GOOD, "label.notice.quota", List.of(formats.number(quota)));
      case Claim.NothingLeft _ -> Notice.of(Notice.Kind.GOOD, "label.notice.complete");
      case Claim.NotAdmitted(Admission why) -> Objects.requireNonNull(standing.notice(why));
      case Claim.Claimed _ -> throw new IllegalArgumentException("a claimed slot is no notice");
    };
  }

  /// How far a project's labelling is, for a page that asks once it is shown: counting is the one
  /// thing here that grows with the project.
  @GetMapping("/progress")
  String progress(
      @AuthenticationPrincipal SignedInPerson person, @RequestParam long project, Model model) {
    mayLabel(person);
    model.addAttribute(
        "progress",
        pages.progressOf(project, person.personId()).orElseThrow(DeskController::notYours));
    return "label/progress :: progress";
  }

  /// The pair in hand. Opening it is a sign of life.
  @GetMapping("/{slot:[0-9]+}")
  String task(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestParam(required = false) @Nullable String after,
      Model model) {
    ClaimedSlot held = open(person, slot);
    if (held.kind() != TaskKind.PAIR) {
      return "redirect:" + address(held);
    }
    return taskPage(person, held, null, List.of(), after, model);
  }

  /// The same for programs, as blind as the page.
  @GetMapping("/{slot:[0-9]+}.json")
  ResponseEntity<DeskViews.Pair> taskForPrograms(
      @AuthenticationPrincipal SignedInPerson person, @PathVariable long slot) {
    ClaimedSlot held = open(person, slot);
    if (held.kind() != TaskKind.PAIR) {
      throw notYours();
    }
    return fresh(pages.pair(held, person.personId()).orElseThrow(DeskController::notYours));
  }

  private ClaimedSlot open(SignedInPerson person, long slot) {
    mayLabel(person);
    extend(person, slot);
    return queue.held(slot, person.personId()).orElseThrow(DeskController::notYours);
  }

  private String taskPage(
      SignedInPerson person,
      ClaimedSlot held,
      @Nullable JudgementForm posted,
      List<String> problems,
      @Nullable String after,
      Model model) {
    DeskViews.Task task =
        pages
            .task(held, person.personId(), posted, problems, after)
            .orElseThrow(DeskController::notYours);
    model.addAttribute("task", task);
    model.addAttribute("reading", reading.pair(held, task.guideline(), person.personId()));
    return "label/task";
  }

  /// Keeps what has been entered so far. Any number of times the same body is the same draft.
  @PutMapping(path = "/{slot:[0-9]+}/draft", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> saveDraft(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestBody String body) {
    mayLabel(person);
    Entry entry = pages.readEntry(body);
    if (entry == null) {
      return ResponseEntity.badRequest().body(Map.of("code", "not-a-draft"));
    }
    Instant now = clock.instant();
    Instant until = now.plus(lease);
    if (!queue.saveDraft(slot, person.personId(), pages.writeEntry(entry), now, until)) {
      throw notYours();
    }
    Moment savedAt = formats.moment(now);
    return fresh(new Saved(savedAt.iso(), savedAt.clock(), held(until)));
  }

  /// A sign of life from an open page.
  @PostMapping("/{slot:[0-9]+}/heartbeat")
  ResponseEntity<Held> heartbeat(
      @AuthenticationPrincipal SignedInPerson person, @PathVariable long slot) {
    mayLabel(person);
    return fresh(extend(person, slot));
  }

  private Held extend(SignedInPerson person, long slot) {
    Instant until = clock.instant().plus(lease);
    if (!queue.extend(slot, person.personId(), until)) {
      throw notYours();
    }
    return held(until);
  }

  private Held held(Instant until) {
    return new Held(until.toString(), formats.moment(until).clock(), lease.toMillis());
  }

  /// Takes the judgement; a form that is not complete comes back with everything it held.
  @PostMapping("/{slot:[0-9]+}")
  Object submit(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestParam MultiValueMap<String, String> fields,
      HttpServletRequest request,
      RedirectAttributes redirect,
      Model model) {
    mayLabel(person);
    boolean program = SCRIPTED.matches(request);
    JudgementForm form = JudgementForm.read(fields::getFirst);
    Optional<ClaimedSlot> held = queue.held(slot, person.personId());
    if (held.isPresent() && held.get().kind() != TaskKind.PAIR) {
      throw notYours();
    }
    // A version that is still to come would say that its change was read.
    if (held.isPresent()
        && !pages.knowsGuideline(held.get().projectId(), form.guidelineVersion())) {
      form = form.withoutGuideline();
    }
    Submission submission = form.submission(slot, person.personId(), person.scripted());
    if (submission == null) {
      ClaimedSlot mine = held.orElseThrow(DeskController::notYours);
      if (program) {
        return incomplete(form.problems().stream().map(JudgementForm.Problem::code).toList());
      }
      String page = taskPage(person, mine, form, problemWords(form), null, model);
      return new ModelAndView(page, model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
    }
    // A repeated post finds the slot done and not held: then the project is not known any more, and
    // the next pair comes from whichever has one.
    String next = held.map(mine -> "/label/next?project=" + mine.projectId()).orElse("/label/next");
    return answered(queue.submit(submission, clock.instant()), next, program, redirect);
  }

  /// Says that a form is no judgement yet.
  static ResponseEntity<Outcome> incomplete(List<String> problems) {
    return ResponseEntity.unprocessableContent()
        .body(new Outcome("incomplete", null, false, null, problems));
  }

  /// Says what became of a judgement.
  ///
  /// @param next where the next task is
  static Object answered(
      SubmitOutcome outcome, String next, boolean program, RedirectAttributes redirect) {
    return switch (outcome) {
      case SubmitOutcome.Accepted(long judgement, boolean repeated) ->
          program
              ? ResponseEntity.ok(new Outcome("accepted", judgement, repeated, next, List.of()))
              : "redirect:" + next + (next.contains("?") ? "&" : "?") + "after=saved";
      case SubmitOutcome.AlreadyJudged(long judgement) -> {
        if (program) {
          yield conflict(new Outcome("already-judged", judgement, false, "/label", List.of()));
        }
        redirect.addFlashAttribute(
            "notice", Notice.of(Notice.Kind.INFO, "label.notice.alreadyJudged"));
        yield "redirect:/label/done";
      }
      case SubmitOutcome.KeyReused _ ->
          conflict(new Outcome("key-reused", null, false, null, List.of()));
      case SubmitOutcome.NotLeased _ -> throw notYours();
    };
  }

  private List<String> problemWords(JudgementForm form) {
    return form.problems().stream()
        .map(problem -> pages.word(problem.word, formats.number(Entry.REASON_LIMIT)))
        .toList();
  }

  /// Gives the pair back for good, with a reason.
  @PostMapping("/{slot:[0-9]+}/skip")
  Object skip(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestParam(defaultValue = "cannotJudge") String why,
      @RequestParam(defaultValue = "") String note,
      HttpServletRequest request) {
    mayLabel(person);
    if (!DeskViews.SKIP_REASONS.contains(why)) {
      return ResponseEntity.badRequest().body(Map.of("code", "no-such-reason"));
    }
    ClaimedSlot held = queue.held(slot, person.personId()).orElseThrow(DeskController::notYours);
    String reason = note.isBlank() ? why : why + ": " + note.strip();
    if (!queue.skip(slot, person.personId(), reason, clock.instant())) {
      throw notYours();
    }
    String next = "/label/next?project=" + held.projectId();
    return SCRIPTED.matches(request)
        ? ResponseEntity.ok(new Outcome("skipped", null, false, next, List.of()))
        : "redirect:" + next + "&after=skipped";
  }

  /// What this person has judged, and how fast.
  @GetMapping("/done")
  String done(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before,
      Model model) {
    mayLabel(person);
    model.addAttribute("history", pages.history(person.personId(), before));
    return "label/done";
  }

  static void mayLabel(SignedInPerson person) {
    if (!AnnotationUi.LABELLING_ROLES.contains(person.role())) {
      throw new AccessDeniedException(person.role() + " does not label");
    }
  }

  static ResponseStatusException notYours() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }

  private static ResponseEntity<Outcome> conflict(Outcome outcome) {
    return ResponseEntity.status(HttpStatus.CONFLICT).body(outcome);
  }

  static <T> ResponseEntity<T> fresh(T body) {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
  }
}
