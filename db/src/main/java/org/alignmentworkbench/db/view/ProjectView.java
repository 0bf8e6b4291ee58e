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
        (select count(*) from prompt x where x.project_id = p.id) as prompts,
        (select count(*) from slot x where x.project_id = p.id and x.purpose = 'WORK') as wanted,
        (select count(*)
          from slot x
          where x.project_id = p.id
            and x.purpose = 'WORK'
            and x.done) as judged,
        (select count(*) from model x where x.project_id = p.id) as models,
        (select count(*) from evaluation x where x.project_id = p.id) as evaluations,
        (select count(*)
          from run x
          where x.project_id = p.id
            and x.state in ('QUEUED', 'RUNNING', 'WAITING')) as active_runs
      from project p
      join may_see v on v.project_id = p.id and v.person_id = :personId
      order by p.id desc
      limit :limit
      """;
  private static final String LOOP =
      """
      with round as (
        select greatest(
          coalesce((select max(t.round) from task t where t.project_id = :projectId), 0),
          coalesce((select max(r.round) from response r where r.project_id = :projectId), 0))
          as number
      ), prompts as (
        select count(*) filter (where split = 'TRAIN') as train,
          count(*) filter (where split = 'PREFERENCE') as preference,
          count(*) filter (where split = 'HELD_OUT') as held_out
        from prompt
        where project_id = :projectId
      ), candidates as (
        select count(*) as candidates, count(distinct member) as members
        from response
        where project_id = :projectId
          and round = (select number from round)
      ), slots as (
        select count(distinct t.id) as pairs, count(s.id) as wanted,
          count(*) filter (where s.leased_until > :now) as leased,
          count(*) filter (where s.done) as judged
        from task t
        left join slot s on s.task_id = t.id and s.purpose = 'WORK'
        where t.project_id = :projectId
          and t.round = (select number from round)
      ), judgements as (
        select count(*) filter (where j.scripted) as scripted,
          count(distinct j.person_id) as judges
        from task t
        join judgement j on j.task_id = t.id and j.purpose = 'WORK'
        where t.project_id = :projectId
          and t.round = (select number from round)
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
  public List<ProjectLine> projects(long personId, int limit) {
    return jdbc.sql(PROJECTS)
        .param("personId", personId)
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
