package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// For leads: who is checked in a project, what they found, and what was decided of them.
public final class CheckedPeople {
  private static final String PEOPLE =
      """
      with known as (
        select g.task_id, g.attention, g as answer
        from gold g
        join task t on t.id = g.task_id
        where t.project_id = :projectId
      ), who as (
        select j.person_id
        from judgement j
        join task t on t.id = j.task_id
        where t.project_id = :projectId
        union
        select dealt_to from slot where project_id = :projectId and dealt_to is not null
        union
        select person_id from lead_decision where project_id = :projectId
      )
      select p.id, p.display_name, p.active, f.judged, f.right_ones, f.attention_judged,
        f.attention_right, f.qualify_judged, f.qualify_right, f.repeated, d.decision, d.note,
        d.decided_at, lead.display_name as lead
      from who
      join person p on p.id = who.person_id and not p.scripted and not p.imported
      cross join lateral (
        select
          count(*) filter (where j.purpose in ('WORK', 'CHECK') and k.task_id is not null)
            as judged,
          count(*) filter (
            where j.purpose in ('WORK', 'CHECK') and gold_right(k.answer, j)) as right_ones,
          count(*) filter (where j.purpose in ('WORK', 'CHECK') and k.attention)
            as attention_judged,
          count(*) filter (
            where j.purpose in ('WORK', 'CHECK') and k.attention and gold_right(k.answer, j))
            as attention_right,
          count(*) filter (where j.purpose = 'QUALIFY' and k.task_id is not null)
            as qualify_judged,
          count(*) filter (where j.purpose = 'QUALIFY' and gold_right(k.answer, j))
            as qualify_right,
          count(*) filter (where j.purpose = 'REPEAT') as repeated
        from judgement j
        join task t on t.id = j.task_id
        left join known k on k.task_id = j.task_id
        where j.person_id = p.id
          and t.project_id = :projectId
      ) f
      left join lateral (
        select decision, note, decided_at, decided_by
        from lead_decision
        where project_id = :projectId and person_id = p.id
        order by id desc
        limit 1
      ) d on true
      left join person lead on lead.id = d.decided_by
      order by p.display_name, p.id
      limit :limit
      """;
  private static final String DECIDE =
      """
      insert into lead_decision (project_id, person_id, decision, attempts, note, decided_by,
        decided_at)
      select :projectId, p.id, :decision,
        coalesce((
          select max(attempt)
          from slot
          where project_id = :projectId and dealt_to = p.id and purpose = 'QUALIFY'), 0),
        :note, :leadId, :now
      from person p
      where p.id = :personId
        and not p.scripted
      """;
  private static final String KNOWN =
      """
      select count(*) as known, count(*) filter (where g.attention) as attention
      from gold g
      join task t on t.id = g.task_id
      where t.project_id = :projectId
      """;
  // What can be taken back does not count yet: a figure that moved with it would tell whether it
  // was
  // right.
  private static final String STEPS =
      """
      select count(*) as judged,
        count(*) filter (where first.found) as right_ones
      from (
        select gold_right(g, j) as found, row_number() over (order by j.id) as number,
          count(*) over () as judged
        from gold g
        join task t on t.id = g.task_id
        join judgement j on j.task_id = g.task_id and j.person_id = :personId
        where t.project_id = :projectId
          and j.purpose in ('WORK', 'CHECK')
          and not exists (
            select from last_act l
            where l.person_id = j.person_id and l.judgement_id = j.id)
      ) first
      where first.number <= first.judged / :step * :step
      """;

  /// People see their own agreement over so many known answers at a time: a figure that moved with
  /// each of them would tell which pair was one.
  public static final int STEP = 10;

  private final JdbcClient jdbc;

  public CheckedPeople(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Somebody who judged in a project, or was dealt a check.
  ///
  /// @param found of known answers, attention checks among them, the qualification not
  /// @param attention of attention checks
  /// @param qualification of the pairs of all qualifications
  /// @param repeated pairs judged again with sides swapped
  /// @param decision the last of a lead
  public record Checked(
      long personId,
      String name,
      boolean active,
      Found found,
      Found attention,
      Found qualification,
      long repeated,
      @Nullable LeadDecision decision) {}

  /// Known answers of a project.
  public record KnownAnswers(long all, long attention) {}

  /// By name.
  public List<Checked> of(long projectId, int limit) {
    return jdbc.sql(PEOPLE)
        .param("projectId", projectId)
        .param("limit", limit)
        .query((row, number) -> checked(row))
        .list();
  }

  /// Keeps what a lead decided of somebody; false when there is no such person to decide of.
  public boolean decide(
      long projectId,
      long personId,
      LeadDecision.Kind decision,
      String note,
      long leadId,
      Instant now) {
    return jdbc.sql(DECIDE)
            .param("projectId", projectId)
            .param("personId", personId)
            .param("decision", decision.name())
            .param("note", note.replace("\0", ""))
            .param("leadId", leadId)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// How many answers are known in a project.
  public KnownAnswers known(long projectId) {
    return jdbc.sql(KNOWN)
        .param("projectId", projectId)
        .query((row, number) -> new KnownAnswers(row.getLong("known"), row.getLong("attention")))
        .single();
  }

  /// What somebody found of their first known answers, a multiple of [#STEP].
  public Found shown(long projectId, long personId) {
    return jdbc.sql(STEPS)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("step", STEP)
        .query((row, number) -> new Found(row.getLong("right_ones"), row.getLong("judged")))
        .single();
  }

  private static Checked checked(ResultSet row) throws SQLException {
    @Nullable String decision = row.getString("decision");
    return new Checked(
        row.getLong("id"),
        row.getString("display_name"),
        row.getBoolean("active"),
        new Found(row.getLong("right_ones"), row.getLong("judged")),
        new Found(row.getLong("attention_right"), row.getLong("attention_judged")),
        new Found(row.getLong("qualify_right"), row.getLong("qualify_judged")),
        row.getLong("repeated"),
        decision == null
            ? null
            : new LeadDecision(
                LeadDecision.Kind.valueOf(decision),
                row.getString("lead"),
                row.getString("note"),
                Columns.instant(row, "decided_at")));
  }
}
