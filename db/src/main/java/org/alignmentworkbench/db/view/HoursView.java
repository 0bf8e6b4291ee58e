package org.alignmentworkbench.db.view;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How long people judged, by week and project: the active time of their judgements, which leaves
/// pauses out. Time spent on what was skipped is not kept anywhere and not in it, nor are
/// judgements that files brought.
public final class HoursView {
  private static final String HOURS =
      """
      select date_trunc('week', j.created_at at time zone :zone)::date as week, w.username,
        w.display_name, p.name as project, count(*) as judgements, sum(j.active_ms) as active_ms
      from judgement j
      join person w on w.id = j.person_id
      join task t on t.id = j.task_id
      join project p on p.id = t.project_id
      where not j.scripted
        and j.import_id is null
        and j.created_at >= :from
        and j.created_at < :to
      group by week, w.id, w.username, w.display_name, p.id, p.name
      order by week desc, w.username, p.name
      """;

  private final JdbcClient jdbc;

  public HoursView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// One person's week in one project.
  ///
  /// @param week its Monday
  public record Line(
      LocalDate week,
      String username,
      String displayName,
      String project,
      long judgements,
      long activeMs) {}

  /// The latest week first, then by person and project.
  ///
  /// @param zone in which a week begins at Monday's midnight
  public List<Line> hours(Instant from, Instant to, ZoneId zone) {
    return jdbc.sql(HOURS)
        .param("from", Columns.time(from))
        .param("to", Columns.time(to))
        .param("zone", zone.getId())
        .query((row, number) ->
            new Line(
                row.getObject("week", LocalDate.class),
                row.getString("username"),
                row.getString("display_name"),
                row.getString("project"),
                row.getLong("judgements"),
                row.getLong("active_ms")))
        .list();
  }
}
