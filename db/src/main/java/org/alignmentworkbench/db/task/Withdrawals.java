package org.alignmentworkbench.db.task;

import java.time.Instant;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Takes judgements out of what counts, with a trace. What was made of them before stays as it is;
/// a dataset made afterwards does without them.
public final class Withdrawals {
  private static final String KEEP =
      """
      insert into withdrawn_judgement (id, task_id, person_id, ordinal, idempotency_key, why, note,
        withdrawn_by, withdrawn_at, body, told)
      select j.id, j.task_id, j.person_id, s.ordinal, j.idempotency_key, :why, :note, :byId, :now,
        to_jsonb(j),
        coalesce(
          (select jsonb_agg(to_jsonb(p)) from told_preference p where p.judgement_id = j.id), '[]')
      from judgement j
      join slot s on s.id = j.slot_id
      join task t on t.id = j.task_id
      where j.id = :id
        and t.project_id = :projectId
      on conflict (id) do nothing
      """;
  private static final String DELETE = "delete from judgement where id = :id returning slot_id";
  private static final String FREE = "update slot set done = false where id = :slotId";

  /// Why a judgement counts no more.
  enum Why {
    UNDO,
    LEAD
  }

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public Withdrawals(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /// A lead withdraws a judgement: it is wanted again, of somebody else. False when it is not there
  /// (any more).
  public boolean withdraw(long projectId, long judgementId, String note, long leadId, Instant now) {
    return Boolean.TRUE.equals(
        transaction.execute(_ -> {
          if (!keep(projectId, judgementId, Why.LEAD, note, leadId, now)) {
            return false;
          }
          jdbc.sql(FREE).param("slotId", delete(judgementId)).update();
          return true;
        }));
  }

  /// Within the caller's transaction.
  boolean keep(long projectId, long judgementId, Why why, String note, long byId, Instant now) {
    return jdbc.sql(KEEP)
            .param("id", judgementId)
            .param("projectId", projectId)
            .param("why", why.name())
            .param("note", note.replace("\0", ""))
            .param("byId", byId)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// Within the caller's transaction; the slot it was given for.
  long delete(long judgementId) {
    return jdbc.sql(DELETE).param("id", judgementId).query(Long.class).single();
  }
}
