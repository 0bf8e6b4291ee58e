package org.alignmentworkbench.app.labelling;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.labelling.LabellingState.State;
import org.alignmentworkbench.app.run.RunPages;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.task.CloseOutcome;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.OpenSlots;
import org.alignmentworkbench.db.task.OpenSlots.Choice;
import org.alignmentworkbench.db.task.Task;
import org.alignmentworkbench.db.task.TaskRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/// How far each round's labelling is, which judgements nobody can give, and the way to give them
/// up, so that a round does not wait for ever.
@Controller
class LabellingRooms {
  private static final String LABELLING = "/projects/{projectId:[0-9]{1,18}}/labelling";
  private static final Set<String> LEADING = Set.of("ADMIN", "LEAD");
  private static final Set<String> EXCHANGING = Set.of("ADMIN", "LEAD", "ENGINEER");
  private static final int STUCK = 200;
  private static final int EXCERPT = 160;

  private final OpenSlots slots;
  private final TaskRepository tasks;
  private final LabellingState labelling;
  private final SetupDesk setups;
  private final SetupRows setupRows;
  private final RunPages runPages;
  private final Notes notes;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  LabellingRooms(
      OpenSlots slots,
      TaskRepository tasks,
      LabellingState labelling,
      SetupDesk setups,
      SetupRows setupRows,
      RunPages runPages,
      Notes notes,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs,
      Formats formats,
      Words words,
      Clock clock) {
    this.slots = slots;
    this.tasks = tasks;
    this.labelling = labelling;
    this.setups = setups;
    this.setupRows = setupRows;
    this.runPages = runPages;
    this.notes = notes;
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A round of the list.
  ///
  /// @param state of the run that works on it, or null
  record RoundRow(
      int round,
      String name,
      String tasks,
      Progress progress,
      String inHand,
      String free,
      String byNobody,
      boolean stuck,
      String closed,
      @Nullable Long runId,
      @Nullable String runName,
      @Nullable Chip state,
      boolean mayClose) {}

  /// A task of which nobody can judge a slot.
  record StuckRow(
      long taskId,
      int round,
      String key,
      String prompt,
      String judged,
      String skipped,
      String reasons,
      String byNobody,
      String label) {}

  /// What is about to be given up.
  record Wish(int round, @Nullable Long taskId, boolean onlyByNobody, String title, String text) {}

  @GetMapping(LABELLING)
  String labelling(
      @PathVariable("projectId") long projectId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    tabs.open(projectId, "labelling", model);
    Instant now = clock.instant();
    boolean leads = LEADING.contains(person.role());
    List<RoundRow> rounds = new ArrayList<>();
    List<StuckRow> stuck = new ArrayList<>();
    for (State state : labelling.rounds(projectId, now)) {
      rounds.add(row(state, leads));
      if (state.counts().byNobody() > 0) {
        slots.stuck(projectId, state.counts().round(), state.judges(), now, STUCK).stream()
            .map(this::row)
            .forEach(stuck::add);
      }
    }
    model.addAttribute("rounds", rounds);
    model.addAttribute("stuck", stuck);
    model.addAttribute(
        "setups", leads ? setups.all(projectId).stream().map(setupRows::of).toList() : List.of());
    model.addAttribute("most", formats.number(STUCK));
    model.addAttribute("more", stuck.size() >= STUCK);
    model.addAttribute("leads", leads);
    model.addAttribute("openNotes", formats.number(leads ? notes.open(projectId) : 0));
    model.addAttribute("exchanges", EXCHANGING.contains(person.role()));
    return "labelling/labelling";
  }

  /// Asks once more, and says what the round will go on with.
  @GetMapping(LABELLING + "/close")
  String ask(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "round") int round,
      @RequestParam(name = "task", required = false) @Nullable Long taskId,
      @RequestParam(name = "onlyByNobody", defaultValue = "false") boolean onlyByNobody,
      Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    Instant now = clock.instant();
    State state = state(projectId, round, now);
    @Nullable Task task = task(projectId, round, taskId);
    int slotsToClose =
        slots.wouldClose(projectId, new Choice(round, taskId, onlyByNobody), state.judges(), now);
    model.addAttribute(
        "wish",
        new Wish(
            round,
            taskId,
            onlyByNobody,
            title(round, task, onlyByNobody),
            words.of(
                "labelling.close.after",
                formats.number(slotsToClose),
                formats.number(state.counts().judged()),
                formats.number(state.counts().inHand()))));
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + projectId),
            new Crumb(words.of("tab.labelling"), "/projects/" + projectId + "/labelling"),
            new Crumb(words.of("labelling.close"), null)));
    return "labelling/close";
  }

  @PostMapping(LABELLING + "/close")
  String close(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "round") int round,
      @RequestParam(name = "task", required = false) @Nullable Long taskId,
      @RequestParam(name = "onlyByNobody", defaultValue = "false") boolean onlyByNobody,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash) {
    tabs.open(projectId, "labelling", model);
    task(projectId, round, taskId);
    Instant now = clock.instant();
    Judges judges = state(projectId, round, now).judges();
    Choice choice = new Choice(round, taskId, onlyByNobody);
    CloseOutcome outcome =
        transaction.execute(_ -> close(projectId, choice, judges, person.personId(), now));
    flash.addFlashAttribute("notice", notice(outcome, round));
    return "redirect:/projects/" + projectId + "/labelling";
  }

  /// Closes and notes who did it, both or neither.
  private CloseOutcome close(
      long projectId, Choice choice, Judges judges, long personId, Instant now) {
    CloseOutcome outcome = slots.close(projectId, choice, judges, personId, now);
    if (outcome instanceof CloseOutcome.Closed closed) {
      audit.record(personId, "labelling.close", subject(projectId, choice), detail(closed, choice));
    }
    return outcome;
  }

  private Notice notice(CloseOutcome outcome, int round) {
    String number = formats.number(round);
    return switch (outcome) {
      case CloseOutcome.Closed(int closed, int inHand) ->
          new Notice(
              Notice.Kind.GOOD,
              inHand == 0 ? "labelling.closed" : "labelling.closed.inHand",
              List.of(formats.number(closed), number, formats.number(inHand)));
      case CloseOutcome.NothingFree(int inHand) ->
          new Notice(
              Notice.Kind.WARN, "labelling.nothingFree", List.of(number, formats.number(inHand)));
      case CloseOutcome.NothingJudged _ ->
          new Notice(Notice.Kind.WARN, "labelling.nothingJudged", List.of(number));
    };
  }

  private static String subject(long projectId, Choice choice) {
    return "project %d, round %d%s"
        .formatted(
            projectId, choice.round(), choice.taskId() == null ? "" : ", task " + choice.taskId());
  }

  private static String detail(CloseOutcome.Closed closed, Choice choice) {
    return JsonMapper.shared()
        .writeValueAsString(Map.of("slots", closed.slots(), "onlyByNobody", choice.onlyByNobody()));
  }

  private String title(int round, @Nullable Task task, boolean onlyByNobody) {
    if (task != null) {
      return words.of("labelling.close.task", task.key());
    }
    return words.of(
        onlyByNobody ? "labelling.close.byNobody" : "labelling.close.round", formats.number(round));
  }

  /// What belongs to no round of the committee has the number 0.
  private String name(int round) {
    return round == 0 ? words.of("labelling.round.none") : formats.number(round);
  }

  private @Nullable Task task(long projectId, int round, @Nullable Long taskId) {
    if (taskId == null) {
      return null;
    }
    return tasks
        .find(taskId)
        .filter(task -> task.projectId() == projectId && task.round() == round)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private State state(long projectId, int round, Instant now) {
    return labelling
        .round(projectId, round, now)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private RoundRow row(State state, boolean leads) {
    OpenSlots.Round round = state.counts();
    @Nullable Run run = state.run();
    long wanted = round.judged() + round.inHand() + round.free();
    return new RoundRow(
        round.round(),
        name(round.round()),
        formats.number(round.tasks()),
        new Progress(
            round.judged(),
            wanted,
            words.of("run.steps", formats.number(round.judged()), formats.number(wanted))),
        formats.number(round.inHand()),
        formats.number(round.free()),
        formats.number(round.byNobody()),
        round.byNobody() > 0,
        formats.number(round.closed()),
        run == null ? null : run.id(),
        run == null ? null : run.name(),
        run == null ? null : runPages.chip(run.state()),
        leads && round.free() > 0);
  }

  private StuckRow row(OpenSlots.Stuck task) {
    return new StuckRow(
        task.taskId(),
        task.round(),
        task.key(),
        formats.excerpt(task.prompt(), EXCERPT),
        formats.number(task.judged()),
        formats.number(task.skipped()),
        formats.excerpt(reasons(task.reasons()), EXCERPT),
        formats.number(task.byNobody()),
        words.of("labelling.close.task", task.key()));
  }

  /// The desk writes a reason as its code, a note after a colon.
  private String reasons(List<String> skips) {
    return skips.stream()
        .map(skip -> {
          String code = skip.split(":", 2)[0];
          return words.orElse("label.skip." + code, code) + skip.substring(code.length());
        })
        .distinct()
        .collect(Collectors.joining(" · "));
  }
}
