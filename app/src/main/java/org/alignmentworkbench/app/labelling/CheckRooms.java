package org.alignmentworkbench.app.labelling;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.app.web.ProjectTabs;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.Admission;
import org.alignmentworkbench.db.task.Admissions;
import org.alignmentworkbench.db.task.CheckRule;
import org.alignmentworkbench.db.task.CheckRules;
import org.alignmentworkbench.db.task.CheckedPeople;
import org.alignmentworkbench.db.task.CheckedPeople.Checked;
import org.alignmentworkbench.db.task.CheckedPeople.KnownAnswers;
import org.alignmentworkbench.db.task.Found;
import org.alignmentworkbench.db.task.LeadDecision;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
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

/// How a project checks its annotators, what they found, and what a lead decides of them.
@Controller
class CheckRooms {
  private static final String CHECKS = "/projects/{projectId:[0-9]{1,18}}/checks";
  private static final Set<String> LEADING = Set.of("ADMIN", "LEAD");
  private static final int MOST = 200;
  private static final int LONGEST_NOTE = 2_000;

  private final CheckRules rules;
  private final CheckedPeople people;
  private final Admissions admissions;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final ProjectTabs tabs;
  private final Formats formats;
  private final Words words;
  private final Clock clock;

  CheckRooms(
      JdbcClient jdbc,
      AuditRepository audit,
      TransactionTemplate transaction,
      ProjectTabs tabs,
      Formats formats,
      Words words,
      Clock clock) {
    this.rules = new CheckRules(jdbc);
    this.people = new CheckedPeople(jdbc);
    this.admissions = new Admissions(jdbc);
    this.audit = audit;
    this.transaction = transaction;
    this.tabs = tabs;
    this.formats = formats;
    this.words = words;
    this.clock = clock;
  }

  /// A share of known answers.
  ///
  /// @param figure right ones of all, in words
  /// @param interval where it lies, or why that is not known
  record Share(String figure, String interval) {}

  /// Somebody who is checked.
  ///
  /// @param since what counts now: since the last decision
  /// @param waits whether a lead has to decide
  /// @param decision the last one, in words
  record PersonRow(
      long id,
      String name,
      Chip state,
      boolean waits,
      Share since,
      Share found,
      Share attention,
      Share qualification,
      String repeated,
      @Nullable String decision,
      @Nullable String note,
      @Nullable Moment decidedAt) {}

  @GetMapping(CHECKS)
  String checks(
      @PathVariable("projectId") long projectId,
      @AuthenticationPrincipal SignedInPerson person,
      Model model) {
    Project project = tabs.open(projectId, "labelling", model);
    show(project, person, CheckForm.of(rules.of(projectId)), List.of(), model);
    return "labelling/checks";
  }

  @PostMapping(CHECKS)
  String set(
      @PathVariable("projectId") long projectId,
      @RequestParam Map<String, String> fields,
      @AuthenticationPrincipal SignedInPerson person,
      Model model,
      RedirectAttributes flash) {
    Project project = tabs.open(projectId, "labelling", model);
    CheckForm form = CheckForm.read(fields);
    List<String> problems = form.problems(words);
    if (!problems.isEmpty()) {
      show(project, person, form, problems, model);
      return "labelling/checks";
    }
    CheckRule rule = form.rule();
    transaction.executeWithoutResult(_ -> {
      rules.set(projectId, rule, person.personId(), clock.instant());
      audit.record(
          person.personId(),
          "checks.rule",
          "project " + projectId,
          JsonMapper.shared().writeValueAsString(rule));
    });
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "checks.kept"));
    return "redirect:/projects/" + projectId + "/checks";
  }

  /// @param decision a name of [LeadDecision.Kind]
  @PostMapping(CHECKS + "/people/{personId:[0-9]{1,18}}")
  String decide(
      @PathVariable("projectId") long projectId,
      @PathVariable("personId") long personId,
      @RequestParam("decision") String decision,
      @RequestParam(name = "note", defaultValue = "") String typed,
      @AuthenticationPrincipal SignedInPerson lead,
      Model model,
      RedirectAttributes flash) {
    tabs.open(projectId, "labelling", model);
    String note = typed.strip();
    LeadDecision.Kind kind = kind(decision);
    if (note.length() > LONGEST_NOTE
        || people.of(projectId, MOST).stream().noneMatch(each -> each.personId() == personId)) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    transaction.executeWithoutResult(_ -> {
      people.decide(projectId, personId, kind, note, lead.personId(), clock.instant());
      audit.record(
          lead.personId(),
          "checks.decide",
          "project %d, person %d".formatted(projectId, personId),
          JsonMapper.shared().writeValueAsString(Map.of("decision", kind, "note", note)));
    });
    flash.addFlashAttribute("notice", Notice.of(Notice.Kind.GOOD, "checks.decided." + kind));
    return "redirect:/projects/" + projectId + "/checks#people";
  }

  private static LeadDecision.Kind kind(String name) {
    for (LeadDecision.Kind each : LeadDecision.Kind.values()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
  }

  private void show(
      Project project, SignedInPerson person, CheckForm form, List<String> problems, Model model) {
    KnownAnswers known = people.known(project.id());
    model.addAttribute("form", form);
    model.addAttribute("problems", problems);
    model.addAttribute("known", formats.number(known.all()));
    model.addAttribute("attention", formats.number(known.attention()));
    model.addAttribute("noneKnown", known.all() == 0);
    model.addAttribute(
        "people",
        people.of(project.id(), MOST).stream().map(each -> row(project.id(), each)).toList());
    model.addAttribute("most", formats.number(MOST));
    model.addAttribute("leads", LEADING.contains(person.role()));
    model.addAttribute("longestNote", LONGEST_NOTE);
    model.addAttribute(
        "crumbs",
        List.of(
            new Crumb(words.of("room.projects"), "/projects"),
            new Crumb(project.name(), "/projects/" + project.id()),
            new Crumb(words.of("tab.labelling"), "/projects/" + project.id() + "/labelling"),
            new Crumb(words.of("checks.title"), null)));
  }

  private PersonRow row(long projectId, Checked checked) {
    Admission admission = admissions.of(projectId, checked.personId());
    @Nullable LeadDecision decision = checked.decision();
    return new PersonRow(
        checked.personId(),
        checked.name(),
        chip(admission),
        admission instanceof Admission.NotQualified || admission instanceof Admission.Stopped,
        share(admissions.found(projectId, checked.personId())),
        share(checked.found()),
        share(checked.attention()),
        share(checked.qualification()),
        formats.number(checked.repeated()),
        decision == null ? null : words.of("checks.decision." + decision.kind(), decision.by()),
        decision == null ? null : decision.note(),
        decision == null ? null : formats.moment(decision.at()));
  }

  private Chip chip(Admission admission) {
    return switch (admission) {
      case Admission.Admitted(boolean warned) ->
          warned
              ? new Chip("warn", words.of("checks.state.warned"))
              : new Chip("good", words.of("checks.state.admitted"));
      case Admission.Qualifying(int done, int wanted) ->
          new Chip("info", words.of("checks.state.qualifying", done, wanted));
      case Admission.NotQualified(Found found) ->
          new Chip("bad", words.of("checks.state.notQualified", found.right(), found.judged()));
      case Admission.Stopped(boolean byLead, Found found) ->
          new Chip(
              "bad",
              byLead
                  ? words.of("checks.state.stoppedByLead")
                  : words.of("checks.state.stopped", found.right(), found.judged()));
    };
  }

  private Share share(Found found) {
    String figure =
        words.of("checks.of", formats.number(found.right()), formats.number(found.judged()));
    return new Proportion(found.right(), found.judged()).estimate() instanceof Estimate.Known known
        ? new Share(figure, formats.percentInterval(known.low(), known.high()))
        : new Share(Formats.NONE, words.of("checks.noneAsked"));
  }
}
