package org.alignmentworkbench.db.exchange;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Grades;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads all judgements and skips of a project, with their texts.
public final class JudgedRows {
  private static final String COUNTS =
      """
      select
        (
          select coalesce(sum(work_done), 0)
          from work_count
          where project_id = :projectId
            and kind = 'PAIR'
        ) as judged,
        (
          select count(*)
          from skip k
          join task t on t.id = k.task_id
          where t.project_id = :projectId
            and t.kind = 'PAIR'
            and not exists (
              select from judgement j
              where j.task_id = k.task_id and j.person_id = k.person_id)
        ) as skipped
      """;
  private static final String ROWS =
      """
      select t.key as task_key, p.key as prompt_key, p.language, t.round, e.ordinal, p.text as prompt,
        a.text as a_text, b.text as b_text, a.key as a_key, b.key as b_key, e.strength, e.a_left,
        e.grades -> 'a' ->> 'instructionFollowing' as a_instruction_following,
        e.grades -> 'a' ->> 'concision' as a_concision,
        e.grades -> 'a' ->> 'truthfulness' as a_truthfulness,
        e.grades -> 'a' ->> 'harmlessness' as a_harmlessness,
        e.grades -> 'b' ->> 'instructionFollowing' as b_instruction_following,
        e.grades -> 'b' ->> 'concision' as b_concision,
        e.grades -> 'b' ->> 'truthfulness' as b_truthfulness,
        e.grades -> 'b' ->> 'harmlessness' as b_harmlessness,
        e.reason, case when who.imported then who.display_name else who.username end as annotator,
        e.active_ms, e.guideline_version, e.scripted, e.at, d.strength as decided_strength,
        d.username as decided_by, d.reason as decided_reason, e.withdrawn_id, e.withdrawn_at,
        by_whom.username as withdrawn_by, lower(e.withdrawn_why) as withdrawn_why, e.withdrawn_note
      from (
        select j.task_id, s.ordinal, j.person_id, j.strength::int as strength, j.a_left, j.grades,
          j.reason, j.active_ms, j.guideline_version, j.scripted, j.created_at as at,
          null::bigint as withdrawn_id, null::timestamptz as withdrawn_at,
          null::bigint as withdrawn_by, null as withdrawn_why, null as withdrawn_note
        from judgement j
        join slot s on s.id = j.slot_id
        where j.purpose = 'WORK'
        union all
        select k.task_id, null, k.person_id, null, null, null, k.reason, null, null, p.scripted,
          k.at, null, null, null, null, null
        from skip k
        join person p on p.id = k.person_id
        where not exists (
          select from judgement j
          where j.task_id = k.task_id and j.person_id = k.person_id)
        union all
        select w.task_id, w.ordinal, w.person_id, (w.body ->> 'strength')::int,
          (w.body ->> 'a_left')::boolean, w.body -> 'grades', w.body ->> 'reason',
          (w.body ->> 'active_ms')::bigint, (w.body ->> 'guideline_version')::int,
          (w.body ->> 'scripted')::boolean, (w.body ->> 'created_at')::timestamptz,
          w.id, w.withdrawn_at, w.withdrawn_by, w.why, w.note
        from withdrawn_judgement w
        where :withdrawn
          and w.body ->> 'purpose' = 'WORK'
      ) e
      join task t on t.id = e.task_id
      join prompt p on p.id = t.prompt_id
      join response a on a.id = t.response_a
      join response b on b.id = t.response_b
      join person who on who.id = e.person_id
      left join person by_whom on by_whom.id = e.withdrawn_by
      left join lateral (
        select d.strength, d.reason, lead.username
        from adjudication d
        join person lead on lead.id = d.decided_by
        where d.task_id = t.id
        order by d.id desc
        limit 1
      ) d on true
      where t.project_id = :projectId
      order by t.key, e.ordinal nulls last, who.username, e.withdrawn_id nulls first
      """;

  /// Rows that the driver holds at a time.
  private static final int FETCH = 500;

  private final JdbcClient jdbc;

  public JudgedRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// How many there are.
  public record Counts(long judged, long skipped) {}

  public Counts counts(long projectId) {
    return jdbc.sql(COUNTS)
        .param("projectId", projectId)
        .query((row, number) -> new Counts(row.getLong("judged"), row.getLong("skipped")))
        .single();
  }

  /// All of a project in order of comparisons, judgements by slot before skips. To be closed, and
  /// read within a transaction: without one the driver fetches everything at once.
  public Stream<JudgedRow> of(long projectId) {
    return of(projectId, false);
  }

  /// The same.
  ///
  /// @param withdrawn whether judgements that were withdrawn are among them
  public Stream<JudgedRow> of(long projectId, boolean withdrawn) {
    return jdbc
        .sql(ROWS)
        .withFetchSize(FETCH)
        .param("projectId", projectId)
        .param("withdrawn", withdrawn)
        .query(JudgedRows::row)
        .stream();
  }

  private static JudgedRow row(ResultSet row, int number) throws SQLException {
    return new JudgedRow(
        row.getString("task_key"),
        row.getString("prompt_key"),
        row.getInt("round"),
        Columns.intOrNull(row, "ordinal"),
        row.getString("prompt"),
        row.getString("a_text"),
        row.getString("b_text"),
        row.getString("a_key"),
        row.getString("b_key"),
        Columns.intOrNull(row, "strength"),
        Columns.booleanOrNull(row, "a_left"),
        Grades.orNull(row, "a_"),
        Grades.orNull(row, "b_"),
        row.getString("reason"),
        row.getString("annotator"),
        Columns.longOrNull(row, "active_ms"),
        Columns.intOrNull(row, "guideline_version"),
        row.getBoolean("scripted"),
        Columns.instant(row, "at"),
        decided(row),
        Withdrawn.orNull(row),
        row.getString("language"));
  }

  private static JudgedRow.@Nullable Decided decided(ResultSet row) throws SQLException {
    @Nullable String by = row.getString("decided_by");
    return by == null
        ? null
        : new JudgedRow.Decided(
            Columns.intOrNull(row, "decided_strength"), by, row.getString("decided_reason"));
  }
}
