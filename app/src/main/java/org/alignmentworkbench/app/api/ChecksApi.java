package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.labelling.LabellingState;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.task.Admission;
import org.alignmentworkbench.db.task.Admissions;
import org.alignmentworkbench.db.task.CheckRule;
import org.alignmentworkbench.db.task.CheckRules;
import org.alignmentworkbench.db.task.CheckedPeople;
import org.alignmentworkbench.db.task.CloseOutcome;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.LeadDecision;
import org.alignmentworkbench.db.task.OpenSlots;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// How a project checks and waits for its annotators.
@Tag(name = "Checks and rounds")
@RestController
class ChecksApi {
  private static final String PROJECT = "/api/v1/projects/{projectId:[0-9]{1,18}}";
  private static final String CHECKS = PROJECT + "/checks";
  private static final int MOST = 200;
  private static final int LONGEST_NOTE = 2_000;

  private final CheckRules rules;
  private final CheckedPeople people;
  private final Admissions admissions;
  private final LabellingState labelling;
  private final OpenSlots slots;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final OpenProject open;
  private final Clock clock;

  ChecksApi(
      JdbcClient jdbc,
      LabellingState labelling,
      OpenSlots slots,
      AuditRepository audit,
      TransactionTemplate transaction,
      OpenProject open,
      Clock clock) {
    this.rules = new CheckRules(jdbc);
    this.people = new CheckedPeople(jdbc);
    this.admissions = new Admissions(jdbc);
    this.labelling = labelling;
    this.slots = slots;
    this.audit = audit;
    this.transaction = transaction;
    this.open = open;
    this.clock = clock;
  }

  /// The rule, how many answers are known, and what people found of them.
  record ChecksJson(CheckRule rule, CheckedPeople.KnownAnswers known, List<CheckedJson> people) {}

  /// Somebody who is checked.
  ///
  /// @param admission ADMITTED, QUALIFYING, NOT_QUALIFIED or STOPPED
  record CheckedJson(CheckedPeople.Checked checked, String admission) {}

  /// What a lead decides of somebody.
  record NewLeadDecision(LeadDecision.Kind decision, @Nullable String note) {}

  /// Slots to be given up.
  ///
  /// @param task of one task; of the whole round where it is left out
  /// @param onlyByNobody only those that nobody may take
  record Closing(@Nullable Long task, @Nullable Boolean onlyByNobody) {}

  /// What was given up.
  ///
  /// @param inHand slots that somebody is still judging
  record ClosedJson(int closed, int inHand) {}

  @Operation(summary = "Shows how a project checks its annotators, and what they found")
  @GetMapping(CHECKS)
  ChecksJson show(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return new ChecksJson(
        rules.of(projectId),
        people.known(projectId),
        people.of(projectId, MOST).stream().map(each -> json(projectId, each)).toList());
  }

  private CheckedJson json(long projectId, CheckedPeople.Checked checked) {
    String admission =
        switch (admissions.of(projectId, checked.personId())) {
          case Admission.Admitted _ -> "ADMITTED";
          case Admission.Qualifying _ -> "QUALIFYING";
          case Admission.NotQualified _ -> "NOT_QUALIFIED";
          case Admission.Stopped _ -> "STOPPED";
        };
    return new CheckedJson(checked, admission);
  }

  @Operation(summary = "Lets another rule of checks hold from now on")
  @PutMapping(CHECKS + "/rule")
  CheckRule set(
      @PathVariable("projectId") long projectId,
      @RequestBody CheckRule rule,
      @AuthenticationPrincipal Account person) {
    open.project(projectId);
    transaction.executeWithoutResult(_ -> {
      rules.set(projectId, rule, person.personId(), clock.instant());
      audit.record(
          person.personId(),
          "checks.rule",
          "project " + projectId,
          JsonMapper.shared().writeValueAsString(rule));
    });
    return rule;
  }

  @Operation(summary = "Lets somebody in, asks them again, or stops them")
  @PostMapping(CHECKS + "/people/{personId:[0-9]{1,18}}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void decide(
      @PathVariable("projectId") long projectId,
      @PathVariable("personId") long personId,
      @RequestBody NewLeadDecision body,
      @AuthenticationPrincipal Account lead) {
    open.project(projectId);
    String note = body.note() == null ? "" : body.note().strip();
    if (people.of(projectId, MOST).stream().noneMatch(each -> each.personId() == personId)) {
      throw Problems.notFound(
          "project %d has nobody with the number %d to decide of".formatted(projectId, personId));
    }
    if (body.decision() == null || note.length() > LONGEST_NOTE) {
      throw Problems.refused(
          "decision must be one of %s and note have at most %d characters, were %s and %d"
              .formatted(
                  List.of(LeadDecision.Kind.values()),
                  LONGEST_NOTE,
                  body.decision(),
                  note.length()));
    }
    transaction.executeWithoutResult(_ -> {
      people.decide(projectId, personId, body.decision(), note, lead.personId(), clock.instant());
      audit.record(
          lead.personId(),
          "checks.decide",
          "project %d, person %d".formatted(projectId, personId),
          JsonMapper.shared()
              .writeValueAsString(Map.of("decision", body.decision(), "note", note)));
    });
  }

  @Operation(summary = "Lists a project's rounds with what waits, is in hand and done")
  @GetMapping(PROJECT + "/rounds")
  List<OpenSlots.Round> rounds(@PathVariable("projectId") long projectId) {
    open.project(projectId);
    return labelling.rounds(projectId, clock.instant()).stream()
        .map(LabellingState.State::counts)
        .toList();
  }

  @Operation(summary = "Gives up free slots of a round; what was judged stays")
  @PostMapping(PROJECT + "/rounds/{round:[0-9]{1,9}}/close")
  ClosedJson close(
      @PathVariable("projectId") long projectId,
      @PathVariable("round") int round,
      @RequestBody Closing body,
      @AuthenticationPrincipal Account person) {
    open.project(projectId);
    Judges judges =
        labelling
            .round(projectId, round, clock.instant())
            .orElseThrow(
                () -> Problems.notFound("project %d has no round %d".formatted(projectId, round)))
            .judges();
    OpenSlots.Choice choice =
        new OpenSlots.Choice(round, body.task(), Boolean.TRUE.equals(body.onlyByNobody()));
    return switch (transaction.execute(_ -> close(projectId, choice, judges, person))) {
      case CloseOutcome.Closed(int closed, int inHand) -> new ClosedJson(closed, inHand);
      case CloseOutcome.NothingFree(int inHand) -> new ClosedJson(0, inHand);
      case CloseOutcome.NothingJudged _ ->
          throw Problems.conflict(
              "round %d would be left without a judgement to learn from".formatted(round));
    };
  }

  private CloseOutcome close(
      long projectId, OpenSlots.Choice choice, Judges judges, Account person) {
    CloseOutcome outcome =
        slots.close(projectId, choice, judges, person.personId(), clock.instant());
    if (outcome instanceof CloseOutcome.Closed closed) {
      String task = choice.taskId() == null ? "" : ", task " + choice.taskId();
      audit.record(
          person.personId(),
          "labelling.close",
          "project %d, round %d%s".formatted(projectId, choice.round(), task),
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of("slots", closed.slots(), "onlyByNobody", choice.onlyByNobody())));
    }
    return outcome;
  }
}
