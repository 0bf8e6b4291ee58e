package org.alignmentworkbench.db.view;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How people's judgements compare with what leads decided, and how many were taken out of what
/// counts.
public final class DecisionFigures {
  // The last word on each comparison. A decision that there is no preference has no side to agree
  // with.
  private static final String OF =
      """
      with last as (
        select distinct on (d.task_id) d.task_id, d.strength
        from adjudication d
        join task t on t.id = d.task_id
        where t.project_id = :projectId
          and t.kind = 'PAIR'
          and (:round::int is null or t.round = :round::int)
        order by d.task_id, d.id desc
      ), compared as (
        select count(*) as judgements,
          count(*) filter (where (j.strength > 0) = (last.strength > 0)) as agreeing
        from last
        join judgement j on j.task_id = last.task_id
        where last.strength is not null
          and not j.scripted
          and j.purpose <> 'REPEAT'
      ), gone as (
        select count(*) filter (where w.why = 'LEAD') as withdrawn,
          count(*) filter (where w.why = 'UNDO') as undone
        from withdrawn_judgement w
        join task t on t.id = w.task_id
        where t.project_id = :projectId
          and t.kind = 'PAIR'
          and (:round::int is null or t.round = :round::int)
      )
      select (select count(*) from last) as decided,
        (select count(*) from last where strength is null) as without_preference,
        compared.judgements, compared.agreeing, gone.withdrawn, gone.undone
      from compared
      cross join gone
      """;

  private final JdbcClient jdbc;

  public DecisionFigures(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Of a project.
  ///
  /// @param decided comparisons that a lead decided
  /// @param withoutPreference those of them of which no preference can be had
  /// @param judgements of people, of comparisons for which a side was decided
  /// @param agreeing those of them that chose that side, however clearly
  /// @param withdrawn judgements that a lead withdrew
  /// @param undone judgements that their annotators took back
  public record Decided(
      long decided,
      long withoutPreference,
      long judgements,
      long agreeing,
      long withdrawn,
      long undone) {}

  /// @param round null for all
  public Decided of(long projectId, @Nullable Integer round) {
    return jdbc.sql(OF)
        .param("projectId", projectId)
        .param("round", round)
        .query((row, number) ->
            new Decided(
                row.getLong("decided"),
                row.getLong("without_preference"),
                row.getLong("judgements"),
                row.getLong("agreeing"),
                row.getLong("withdrawn"),
                row.getLong("undone")))
        .single();
  }
}
