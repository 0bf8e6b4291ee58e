package org.alignmentworkbench.annotation.desk;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.ScriptedRequests;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.annotation.reading.ReadingPages;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.SubmitOutcome;
import org.alignmentworkbench.db.task.Work;
import org.alignmentworkbench.db.task.WorkSlots;
import org.alignmentworkbench.db.task.WorkSubmission;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
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
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// The desk for tasks that are no comparisons, under the same rules as [DeskController]: the same
/// addresses for people and programs, and what is not in this person's hands does not exist.
@Controller
@RequestMapping("/label/work")
public class WorkController {
  private static final ScriptedRequests SCRIPTED = new ScriptedRequests();

  private final Queue queue;
  private final WorkSlots slots;
  private final WorkPages pages;
  private final ReadingPages reading;
  private final RedTeamController redTeam;
  private final Formats formats;
  private final Clock clock;
  private final Duration lease;

  WorkController(
      Queue queue,
      WorkSlots slots,
      WorkPages pages,
      ReadingPages reading,
      RedTeamController redTeam,
      Formats formats,
      Clock clock,
      Duration lease) {
    this.queue = queue;
    this.slots = slots;
    this.pages = pages;
    this.reading = reading;
    this.redTeam = redTeam;
    this.formats = formats;
    this.clock = clock;
    this.lease = lease;
  }

  /// What keeps a form from being a judgement, for programs, and for people whose page is one.
  record Incomplete(String outcome, List<String> problems, List<String> words) {}

  /// The task in hand. Opening it is a sign of life.
  @GetMapping("/{slot:[0-9]+}")
  String task(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestParam(required = false) @Nullable String after,
      Model model) {
    Work work = open(person, slot);
    return page(person, work, null, List.of(), after, model);
  }

  private String page(
      SignedInPerson person,
      Work work,
      @Nullable WorkForm posted,
      List<String> problems,
      @Nullable String after,
      Model model) {
    WorkViews.Task task = pages.task(work, person.personId(), posted, problems, after);
    model.addAttribute("task", task);
    if (work.question() instanceof Question.RedTeam) {
      model.addAttribute("attempts", pages.attempts(work, task.form().value("attempt")));
      model.addAttribute("pause", redTeam.pause(person.personId()));
    }
    model.addAttribute("reading", reading.work(work, task.guideline(), person.personId()));
    return "label/work";
  }

  /// The same for programs, as blind as the page.
  @GetMapping("/{slot:[0-9]+}.json")
  ResponseEntity<WorkViews.Data> taskForPrograms(
      @AuthenticationPrincipal SignedInPerson person, @PathVariable long slot) {
    return DeskController.fresh(pages.data(open(person, slot)));
  }

  private Work open(SignedInPerson person, long slot) {
    DeskController.mayLabel(person);
    extend(person, slot);
    return held(person, slot);
  }

  private Work held(SignedInPerson person, long slot) {
    return slots.held(slot, person.personId()).orElseThrow(DeskController::notYours);
  }

  /// Keeps what has been entered so far. Any number of times the same body is the same draft.
  @PutMapping(path = "/{slot:[0-9]+}/draft", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> saveDraft(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestBody String body) {
    DeskController.mayLabel(person);
    WorkDraft draft = pages.readDraft(held(person, slot), body);
    if (draft == null) {
      return ResponseEntity.badRequest().body(Map.of("code", "not-a-draft"));
    }
    Instant now = clock.instant();
    Instant until = now.plus(lease);
    if (!queue.saveDraft(slot, person.personId(), pages.writeDraft(draft), now, until)) {
      throw DeskController.notYours();
    }
    Moment savedAt = formats.moment(now);
    return DeskController.fresh(
        new DeskController.Saved(savedAt.iso(), savedAt.clock(), held(until)));
  }

  /// A sign of life from an open page.
  @PostMapping("/{slot:[0-9]+}/heartbeat")
  ResponseEntity<DeskController.Held> heartbeat(
      @AuthenticationPrincipal SignedInPerson person, @PathVariable long slot) {
    DeskController.mayLabel(person);
    return DeskController.fresh(extend(person, slot));
  }

  private DeskController.Held extend(SignedInPerson person, long slot) {
    Instant until = clock.instant().plus(lease);
    if (!queue.extend(slot, person.personId(), until)) {
      throw DeskController.notYours();
    }
    return held(until);
  }

  private DeskController.Held held(Instant until) {
    return new DeskController.Held(
        until.toString(), formats.moment(until).clock(), lease.toMillis());
  }

  /// What changed between the answer in hand and a text, as a part of the page.
  @PostMapping("/{slot:[0-9]+}/changes")
  String changes(
      @AuthenticationPrincipal SignedInPerson person,
      @PathVariable long slot,
      @RequestParam(defaultValue = "") String text,
      Model model) {
    DeskController.mayLabel(person);
    Work work = held(person, slot);
    if (work.answers().size() != 1 || text.length() > WorkForm.LONGEST_FIELD) {
      throw DeskController.notYours();
    }
    model.addAttribute("changes", pages.changes(work, text.replace("\r\n", "\n")));
    return "label/kinds :: changes";
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
    DeskController.mayLabel(person);
    boolean program = SCRIPTED.matches(request);
    Optional<Work> held = slots.held(slot, person.personId());
    if (held.isEmpty()) {
      return again(person, slot, fields, program, redirect);
    }
    Work work = held.get();
    WorkForm form = WorkForm.read(work, fields::getFirst);
    if (!pages.knowsGuideline(work.projectId(), form.guidelineVersion())) {
      form = form.withoutGuideline();
    }
    WorkAnswers.Read read = WorkAnswers.read(work, form);
    if (read.answer() == null || form.key() == null) {
      List<String> words = pages.problemWords(work, read.problems());
      if (program) {
        List<String> codes = read.problems().stream().map(WorkAnswers.Problem::code).toList();
        return ResponseEntity.unprocessableContent()
            .body(new Incomplete("incomplete", codes, words));
      }
      String page = page(person, work, form, words, null, model);
      return new ModelAndView(page, model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
    }
    SubmitOutcome outcome =
        slots.submit(submission(person, slot, form, read.answer()), clock.instant());
    return DeskController.answered(
        outcome, "/label/next?project=" + work.projectId(), program, redirect);
  }

  /// A post for a slot that is not in hand any more: a repeated one is told what became of the
  /// first, by its key alone.
  private Object again(
      SignedInPerson person,
      long slot,
      MultiValueMap<String, String> fields,
      boolean program,
      RedirectAttributes redirect) {
    UUID key = JudgementForm.uuid(fields.getFirst("key"));
    if (key == null) {
      throw DeskController.notYours();
    }
    return DeskController.answered(
        slots.repeated(slot, person.personId(), key), "/label/next", program, redirect);
  }

  private static WorkSubmission submission(
      SignedInPerson person, long slot, WorkForm form, Answer answer) {
    return new WorkSubmission(
        slot,
        person.personId(),
        Objects.requireNonNull(form.key()),
        answer,
        form.value("reason"),
        form.activeMillis(),
        form.guidelineVersion(),
        person.scripted());
  }
}
