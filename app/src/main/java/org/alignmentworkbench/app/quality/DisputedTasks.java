package org.alignmentworkbench.app.quality;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.DisputeRule;
import org.alignmentworkbench.db.task.KindAdjudications;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.task.Setups;
import org.alignmentworkbench.db.task.Verdict;
import org.alignmentworkbench.db.task.Withdrawals;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.KindView.KindTask;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Where people disagree on tasks that are no comparisons, and what leads decide of them, by the
/// page or by the API, each with a line in the audit trail.
@Component
public class DisputedTasks {
  /// Characters of a reason or a note at most.
  public static final int LONGEST = 2_000;

  private final KindAdjudications adjudications;
  private final Withdrawals withdrawals;
  private final KindView view;
  private final Setups setups;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  DisputedTasks(
      JdbcClient jdbc,
      KindView view,
      Setups setups,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.adjudications = new KindAdjudications(jdbc);
    this.withdrawals = new Withdrawals(jdbc, transaction);
    this.view = view;
    this.setups = setups;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// What is there to read.
  public KindAdjudications adjudications() {
    return adjudications;
  }

  /// A task of a project that is no comparison.
  public Optional<KindTask> task(long projectId, long taskId) {
    return view.task(projectId, taskId);
  }

  /// A set-up of a project whose tasks are no comparisons.
  public Optional<Setup> setup(long projectId, long setupId) {
    return setups(projectId).stream().filter(setup -> setup.id() == setupId).findFirst();
  }

  /// A project's set-ups whose tasks are no comparisons, the newest first.
  List<Setup> setups(long projectId) {
    return setups.ofProject(projectId).stream()
        .filter(setup -> setup.question().kind() != TaskKind.PAIR)
        .toList();
  }

  /// Sets from where on answers of a set-up are disputed.
  ///
  /// @throws IllegalArgumentException with value, rule and place
  public DisputeRule rule(Setup setup, int bound, long leadId) {
    DisputeRule rule = new DisputeRule(setup.question().kind(), bound);
    transaction.executeWithoutResult(_ -> {
      adjudications.setRule(setup.id(), rule, leadId, clock.instant());
      audit.record(
          leadId,
          "quality.disputes",
          "project " + setup.projectId(),
          JsonMapper.shared().writeValueAsString(Map.of("setup", setup.id(), "bound", bound)));
    });
    return rule;
  }

  /// Keeps a decision; empty when other answers are there than those that the lead saw.
  ///
  /// @param from the judgement whose answer the lead started from, for the audit trail; null for
  ///   none
  /// @throws IllegalArgumentException where the verdict is none of such a task, with the rule
  public Optional<Long> decide(
      long projectId,
      long taskId,
      Verdict verdict,
      String reason,
      boolean named,
      List<Long> judgements,
      @Nullable Long from,
      long leadId) {
    if (from != null && !judgements.contains(from)) {
      throw new IllegalArgumentException(
          "the answer that is started from must be one of %s, was %d".formatted(judgements, from));
    }
    return transaction.execute(_ -> {
      Optional<Long> kept =
          adjudications.decide(
              projectId,
              taskId,
              verdict,
              reason,
              named,
              judgements.stream().sorted().toList(),
              leadId,
              clock.instant());
      if (kept.isPresent()) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("answer", told(verdict));
        detail.put("named", named);
        if (from != null) {
          detail.put("from", from);
        }
        note(leadId, "quality.adjudicate", projectId, taskId, detail);
      }
      return kept;
    });
  }

  private static Object told(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Own(var answer) -> JsonMapper.shared().readTree(KindJson.write(answer));
      case Verdict.Counts(long judgement) -> "judgement " + judgement;
      case Verdict.None() -> "none";
    };
  }

  /// Takes an answer out of what counts; it is wanted again, of somebody else. False when the task
  /// has no such answer (any more).
  public boolean withdraw(long projectId, long taskId, long judgement, String note, long leadId) {
    if (adjudications.said(taskId).stream().noneMatch(each -> each.id() == judgement)) {
      return false;
    }
    return Boolean.TRUE.equals(
        transaction.execute(_ -> {
          boolean gone = withdrawals.withdraw(projectId, judgement, note, leadId, clock.instant());
          if (gone) {
            note(leadId, "quality.withdraw", projectId, taskId, Map.of("judgement", judgement));
          }
          return gone;
        }));
  }

  private void note(
      long leadId, String action, long projectId, long taskId, Map<String, Object> detail) {
    audit.record(
        leadId,
        action,
        "project %d, task %d".formatted(projectId, taskId),
        JsonMapper.shared().writeValueAsString(detail));
  }
}
