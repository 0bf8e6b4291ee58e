package org.alignmentworkbench.db.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Counts of projects and of the loop they go through.
public final class ProjectView {
  private static final String PROJECTS =
      """
      select p.id, p.name, p.state, p.created_at,
        (select coalesce(sum(x.prompts), 0) from prompt_count x where x.project_id = p.id)
          as prompts,
        (select coalesce(sum(x.work), 0) from work_count x where x.project_id = p.id) as wanted,
        (select coalesce(sum(x.work_done), 0) from work_count x where x.project_id = p.id)
          as judged,
        (select count(*) from model x where x.project_id = p.id) as models,
        (select count(*) from evaluation x where x.project_id = p.id) as evaluations,
        (select count(*)
          from run x
          where x.project_id = p.id
            and x.state in ('QUEUED', 'RUNNING', 'WAITING')) as active_runs
      from project p
      join may_see v on v.project_id = p.id and v.person_id = :personId
      where p.id < :before
      order by p.id desc
      limit :limit
      """;
  private static final String LOOP =
      """
      with round as (
        select greatest(
          coalesce(
            (
              select max(x.round)
              from (
                select round
                from work_count
                where project_id = :projectId
                group by round
                having sum(tasks) > 0) x),
            0),
          coalesce(
            (
              select max(x.round)
              from (
                select round
                from response_count
                where project_id = :projectId
                group by round
                having sum(responses) > 0) x),
            0)) as number
      ), prompts as (
        select coalesce(sum(prompts) filter (where split = 'TRAIN'), 0) as train,
          coalesce(sum(prompts) filter (where split = 'PREFERENCE'), 0) as preference,
          coalesce(sum(prompts) filter (where split = 'HELD_OUT'), 0) as held_out
        from prompt_count
        where project_id = :projectId
      ), candidates as (
        select coalesce(sum(x.responses), 0) as candidates, count(*) as members
        from (
          select member, sum(responses) as responses
          from response_count
          where project_id = :projectId
            and round = (select number from round)
          group by member
          having sum(responses) > 0) x
      ), slots as (
        select coalesce(sum(tasks), 0) as pairs, coalesce(sum(work), 0) as wanted,
          coalesce(sum(work_done), 0) as judged,
          (
            select count(*)
            from slot s
            join task t on t.id = s.task_id
            where s.project_id = :projectId
              and s.leased_by is not null
              and s.leased_until > :now
              and s.purpose = 'WORK'
              and t.round = (select number from round)
          ) as leased
        from work_count
        where project_id = :projectId
          and round = (select number from round)
      ), judgements as (
        select coalesce(sum(x.scripted), 0) as scripted, count(*) as judges
        from (
          select person_id, sum(scripted) as scripted
          from judging_count
          where project_id = :projectId
            and round = (select number from round)
          group by person_id
          having sum(work) > 0) x
      ), models as (
        select count(*) filter (where kind = 'REWARD_MODEL') as reward_models,
          (array_agg(name order by id desc) filter (where kind = 'REWARD_MODEL'))[1]
            as reward_model,
          count(*) filter (where kind = 'POLICY') as policies,
          (array_agg(name order by id desc) filter (where kind = 'POLICY'))[1] as policy
        from model
        where project_id = :projectId
      )
      select (select number from round) as round, prompts.train, prompts.preference,
        prompts.held_out, candidates.candidates, candidates.members, slots.pairs, slots.wanted,
        slots.leased, slots.judged, judgements.scripted, judgements.judges,
        models.reward_models, models.reward_model, models.policies, models.policy,
        (select d.row_count
          from dataset d
          where d.project_id = :projectId
            and d.kind = 'SELECTED'
          order by d.id desc
          limit 1) as selected,
        (select count(*) from evaluation e where e.project_id = :projectId) as evaluations
      from prompts, candidates, slots, judgements, models
      """;

  private final JdbcClient jdbc;

  public ProjectView(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The projects that a person may see, newest first.
  ///
  /// @param before only those of lower number
  public List<ProjectLine> projects(long personId, long before, int limit) {
    return jdbc.sql(PROJECTS)
        .param("personId", personId)
        .param("before", before)
        .param("limit", limit)
        .query(ProjectView::project)
        .list();
  }

  public LoopCounts loop(long projectId, Instant now) {
    return jdbc.sql(LOOP)
        .param("projectId", projectId)
        .param("now", Columns.time(now))
        .query(ProjectView::loop)
        .single();
  }

  private static ProjectLine project(ResultSet row, int number) throws SQLException {
    return new ProjectLine(
        row.getLong("id"),
        row.getString("name"),
        Project.State.valueOf(row.getString("state")),
        Columns.instant(row, "created_at"),
        row.getLong("prompts"),
        row.getLong("wanted"),
        row.getLong("judged"),
        row.getLong("models"),
        row.getLong("evaluations"),
        row.getLong("active_runs"));
  }

  private static LoopCounts loop(ResultSet row, int number) throws SQLException {
    return new LoopCounts(
        row.getInt("round"),
        row.getLong("train"),
        row.getLong("preference"),
        row.getLong("held_out"),
        row.getLong("candidates"),
        row.getLong("members"),
        row.getLong("pairs"),
        row.getLong("wanted"),
        row.getLong("leased"),
        row.getLong("judged"),
        row.getLong("scripted"),
        row.getLong("judges"),
        row.getLong("reward_models"),
        row.getString("reward_model"),
        row.getLong("policies"),
        row.getString("policy"),
        Columns.longOrNull(row, "selected"),
        row.getLong("evaluations"));
  }
}
