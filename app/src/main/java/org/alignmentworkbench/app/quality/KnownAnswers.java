package org.alignmentworkbench.app.quality;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.kind.KnownAnswer;
import org.alignmentworkbench.db.task.GoldRepository;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.KindView.KindTask;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Says what is known of tasks that are no comparisons, by the page or by the API, with a line in
/// the audit trail. The queue deals them as checks like known comparisons.
@Component
public class KnownAnswers {
  private final KindView view;
  private final GoldRepository gold;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  KnownAnswers(
      KindView view,
      GoldRepository gold,
      AuditRepository audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.view = view;
    this.gold = gold;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// A task of a project that is no comparison.
  public Optional<KindTask> task(long projectId, long taskId) {
    return view.task(projectId, taskId);
  }

  /// Keeps what is known; the last word counts.
  ///
  /// @param known as JSON: `levels` by dimension, `choice`, `places`, or `passages` with `atLeast`
  /// @throws IllegalArgumentException with value, rule and place
  public void set(long projectId, KindTask task, String known, boolean attention, long personId) {
    KnownAnswer answer = KnownAnswer.read(task.question(), task.answers(), known);
    transaction.executeWithoutResult(_ -> {
      gold.set(task.id(), answer, attention, personId, clock.instant());
      Map<String, Object> detail = new LinkedHashMap<>();
      detail.put("known", JsonMapper.shared().readTree(answer.json()));
      detail.put("attention", attention);
      note(projectId, task, detail, personId);
    });
  }

  public void forget(long projectId, KindTask task, long personId) {
    transaction.executeWithoutResult(_ -> {
      if (gold.clear(task.id())) {
        note(projectId, task, Map.of("answer", "none"), personId);
      }
    });
  }

  private void note(long projectId, KindTask task, Map<String, Object> detail, long personId) {
    audit.record(
        personId,
        "quality.gold",
        "project %d, task %d".formatted(projectId, task.id()),
        JsonMapper.shared().writeValueAsString(detail));
  }
}
