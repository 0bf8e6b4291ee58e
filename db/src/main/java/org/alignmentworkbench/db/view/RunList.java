package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.run.RunState;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Runs by page. A page is asked for by the id it begins after, so its cost does not grow with
/// depth and a run that starts meanwhile shifts nothing.
public final class RunList {
  private static final String OLDER =
      """
      select r.id, r.project_id, p.name as project_name, r.name, r.job_name, r.state, r.detail,
        r.created_at, r.started_at, r.ended_at, h.stage, h.step, h.steps, h.seconds_left,
        h.at as beat_at, o.message as outcome
      from run r
      join project p on p.id = r.project_id
      left join run_heartbeat h on h.run_id = r.id
      left join lateral (
        select l.message
        from run_log l
        where l.run_id = r.id
          and r.state = 'COMPLETED'
          and l.message <> 'Completed.'
        order by l.id desc
        limit 1) o on true
      where r.id < :before
        and (:projectId::bigint is null or r.project_id = :projectId)
        and (:viewer::bigint is null or exists (
          select from may_see v where v.project_id = r.project_id and v.person_id = :viewer))
        and (:state::text is null or r.state = :state)
        and (:jobName::text is null or r.job_name = :jobName)
        and (:text::text is null
          or position(lower(:text) in lower(r.name || ' ' || r.detail)) > 0)
        and (:from::timestamptz is null or r.created_at >= :from)
        and (:until::timestamptz is null or r.created_at < :until)
      order by r.id desc
      limit :limit
      """;
  private static final String NEWER =
      """
      select *
      from (
        select r.id, r.project_id, p.name as project_name, r.name, r.job_name, r.state, r.detail,
          r.created_at, r.started_at, r.ended_at, h.stage, h.step, h.steps, h.seconds_left,
          h.at as beat_at, o.message as outcome
        from run r
        join project p on p.id = r.project_id
        left join run_heartbeat h on h.run_id = r.id
        left join lateral (
          select l.message
          from run_log l
          where l.run_id = r.id
            and r.state = 'COMPLETED'
            and l.message <> 'Completed.'
          order by l.id desc
          limit 1) o on true
        where r.id > :after
          and (:projectId::bigint is null or r.project_id = :projectId)
          and (:viewer::bigint is null or exists (
            select from may_see v where v.project_id = r.project_id and v.person_id = :viewer))
          and (:state::text is null or r.state = :state)
          and (:jobName::text is null or r.job_name = :jobName)
          and (:text::text is null
            or position(lower(:text) in lower(r.name || ' ' || r.detail)) > 0)
          and (:from::timestamptz is null or r.created_at >= :from)
          and (:until::timestamptz is null or r.created_at < :until)
        order by r.id
        limit :limit) page
      order by id desc
      """;
  private static final String JOB_NAMES =
      """
      select distinct job_name
      from run
      where (:projectId::bigint is null or project_id = :projectId)
        and (:viewer::bigint is null or exists (
          select from may_see v where v.project_id = run.project_id and v.person_id = :viewer))
        and (:text::text is null or position(lower(:text) in lower(name || ' ' || detail)) > 0)
        and (:from::timestamptz is null or created_at >= :from)
        and (:until::timestamptz is null or created_at < :until)
      order by job_name
      """;
  private static final String BY_STATE =
      """
      select state, count(*) as runs
      from run
      where (:projectId::bigint is null or project_id = :projectId)
        and (:viewer::bigint is null or exists (
          select from may_see v where v.project_id = run.project_id and v.person_id = :viewer))
        and (:text::text is null or position(lower(:text) in lower(name || ' ' || detail)) > 0)
        and (:from::timestamptz is null or created_at >= :from)
        and (:until::timestamptz is null or created_at < :until)
      group by state
      """;

  private static final String CURVES =
      """
      select series, count(*) as points, count(*) - count(value) as undefined,
        (array_agg(value order by step desc))[1] as last, min(value) as least, max(value) as most
      from run_metric
      where run_id = :runId
      group by series
      order by min(seq)
      """;

  private final JdbcClient jdbc;

  public RunList(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// What to list; an absent part does not narrow.
  ///
  /// @param viewer who looks: runs of projects that they may not see are left out
  /// @param text a part of a run's name or of what it says of itself, in whatever case
  /// @param from when runs were made at the earliest
  /// @param until when runs were made, itself not included
  public record Filter(
      @Nullable Long projectId,
      @Nullable RunState state,
      @Nullable String jobName,
      @Nullable Long viewer,
      @Nullable String text,
      @Nullable Instant from,
      @Nullable Instant until) {
    /// For whoever may see all of it.
    public Filter(@Nullable Long projectId, @Nullable RunState state, @Nullable String jobName) {
      this(projectId, state, jobName, null, null, null, null);
    }
  }

  /// The newest runs with an id below `before`, newest first.
  public List<RunLine> older(Filter filter, long before, int limit) {
    return query(OLDER, filter, limit).param("before", before).query(RunList::line).list();
  }

  /// The oldest runs with an id above `after`, newest first.
  public List<RunLine> newer(Filter filter, long after, int limit) {
    return query(NEWER, filter, limit).param("after", after).query(RunList::line).list();
  }

  /// The jobs that were ever run, by name; state and job of the filter do not matter.
  public List<String> jobNames(Filter filter) {
    return narrowed(JOB_NAMES, filter).query((row, number) -> row.getString(1)).list();
  }

  /// How many runs are in each state; every state is there. State and job of the filter do not
  /// matter.
  public Map<RunState, Long> byState(Filter filter) {
    Map<RunState, Long> counts = new EnumMap<>(RunState.class);
    for (RunState state : RunState.values()) {
      counts.put(state, 0L);
    }
    narrowed(BY_STATE, filter)
        .query(row -> {
          counts.put(RunState.valueOf(row.getString("state")), row.getLong("runs"));
        });
    return counts;
  }

  /// The curves of a run in figures, in the order in which they began.
  public List<CurveSummary> curves(long runId) {
    return jdbc.sql(CURVES)
        .param("runId", runId)
        .query((row, number) ->
            new CurveSummary(
                row.getString("series"),
                row.getLong("points"),
                row.getLong("undefined"),
                Columns.doubleOrNull(row, "last"),
                Columns.doubleOrNull(row, "least"),
                Columns.doubleOrNull(row, "most")))
        .list();
  }

  private JdbcClient.StatementSpec query(String sql, Filter filter, int limit) {
    RunState state = filter.state();
    return narrowed(sql, filter)
        .param("state", state == null ? null : state.name())
        .param("jobName", filter.jobName())
        .param("limit", limit);
  }

  /// A statement with all of a filter but state and job.
  private JdbcClient.StatementSpec narrowed(String sql, Filter filter) {
    return jdbc.sql(sql)
        .param("projectId", filter.projectId())
        .param("viewer", filter.viewer())
        .param("text", filter.text())
        .param("from", Columns.timeOrNull(filter.from()))
        .param("until", Columns.timeOrNull(filter.until()));
  }

  private static RunLine line(ResultSet row, int number) throws SQLException {
    return new RunLine(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("project_name"),
        row.getString("name"),
        row.getString("job_name"),
        RunState.valueOf(row.getString("state")),
        row.getString("detail"),
        Columns.instant(row, "created_at"),
        Columns.instantOrNull(row, "started_at"),
        Columns.instantOrNull(row, "ended_at"),
        row.getString("stage"),
        Columns.longOrNull(row, "step"),
        Columns.longOrNull(row, "steps"),
        Columns.doubleOrNull(row, "seconds_left"),
        Columns.instantOrNull(row, "beat_at"),
        row.getString("outcome"));
  }
}
