package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.quality.KnownAnswers;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.task.Adjudications;
import org.alignmentworkbench.db.task.GoldRepository;
import org.alignmentworkbench.db.task.Withdrawals;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.QualityView;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// Where judges disagree, what a lead decides of it, and which answers are known to be right.
@Tag(name = "Quality")
@RestController
class AdjudicationApi {
  private static final String PROJECT = "/api/v1/projects/{projectId:[0-9]{1,18}}";
  private static final String ROOT = PROJECT + "/adjudication";
  private static final String ONE = ROOT + "/{taskId:[0-9]{1,18}}";
  private static final int LONGEST = 2_000;
  private static final int FURTHEST = 8;

  private final Adjudications adjudications;
  private final Withdrawals withdrawals;
  private final QualityView view;
  private final GoldRepository gold;
  private final KnownAnswers known;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final OpenProject open;
  private final Clock clock;

  AdjudicationApi(
      JdbcClient jdbc,
      QualityView view,
      GoldRepository gold,
      KnownAnswers known,
      AuditRepository audit,
      TransactionTemplate transaction,
      OpenProject open,
      Clock clock) {
    this.adjudications = new Adjudications(jdbc);
    this.withdrawals = new Withdrawals(jdbc, transaction);
    this.view = view;
    this.gold = gold;
    this.known = known;
    this.audit = audit;
    this.transaction = transaction;
    this.open = open;
    this.clock = clock;
  }

  /// Comparisons that wait, in order of their keys.
  ///
  /// @param next what to send as `after` for those after these; null where there are none
  record Waiting(
      long open, long decided, List<Adjudications.Disputed> items, @Nullable String next) {}

  /// A comparison with what was said and decided of it.
  ///
  /// @param a the text of the first answer, which strengths below 0 prefer
  record OneJson(
      long task,
      String key,
      String prompt,
      String a,
      String b,
      List<SaidJson> judgements,
      List<Adjudications.Withdrawn> withdrawn,
      List<Adjudications.Decision> decisions) {}

  /// A judgement.
  ///
  /// @param name of the person; null unless asked for by `named`
  record SaidJson(long id, @Nullable String name, int strength, String reason, boolean repeated) {
    static SaidJson of(Adjudications.Said said, boolean named) {
      return new SaidJson(
          said.id(), named ? said.name() : null, said.strength(), said.reason(), said.repeated());
    }
  }

  /// What is decided.
  ///
  /// @param strength -4 (A is much better) to 4 (B is); null where no preference can be had
  /// @param named whether the lead saw who judged
  /// @param judgements the numbers of those that the lead saw
  record NewDecision(
      @Nullable Integer strength, String reason, @Nullable Boolean named, List<Long> judgements) {}

  /// A decision that is kept.
  record Decided(long decision) {}

  /// Why a judgement is to count no more.
  record Withdrawal(@Nullable String note) {}

  /// A known answer.
  ///
  /// @param better A or B
  /// @param attention whether it asks if somebody reads at all; false where it is left out
  record GoldBody(String better, @Nullable Boolean attention) {}

  @Operation(
      summary = "Lists comparisons without a majority or with judgements far apart",
      description = "distance is 1 to 8, between two judgements; 5 where it is left out.")
  @GetMapping(ROOT)
  Waiting list(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "distance", defaultValue = "5") int distance,
      @RequestParam(name = "after", defaultValue = "") String after,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    if (distance < 1 || distance > FURTHEST) {
      throw Problems.refused("distance must be 1..%d, was %d".formatted(FURTHEST, distance));
    }
    int most = Page.limit(limit);
    List<Adjudications.Disputed> found = adjudications.open(projectId, distance, after, most + 1);
    List<Adjudications.Disputed> shown = found.subList(0, Math.min(most, found.size()));
    Adjudications.Counts counts = adjudications.counts(projectId, distance);
    return new Waiting(
        counts.open(),
        counts.decided(),
        List.copyOf(shown),
        found.size() > most ? shown.getLast().key() : null);
  }

  @Operation(summary = "Shows a comparison with its judgements, without names unless asked for")
  @GetMapping(ONE)
  OneJson one(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestParam(name = "named", defaultValue = "false") boolean named) {
    QualityView.Comparison comparison = find(projectId, taskId);
    return new OneJson(
        taskId,
        comparison.key(),
        comparison.prompt(),
        comparison.a(),
        comparison.b(),
        adjudications.said(taskId).stream().map(said -> SaidJson.of(said, named)).toList(),
        adjudications.withdrawn(taskId).stream().map(each -> named ? each : hidden(each)).toList(),
        adjudications.decisions(taskId));
  }

  private static Adjudications.Withdrawn hidden(Adjudications.Withdrawn each) {
    return new Adjudications.Withdrawn(
        each.id(),
        "",
        each.strength(),
        each.undone(),
        each.note(),
        each.undone() ? "" : each.by(),
        each.at());
  }

  @Operation(
      summary = "Decides a comparison",
      description = "409 where other judgements are there than those that were seen.")
  @PostMapping(ONE)
  Decided decide(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestBody NewDecision body,
      @AuthenticationPrincipal Account lead) {
    find(projectId, taskId);
    String reason = body.reason() == null ? "" : body.reason().strip();
    if (reason.isEmpty() || reason.length() > LONGEST) {
      throw Problems.refused(
          "reason must have 1 to %d characters, had %d".formatted(LONGEST, reason.length()));
    }
    boolean named = Boolean.TRUE.equals(body.named());
    List<Long> judgements = body.judgements() == null ? List.of() : body.judgements();
    return transaction.execute(_ -> {
      long kept =
          adjudications
              .decide(
                  projectId,
                  taskId,
                  body.strength(),
                  reason,
                  named,
                  judgements.stream().sorted().toList(),
                  lead.personId(),
                  clock.instant())
              .orElseThrow(
                  () -> Problems.conflict("task %d has other judgements now".formatted(taskId)));
      Integer strength = body.strength();
      note(
          lead,
          "quality.adjudicate",
          projectId,
          taskId,
          Map.of("answer", strength == null ? "none" : strength.toString(), "named", named));
      return new Decided(kept);
    });
  }

  @Operation(summary = "Takes a judgement out of what counts, with a trace; it is wanted again")
  @PostMapping(ONE + "/judgements/{judgementId:[0-9]{1,18}}/withdraw")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void withdraw(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @PathVariable("judgementId") long judgement,
      @RequestBody Withdrawal body,
      @AuthenticationPrincipal Account lead) {
    find(projectId, taskId);
    String why = body.note() == null ? "" : body.note().strip();
    if (why.length() > LONGEST) {
      throw Problems.refused(
          "note must have at most %d characters, had %d".formatted(LONGEST, why.length()));
    }
    if (adjudications.said(taskId).stream().noneMatch(each -> each.id() == judgement)) {
      throw Problems.notFound("task %d has no judgement %d".formatted(taskId, judgement));
    }
    transaction.executeWithoutResult(_ -> {
      if (withdrawals.withdraw(projectId, judgement, why, lead.personId(), clock.instant())) {
        note(lead, "quality.withdraw", projectId, taskId, Map.of("judgement", judgement));
      }
    });
  }

  @Operation(summary = "Says which answer of a comparison is the right one; the last word counts")
  @PutMapping(PROJECT + "/comparisons/{taskId:[0-9]{1,18}}/gold")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void know(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @RequestBody GoldBody body,
      @AuthenticationPrincipal Account lead) {
    find(projectId, taskId);
    if (!"A".equals(body.better()) && !"B".equals(body.better())) {
      throw Problems.refused("better must be A or B, was '%s'".formatted(body.better()));
    }
    boolean attention = Boolean.TRUE.equals(body.attention());
    transaction.executeWithoutResult(_ -> {
      gold.set(
          taskId,
          new GoldRepository.Known(body.better().equals("B"), attention),
          lead.personId(),
          clock.instant());
      note(
          lead,
          "quality.gold",
          projectId,
          taskId,
          Map.of("answer", body.better().equals("B") ? "b" : "a", "attention", attention));
    });
  }

  @Operation(summary = "Forgets which answer of a comparison is the right one")
  @DeleteMapping(PROJECT + "/comparisons/{taskId:[0-9]{1,18}}/gold")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forget(
      @PathVariable("projectId") long projectId,
      @PathVariable("taskId") long taskId,
      @AuthenticationPrincipal Account lead) {
    find(projectId, taskId);
    transaction.executeWithoutResult(_ -> {
      if (gold.clear(taskId)) {
        note(lead, "quality.gold", projectId, taskId, Map.of("answer", "none"));
      }
    });
  }

  /// What is known of a task that is no comparison.
  ///
  /// @param known `levels` by dimension, `choice` (A, B, TIE, BOTH_BAD), `places` in the task's own
  ///   order, or `passages` (none where nothing is to be marked) and `atLeast`, the F1 in per cent
  ///   that an answer must have with them; 50 where it is left out
  /// @param attention whether it asks if somebody reads at all; false where it is left out
  record KnownBody(Map<String, Object> known, @Nullable Boolean attention) {}

  @Operation(
      summary = "Says what is known of a task that is no comparison; the last word counts",
      description =
          "Grades, choices, rankings and passages with a known answer are dealt as checks.")
  @PutMapping(PROJECT + "/tasks/{kindTaskId:[0-9]{1,18}}/gold")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void knowOther(
      @PathVariable("projectId") long projectId,
      @PathVariable("kindTaskId") long taskId,
      @RequestBody KnownBody body,
      @AuthenticationPrincipal Account lead) {
    KindView.KindTask task = findOther(projectId, taskId);
    known.set(
        projectId,
        task,
        JsonMapper.shared().writeValueAsString(body.known() == null ? Map.of() : body.known()),
        Boolean.TRUE.equals(body.attention()),
        lead.personId());
  }

  @Operation(summary = "Forgets what is known of a task that is no comparison")
  @DeleteMapping(PROJECT + "/tasks/{kindTaskId:[0-9]{1,18}}/gold")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forgetOther(
      @PathVariable("projectId") long projectId,
      @PathVariable("kindTaskId") long taskId,
      @AuthenticationPrincipal Account lead) {
    known.forget(projectId, findOther(projectId, taskId), lead.personId());
  }

  private KindView.KindTask findOther(long projectId, long taskId) {
    open.project(projectId);
    return known
        .task(projectId, taskId)
        .orElseThrow(() ->
            Problems.notFound(
                "project %d has no task %d that is no comparison".formatted(projectId, taskId)));
  }

  private void note(
      Account lead, String action, long projectId, long taskId, Map<String, Object> detail) {
    audit.record(
        lead.personId(),
        action,
        "project %d, task %d".formatted(projectId, taskId),
        JsonMapper.shared().writeValueAsString(detail));
  }

  private QualityView.Comparison find(long projectId, long taskId) {
    open.project(projectId);
    return view.comparison(projectId, taskId)
        .orElseThrow(() ->
            Problems.notFound("project %d has no comparison %d".formatted(projectId, taskId)));
  }
}
