package org.alignmentworkbench.db.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads all judgements and skips of a set-up whose tasks are no comparisons, with their texts.
public final class WorkRows {
  private static final String ROWS =
      """
      select t.key as task_key, p.key as prompt_key, p.text as prompt, e.ordinal, e.answer, e.reason,
        w.username as annotator, e.active_ms, e.guideline_version, e.scripted, e.at,
        d.id is not null as decided, d.answer as decided_answer, d.chosen_judgement,
        coalesce(d.chosen_judgement = e.judgement_id, false) as decided_chosen,
        d.reason as decided_reason, d.named as decided_named,
        cardinality(d.of_judgements) as decided_of, d.decided_at, lead.username as decided_by,
        e.withdrawn_id, e.withdrawn_at, by_whom.username as withdrawn_by,
        lower(e.withdrawn_why) as withdrawn_why, e.withdrawn_note,
        array(
          select r.key
          from task_answer a
          join response r on r.id = a.response_id
          where a.task_id = t.id
          order by a.ordinal) as response_keys,
        array(
          select r.text
          from task_answer a
          join response r on r.id = a.response_id
          where a.task_id = t.id
          order by a.ordinal) as responses
      from (
        select j.id as judgement_id, j.task_id, s.ordinal, j.person_id, j.answer, j.reason, j.active_ms,
          j.guideline_version, j.scripted, j.created_at as at, null::bigint as withdrawn_id,
          null::timestamptz as withdrawn_at, null::bigint as withdrawn_by, null as withdrawn_why,
          null as withdrawn_note
        from judgement j
        join slot s on s.id = j.slot_id
        where j.answer is not null
          and j.purpose = 'WORK'
        union all
        select null, k.task_id, null, k.person_id, null, k.reason, null, null, p.scripted, k.at, null,
          null, null, null, null
        from skip k
        join person p on p.id = k.person_id
        union all
        select g.id, g.task_id, g.ordinal, g.person_id, g.body -> 'answer', g.body ->> 'reason',
          (g.body ->> 'active_ms')::bigint, (g.body ->> 'guideline_version')::int,
          (g.body ->> 'scripted')::boolean, (g.body ->> 'created_at')::timestamptz, g.id,
          g.withdrawn_at, g.withdrawn_by, g.why, g.note
        from withdrawn_judgement g
        where :withdrawn
          and g.body ->> 'purpose' = 'WORK'
          and g.body ->> 'answer' is not null
      ) e
      join task t on t.id = e.task_id
      join prompt p on p.id = t.prompt_id
      join person w on w.id = e.person_id
      left join last_decision d on d.task_id = t.id
      left join person lead on lead.id = d.decided_by
      left join person by_whom on by_whom.id = e.withdrawn_by
      where t.setup_id = :setupId
        and t.kind <> 'PAIR'
      order by t.key, e.ordinal nulls last, w.username, e.withdrawn_id nulls first
      """;

  private static final String MODELS =
      """
      select distinct m.artifact_sha256
      from task t
      join task_answer a on a.task_id = t.id
      join response r on r.id = a.response_id
      join model m on m.id = r.model_id
      where t.setup_id = :setupId
      union
      select m.artifact_sha256
      from labelling_setup u
      join model m on m.id = u.model_id
      where u.id = :setupId
      order by artifact_sha256
      """;

  private static final String FILES =
      """
      select p.brought_by
      from task t
      join prompt p on p.id = t.prompt_id
      where t.setup_id = :setupId
        and p.brought_by is not null
      union
      select r.brought_by
      from task t
      join task_answer a on a.task_id = t.id
      join response r on r.id = a.response_id
      where t.setup_id = :setupId
        and r.brought_by is not null
      order by brought_by
      """;

  /// Rows that the driver holds at a time.
  private static final int FETCH = 500;

  private final JdbcClient jdbc;

  public WorkRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// All of a set-up in order of tasks, judgements by slot before skips. To be closed, and read
  /// within a transaction: without one the driver fetches everything at once.
  public Stream<WorkRow> of(long setupId) {
    return of(setupId, false);
  }

  /// The same.
  ///
  /// @param withdrawn whether judgements that were withdrawn are among them
  public Stream<WorkRow> of(long setupId, boolean withdrawn) {
    return jdbc
        .sql(ROWS)
        .withFetchSize(FETCH)
        .param("setupId", setupId)
        .param("withdrawn", withdrawn)
        .query(WorkRows::row)
        .stream();
  }

  /// The artefacts of the models whose responses, or which themselves, a set-up's tasks are about.
  public List<String> models(long setupId) {
    return jdbc.sql(MODELS)
        .param("setupId", setupId)
        .query((row, number) -> row.getString("artifact_sha256"))
        .list();
  }

  /// The files that brought prompts or responses of a set-up's tasks.
  public List<String> files(long setupId) {
    return jdbc.sql(FILES)
        .param("setupId", setupId)
        .query((row, number) -> row.getString("brought_by"))
        .list();
  }

  private static WorkRow row(ResultSet row, int number) throws SQLException {
    return new WorkRow(
        row.getString("task_key"),
        row.getString("prompt_key"),
        row.getString("prompt"),
        List.of((String[]) row.getArray("response_keys").getArray()),
        List.of((String[]) row.getArray("responses").getArray()),
        Columns.intOrNull(row, "ordinal"),
        row.getString("answer"),
        row.getString("reason"),
        row.getString("annotator"),
        Columns.longOrNull(row, "active_ms"),
        Columns.intOrNull(row, "guideline_version"),
        row.getBoolean("scripted"),
        Columns.instant(row, "at"),
        row.getBoolean("decided") ? decided(row) : null,
        Withdrawn.orNull(row));
  }

  private static WorkRow.Decided decided(ResultSet row) throws SQLException {
    boolean text = Columns.longOrNull(row, "chosen_judgement") != null;
    return new WorkRow.Decided(
        row.getString("decided_answer"),
        text ? (Boolean) row.getBoolean("decided_chosen") : null,
        row.getString("decided_by"),
        row.getString("decided_reason"),
        row.getBoolean("decided_named"),
        row.getInt("decided_of"),
        Columns.instant(row, "decided_at"));
  }
}
