package org.alignmentworkbench.db.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.RunChange.Changed;
import org.alignmentworkbench.db.run.RunChange.NoSuchRun;
import org.alignmentworkbench.db.run.RunChange.Refused;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Runs with their queue, curves, log and heartbeat.
public final class RunRepository {
  private static final String INSERT =
      """
      insert into run (project_id, name, job_name, configuration, seed, code_version, device)
      values (:projectId, :name, :jobName, :configuration::jsonb, :seed, :codeVersion, :device)
      returning id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      """;
  private static final String FIND =
      """
      select id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      from run
      where id = :id
      """;
  private static final String FIND_BY_NAME =
      """
      select id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      from run
      where project_id = :projectId
        and name = :name
      """;
  private static final String OF_PROJECT =
      """
      select id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      from run
      where project_id = :projectId
      order by id desc
      """;
  private static final String IN_STATES =
      """
      select id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      from run
      where state = any(:states)
      order by queue_order, id
      """;
  private static final String CHANGE =
      """
      update run
      set state = :state,
          detail = :detail,
          started_at = case when :state = 'RUNNING' then now() else started_at end,
          ended_at = case when :ended then now() end
      where id = :id
        and state = any(:from)
      returning id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      """;
  private static final String CLAIM_NEXT =
      """
      update run
      set state = 'RUNNING',
          detail = '',
          stop_requested = false,
          started_at = now(),
          ended_at = null
      where id = (
          select id
          from run
          where device = :device
            and state = 'QUEUED'
          order by queue_order, id
          limit 1
          for update skip locked)
        and not exists (select from run where device = :device and state = 'RUNNING')
      returning id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      """;
  private static final String QUEUE =
      """
      select id, project_id, name, job_name, configuration, seed, code_version, state, detail,
        job_execution_id, device, queue_order, created_at, started_at, ended_at
      from run
      where device = :device
        and state = 'QUEUED'
      order by queue_order, id
      """;
  private static final String SWAP_WITH_EARLIER =
      """
      with ordered as (
        select id, queue_order, lag(id) over w as earlier, lag(queue_order) over w as earlier_order
        from run
        where state = 'QUEUED'
          and device = (select device from run where id = :id)
        window w as (order by queue_order, id)
      ), me as (
        select id, queue_order, earlier, earlier_order
        from ordered
        where id = :id
          and earlier is not null
      )
      update run
      set queue_order = case when run.id = me.id then me.earlier_order else me.queue_order end
      from me
      where run.id in (me.id, me.earlier)
      """;
  private static final String SET_JOB_EXECUTION =
      """
      update run
      set job_execution_id = :jobExecutionId
      where id = :id
      """;
  private static final String SET_DETAIL =
      """
      update run
      set detail = :detail
      where id = :id
      """;
  private static final String CANCEL =
      """
      update run
      set state = 'STOPPED',
          detail = :detail,
          ended_at = now()
      where id = :id
        and state in ('QUEUED', 'WAITING')
      """;
  private static final String REQUEST_STOP =
      """
      update run
      set stop_requested = true
      where id = :id
        and state = 'RUNNING'
      """;
  private static final String STOP_REQUESTED =
      """
      select stop_requested
      from run
      where id = :id
      """;
  private static final String UPSERT_METRICS =
      """
      insert into run_metric (run_id, series, step, value)
      select :runId, m.series, m.step, m.value
      from unnest(:series::text[], :steps::bigint[], :values::float8[]) as m(series, step, value)
      on conflict (run_id, series, step) do update
      set value = excluded.value,
          at = excluded.at,
          seq = excluded.seq
      """;
  private static final String SERIES =
      """
      select distinct series
      from run_metric
      where run_id = :runId
      order by series
      """;
  private static final String POINTS =
      """
      select series, step, value, at, seq
      from run_metric
      where run_id = :runId
        and series = :series
      order by step
      """;
  private static final String NEW_POINTS =
      """
      select series, step, value, at, seq
      from run_metric
      where run_id = :runId
        and seq > :seq
      order by seq
      limit :limit
      """;
  private static final String LATEST =
      """
      select distinct on (series) series, step, value, at, seq
      from run_metric
      where run_id = :runId
      order by series, step desc
      """;
  private static final String INSERT_LOG =
      """
      insert into run_log (run_id, level, message)
      values (:runId, :level, :message)
      """;
  private static final String LOG_AFTER =
      """
      select id, at, level, message
      from run_log
      where run_id = :runId
        and id > :after
      order by id
      limit :limit
      """;
  private static final String LOG_TAIL =
      """
      select id, at, level, message
      from (
        select id, at, level, message
        from run_log
        where run_id = :runId
        order by id desc
        limit :limit) newest
      order by id
      """;
  private static final String UPSERT_HEARTBEAT =
      """
      insert into run_heartbeat
        (run_id, at, process_id, stage, step, steps, rate, rate_unit, seconds_left)
      values (:runId, :at, :processId, :stage, :step, :steps, :rate, :rateUnit, :secondsLeft)
      on conflict (run_id) do update
      set at = excluded.at,
          process_id = excluded.process_id,
          stage = excluded.stage,
          step = excluded.step,
          steps = excluded.steps,
          rate = excluded.rate,
          rate_unit = excluded.rate_unit,
          seconds_left = excluded.seconds_left
      """;
  private static final String HEARTBEAT =
      """
      select at, process_id, stage, step, steps, rate, rate_unit, seconds_left
      from run_heartbeat
      where run_id = :runId
      """;
  private static final String SILENT =
      """
      select r.id, r.project_id, r.name, r.job_name, r.configuration, r.seed, r.code_version,
        r.state, r.detail, r.job_execution_id, r.device, r.queue_order, r.created_at,
        r.started_at, r.ended_at
      from run r
      left join run_heartbeat h on h.run_id = r.id
      where r.state = 'RUNNING'
        and coalesce(greatest(h.at, r.started_at), r.created_at) < :since
      order by r.id
      """;

  private final JdbcClient jdbc;

  public RunRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Makes a run at the end of its device's queue.
  ///
  /// @throws DuplicateKeyException when the project has a run of that name
  public Run create(NewRun run) {
    return jdbc.sql(INSERT)
        .param("projectId", run.projectId())
        .param("name", run.name())
        .param("jobName", run.jobName())
        .param("configuration", run.configuration())
        .param("seed", run.seed())
        .param("codeVersion", run.codeVersion())
        .param("device", run.device())
        .query(RunRepository::run)
        .single();
  }

  public Optional<Run> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(RunRepository::run).optional();
  }

  public Optional<Run> findByName(long projectId, String name) {
    return jdbc.sql(FIND_BY_NAME)
        .param("projectId", projectId)
        .param("name", name)
        .query(RunRepository::run)
        .optional();
  }

  /// Newest first.
  public List<Run> ofProject(long projectId) {
    return jdbc.sql(OF_PROJECT).param("projectId", projectId).query(RunRepository::run).list();
  }

  /// In queue order, over all projects.
  public List<Run> inStates(RunState... states) {
    return jdbc.sql(IN_STATES)
        .param("states", names(Arrays.stream(states)))
        .query(RunRepository::run)
        .list();
  }

  /// Moves a run to another state if [RunState#mayBecome] allows it, in one statement, so that two
  /// requests at once cannot both succeed.
  ///
  /// @param detail a sentence for people; empty when the state says it all
  public RunChange change(long id, RunState next, String detail) {
    String[] from = names(Arrays.stream(RunState.values()).filter(state -> state.mayBecome(next)));
    Optional<Run> changed;
    try {
      changed =
          jdbc.sql(CHANGE)
              .param("id", id)
              .param("state", next.name())
              .param("detail", detail)
              .param("ended", next.ended())
              .param("from", from)
              .query(RunRepository::run)
              .optional();
    } catch (DuplicateKeyException e) {
      // Another run has the device.
      return new Refused(RunState.QUEUED);
    }
    if (changed.isPresent()) {
      return new Changed(changed.get());
    }
    Optional<Run> actual = find(id);
    return actual.isPresent() ? new Refused(actual.get().state()) : new NoSuchRun();
  }

  /// Starts the next run of a device's queue, or nothing while one is running there. Two callers at
  /// the same moment cannot both get one: the database allows one RUNNING row for a device.
  public Optional<Run> claimNext(String device) {
    try {
      return jdbc.sql(CLAIM_NEXT).param("device", device).query(RunRepository::run).optional();
    } catch (DuplicateKeyException e) {
      return Optional.empty();
    }
  }

  /// What waits for a device, next one first.
  public List<Run> queue(String device) {
    return jdbc.sql(QUEUE).param("device", device).query(RunRepository::run).list();
  }

  /// Moves a queued run one place forward; does nothing when it is the first or not queued.
  public void moveForward(long id) {
    jdbc.sql(SWAP_WITH_EARLIER).param("id", id).update();
  }

  public void setJobExecutionId(long id, long jobExecutionId) {
    jdbc.sql(SET_JOB_EXECUTION).param("id", id).param("jobExecutionId", jobExecutionId).update();
  }

  public void setDetail(long id, String detail) {
    jdbc.sql(SET_DETAIL).param("id", id).param("detail", detail).update();
  }

  /// Stops a run that only waits; false when it does not wait. One statement, so a run that is
  /// claimed at the same moment is never marked as stopped while it goes on.
  public boolean cancel(long id, String detail) {
    return jdbc.sql(CANCEL).param("id", id).param("detail", detail).update() == 1;
  }

  /// Asks the worker of a running run to stop after its current unit of work; false when it is not
  /// running.
  public boolean requestStop(long id) {
    return jdbc.sql(REQUEST_STOP).param("id", id).update() == 1;
  }

  public boolean stopRequested(long id) {
    return jdbc.sql(STOP_REQUESTED).param("id", id).query(Boolean.class).single();
  }

  /// Writes points of curves. A point that is there already is replaced, so a run that goes back to
  /// its last commit draws no step twice.
  public void metrics(long runId, List<Metric> metrics) {
    if (metrics.isEmpty()) {
      return;
    }
    @Nullable Double[] values = new @Nullable Double[metrics.size()];
    String[] series = new String[metrics.size()];
    Long[] steps = new Long[metrics.size()];
    for (int i = 0; i < series.length; i++) {
      Metric metric = metrics.get(i);
      series[i] = metric.series();
      steps[i] = metric.step();
      values[i] = Double.isFinite(metric.value()) ? metric.value() : null;
    }
    jdbc.sql(UPSERT_METRICS)
        .param("runId", runId)
        .param("series", series)
        .param("steps", steps)
        .param("values", values)
        .update();
  }

  public List<String> series(long runId) {
    return jdbc.sql(SERIES).param("runId", runId).query((row, n) -> row.getString("series")).list();
  }

  /// A whole curve in order of steps.
  public List<MetricPoint> points(long runId, String series) {
    return jdbc.sql(POINTS)
        .param("runId", runId)
        .param("series", series)
        .query(RunRepository::point)
        .list();
  }

  /// What was written after a point of sequence number `seq`; 0 asks for everything.
  public List<MetricPoint> pointsAfter(long runId, long seq, int limit) {
    return jdbc.sql(NEW_POINTS)
        .param("runId", runId)
        .param("seq", seq)
        .param("limit", limit)
        .query(RunRepository::point)
        .list();
  }

  /// The last point of each curve.
  public List<MetricPoint> latest(long runId) {
    return jdbc.sql(LATEST).param("runId", runId).query(RunRepository::point).list();
  }

  public void log(long runId, Level level, String message) {
    jdbc.sql(INSERT_LOG)
        .param("runId", runId)
        .param("level", level.name())
        .param("message", message)
        .update();
  }

  public List<LogLine> logAfter(long runId, long after, int limit) {
    return jdbc.sql(LOG_AFTER)
        .param("runId", runId)
        .param("after", after)
        .param("limit", limit)
        .query(RunRepository::line)
        .list();
  }

  /// The last lines, oldest of them first.
  public List<LogLine> logTail(long runId, int limit) {
    return jdbc.sql(LOG_TAIL)
        .param("runId", runId)
        .param("limit", limit)
        .query(RunRepository::line)
        .list();
  }

  public void heartbeat(long runId, Heartbeat beat) {
    jdbc.sql(UPSERT_HEARTBEAT)
        .param("runId", runId)
        .param("at", Columns.time(beat.at()))
        .param("processId", beat.processId())
        .param("stage", beat.stage())
        .param("step", beat.step())
        .param("steps", beat.steps())
        .param("rate", beat.rate())
        .param("rateUnit", beat.rateUnit())
        .param("secondsLeft", beat.secondsLeft())
        .update();
  }

  public Optional<Heartbeat> heartbeat(long runId) {
    return jdbc.sql(HEARTBEAT).param("runId", runId).query(RunRepository::beat).optional();
  }

  /// Runs that say they are running and have given no sign of life since `since`.
  public List<Run> silentSince(Instant since) {
    return jdbc.sql(SILENT).param("since", Columns.time(since)).query(RunRepository::run).list();
  }

  private static String[] names(Stream<RunState> states) {
    return states.map(RunState::name).toArray(String[]::new);
  }

  private static Run run(ResultSet row, int number) throws SQLException {
    return new Run(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("name"),
        row.getString("job_name"),
        row.getString("configuration"),
        row.getLong("seed"),
        row.getString("code_version"),
        RunState.valueOf(row.getString("state")),
        row.getString("detail"),
        Columns.longOrNull(row, "job_execution_id"),
        row.getString("device"),
        row.getLong("queue_order"),
        Columns.instant(row, "created_at"),
        Columns.instantOrNull(row, "started_at"),
        Columns.instantOrNull(row, "ended_at"));
  }

  private static MetricPoint point(ResultSet row, int number) throws SQLException {
    return new MetricPoint(
        row.getString("series"),
        row.getLong("step"),
        Columns.doubleOrNull(row, "value"),
        Columns.instant(row, "at"),
        row.getLong("seq"));
  }

  private static LogLine line(ResultSet row, int number) throws SQLException {
    return new LogLine(
        row.getLong("id"),
        Columns.instant(row, "at"),
        Level.valueOf(row.getString("level")),
        row.getString("message"));
  }

  private static Heartbeat beat(ResultSet row, int number) throws SQLException {
    return new Heartbeat(
        Columns.instant(row, "at"),
        row.getLong("process_id"),
        row.getString("stage"),
        row.getLong("step"),
        Columns.longOrNull(row, "steps"),
        Columns.doubleOrNull(row, "rate"),
        row.getString("rate_unit"),
        Columns.doubleOrNull(row, "seconds_left"));
  }
}
