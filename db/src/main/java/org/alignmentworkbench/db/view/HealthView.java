package org.alignmentworkbench.db.view;

import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How the database and the labelling queues are.
public final class HealthView {
  private static final String DATABASE =
      """
      select current_setting('server_version') as version,
        pg_database_size(current_database()) as bytes,
        (select count(*) from pg_stat_activity where datname = current_database()) as connections,
        current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on' as durable,
        (select coalesce(sum(bytes), 0) from artifact where swept_at is null) as artifacts,
        (select version
          from flyway_schema_history
          where success
          order by installed_rank desc
          limit 1) as schema_version
      """;
  private static final String QUEUES =
      """
      select p.id, p.name, c.wanted, c.judged, held.leased, held.overdue,
        c.wanted - c.judged - held.leased as waiting,
        (
          select max(latest.created_at)
          from (
            select distinct person_id
            from judging_count
            where project_id = p.id) who
          cross join lateral (
            select j.created_at
            from judgement j
            join task t on t.id = j.task_id
            where j.person_id = who.person_id and t.project_id = p.id
            order by j.created_at desc
            limit 1) latest
        ) as last_judged,
        hour.judgements as last_hour, hour.people as at_work,
        (select count(*)
          from may_take m
          join person w on w.id = m.person_id
          where m.project_id = p.id
            and not w.scripted) as able
      from project p
      cross join lateral (
        select coalesce(sum(work), 0) as wanted, coalesce(sum(work_done), 0) as judged
        from work_count
        where project_id = p.id
      ) c
      cross join lateral (
        select count(*) filter (where s.leased_until > :now) as leased,
          count(*) filter (where s.leased_until <= :now) as overdue
        from slot s
        where s.project_id = p.id
          and s.leased_by is not null
          and s.purpose = 'WORK'
      ) held
      cross join lateral (
        select count(*) as judgements, count(distinct j.person_id) as people
        from (
          select distinct person_id
          from judging_count
          where project_id = p.id) who
        join judgement j on j.person_id = who.person_id and j.created_at > :hourAgo
        join task t on t.id = j.task_id and t.project_id = p.id
      ) hour
      where c.wanted > 0
      order by p.id desc
      limit :limit
      """;
  private static final String PEOPLE =
      """
      select p.id, p.username, p.display_name, p.role, p.scripted, p.active,
        p.password_hash is not null as has_password, p.pseudonymised_at is not null as gone,
        p.created_at,
        (select coalesce(sum(c.judged), 0) from judging_count c where c.person_id = p.id) as judgements,
        (select max(e.at)
          from audit_event e
          where e.person_id = p.id
            and e.action in ('sign-in.password', 'sign-in.link', 'sign-in.oidc', 'person.set-up',
            'invitation.use')) as last_sign_in
      from person p
      where p.scripted = :scripted
        and (:after::bigint is null
          or (not p.active, p.username)
            > (select not a.active, a.username from person a where a.id = :after))
      order by not p.active, p.username
      limit :limit
      """;

  private final JdbcClient jdbc;

  public HealthView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param artifacts bytes of the artefacts kept
  /// @param durable whether an answered commit is on the disk
  public record Database(
      String version,
      long bytes,
      long artifacts,
      long connections,
      boolean durable,
      String schemaVersion) {}

  /// The labelling queue of a project.
  ///
  /// @param overdue leases that have run out; the next claim takes them
  /// @param waiting free to be claimed, overdue ones included
  /// @param lastHour judgements of the last hour
  /// @param atWork who gave those
  /// @param able people who may label the project and have not reached their quota
  public record LabelQueue(
      long projectId,
      String projectName,
      long wanted,
      long judged,
      long leased,
      long overdue,
      long waiting,
      @Nullable Instant lastJudged,
      long lastHour,
      long atWork,
      long able) {}

  /// A person with what administrators look at.
  ///
  /// @param gone whether their names were taken away
  public record PersonLine(
      long id,
      String username,
      String displayName,
      String role,
      boolean scripted,
      boolean active,
      boolean hasPassword,
      Instant createdAt,
      long judgements,
      @Nullable Instant lastSignIn,
      boolean gone) {}

  public Database database() {
    return jdbc.sql(DATABASE)
        .query((row, number) ->
            new Database(
                row.getString("version"),
                row.getLong("bytes"),
                row.getLong("artifacts"),
                row.getLong("connections"),
                row.getBoolean("durable"),
                row.getString("schema_version")))
        .single();
  }

  /// The queues of the newest projects that have one.
  public List<LabelQueue> queues(Instant now, int limit) {
    return jdbc.sql(QUEUES)
        .param("now", Columns.time(now))
        .param("hourAgo", Columns.time(now.minusSeconds(3600)))
        .param("limit", limit)
        .query((row, number) ->
            new LabelQueue(
                row.getLong("id"),
                row.getString("name"),
                row.getLong("wanted"),
                row.getLong("judged"),
                row.getLong("leased"),
                row.getLong("overdue"),
                row.getLong("waiting"),
                Columns.instantOrNull(row, "last_judged"),
                row.getLong("last_hour"),
                row.getLong("at_work"),
                row.getLong("able")))
        .list();
  }

  /// People, or scripts; open accounts first, then by name.
  ///
  /// @param after the number of one who comes right before them; null for the first
  public List<PersonLine> people(boolean scripted, @Nullable Long after, int limit) {
    return jdbc.sql(PEOPLE)
        .param("scripted", scripted)
        .param("after", after)
        .param("limit", limit)
        .query((row, number) ->
            new PersonLine(
                row.getLong("id"),
                row.getString("username"),
                row.getString("display_name"),
                row.getString("role"),
                row.getBoolean("scripted"),
                row.getBoolean("active"),
                row.getBoolean("has_password"),
                Columns.instant(row, "created_at"),
                row.getLong("judgements"),
                Columns.instantOrNull(row, "last_sign_in"),
                row.getBoolean("gone")))
        .list();
  }
}
