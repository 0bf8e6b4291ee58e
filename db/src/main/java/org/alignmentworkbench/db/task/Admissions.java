package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.alignmentworkbench.db.task.Admission.Admitted;
import org.alignmentworkbench.db.task.Admission.NotQualified;
import org.alignmentworkbench.db.task.Admission.Qualifying;
import org.alignmentworkbench.db.task.Admission.Stopped;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who is dealt the work of a project. Looking changes nothing: everything follows from the rule,
/// the lead's last decision, and what somebody was asked and found.
///
/// | before anything else | a lead's STOP stops |
/// |---|---|
/// | then the qualification, if there is one | whoever worked here before it, or was let in, is qualified |
/// | then the pass mark | what was found since the lead's last decision counts |
///
/// Scripts are never checked: their answers are drawn, not given.
public final class Admissions {
  private static final String GROUND =
      """
      select p.scripted,
        exists (
          select
          from gold g
          join task t on t.id = g.task_id
          where t.project_id = :projectId) as gold,
        exists (
          select
          from lead_decision d
          where d.project_id = :projectId and d.person_id = :personId) as decided,
        exists (
          select
          from labelling_setup u
          where u.project_id = :projectId and u.repeat_percent > 0) as choices_repeat
      from person p
      where p.id = :personId
      """;
  private static final String FACTS =
      """
      with latest as (
        select decision, attempts, decided_at
        from lead_decision
        where project_id = :projectId
          and person_id = :personId
        order by id desc
        limit 1
      ), attempt as (
        select s.attempt, count(*) as asked, count(g.task_id) as known,
          count(*) filter (where s.done or exists (
            select from skip k
            where k.task_id = s.task_id and k.person_id = :personId)) as finished,
          count(*) filter (where gold_right(g, j)) as right_ones
        from slot s
        left join judgement j on j.slot_id = s.id
        left join gold g on g.task_id = s.task_id
        where s.dealt_to = :personId
          and s.project_id = :projectId
          and s.purpose = 'QUALIFY'
        group by s.attempt
        order by s.attempt desc
        limit 1
      ), found as (
        select count(*) as judged,
          count(*) filter (where gold_right(g, j)) as right_ones,
          count(*) filter (where not undoable) as settled,
          count(*) filter (where not undoable and gold_right(g, j)) as settled_right
        from gold g
        join task t on t.id = g.task_id
        join judgement j on j.task_id = g.task_id and j.person_id = :personId
        cross join lateral (
          select exists (
            select from last_act l
            where l.person_id = j.person_id and l.judgement_id = j.id) as undoable
        ) u
        where t.project_id = :projectId
          and j.purpose in ('WORK', 'CHECK')
          and j.created_at > coalesce((select decided_at from latest), '-infinity')
      )
      select latest.decision, latest.attempts, attempt.attempt, attempt.asked, attempt.known,
        attempt.finished, attempt.right_ones as qualified, found.judged, found.right_ones,
        found.settled, found.settled_right,
        (
          select coalesce(sum(c.work), 0) > 0
          from judging_count c
          where c.person_id = :personId and c.project_id = :projectId
        ) as worked,
        (
          select count(*)
          from gold g
          join task t on t.id = g.task_id
          where t.project_id = :projectId
            and not exists (
              select from judgement j
              where j.task_id = g.task_id and j.person_id = :personId)
            and not exists (
              select from skip k
              where k.task_id = g.task_id and k.person_id = :personId)
            and not exists (
              select from slot s
              where s.task_id = g.task_id and s.dealt_to = :personId)
        ) as unseen
      from found
      left join latest on true
      left join attempt on true
      """;

  /// Pairs of a qualification that a lead asks for where the project has none.
  private static final int ASKED_AGAIN = 5;

  private final JdbcClient jdbc;
  private final CheckRules rules;

  public Admissions(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.rules = new CheckRules(jdbc);
  }

  /// What somebody is dealt.
  ///
  /// @param checked whether checks are dealt at all
  /// @param begins pairs of a qualification that has to begin, 0 for none
  /// @param attempt the number of that qualification
  /// @param unseen known answers they were never asked for
  /// @param choicesRepeat whether the project has a set-up whose choices are asked again
  record Ground(
      Admission admission,
      CheckRule rule,
      boolean checked,
      int begins,
      int attempt,
      int unseen,
      boolean choicesRepeat) {}

  /// @param settled what was found without a judgement that can be taken back: what a person is
  ///   told must not move with it, or it would tell them whether it was right
  private record Facts(
      @Nullable String decision,
      int decidedAfter,
      int attempt,
      int asked,
      int finished,
      Found qualified,
      Found found,
      Found settled,
      boolean worked,
      int unseen) {}

  /// Whether a person is dealt the work of a project.
  public Admission of(long projectId, long personId) {
    return ground(projectId, personId).admission();
  }

  /// What somebody found of the known answers since a lead decided of them last.
  public Found found(long projectId, long personId) {
    return facts(projectId, personId).found();
  }

  Ground ground(long projectId, long personId) {
    record Start(boolean scripted, boolean gold, boolean decided, boolean choicesRepeat) {}
    Start start =
        jdbc.sql(GROUND)
            .param("projectId", projectId)
            .param("personId", personId)
            .query((row, number) ->
                new Start(
                    row.getBoolean("scripted"),
                    row.getBoolean("gold"),
                    row.getBoolean("decided"),
                    row.getBoolean("choices_repeat")))
            .single();
    if (start.scripted()) {
      return new Ground(new Admitted(false), CheckRule.DEFAULT, false, 0, 0, 0, false);
    }
    CheckRule rule = rules.of(projectId);
    if (!start.gold() && !start.decided()) {
      return new Ground(new Admitted(false), rule, true, 0, 0, 0, start.choicesRepeat());
    }
    return ground(rule, facts(projectId, personId), start.choicesRepeat());
  }

  private static Ground ground(CheckRule rule, Facts facts, boolean choicesRepeat) {
    boolean askedAgain =
        "ASK_AGAIN".equals(facts.decision()) && facts.attempt() <= facts.decidedAfter();
    int count = rule.qualifyCount();
    int begins =
        askedAgain
            ? Math.min(facts.unseen(), count == 0 ? ASKED_AGAIN : count)
            : facts.attempt() == 0 && !facts.worked() ? Math.min(facts.unseen(), count) : 0;
    if ("LET_IN".equals(facts.decision()) || "STOP".equals(facts.decision())) {
      begins = 0;
    }
    return new Ground(
        admission(rule, facts, askedAgain, begins),
        rule,
        true,
        begins,
        facts.attempt() + 1,
        facts.unseen(),
        choicesRepeat);
  }

  private static Admission admission(CheckRule rule, Facts facts, boolean askedAgain, int begins) {
    if ("STOP".equals(facts.decision())) {
      return new Stopped(true, facts.found());
    }
    if (begins > 0) {
      return new Qualifying(0, begins);
    }
    if (!askedAgain && facts.attempt() > 0 && !"LET_IN".equals(facts.decision())) {
      if (facts.finished() < facts.asked()) {
        return new Qualifying(facts.finished(), facts.asked());
      }
      if (!rule.qualifies(facts.qualified())) {
        return new NotQualified(facts.qualified());
      }
    }
    return switch (rule.below()) {
      case NOTHING -> new Admitted(false);
      case WARN -> new Admitted(rule.fails(facts.settled()));
      case STOP ->
          rule.fails(facts.found()) ? new Stopped(false, facts.found()) : new Admitted(false);
    };
  }

  private Facts facts(long projectId, long personId) {
    return jdbc.sql(FACTS)
        .param("projectId", projectId)
        .param("personId", personId)
        .query((row, number) -> facts(row))
        .single();
  }

  private static Facts facts(ResultSet row) throws SQLException {
    return new Facts(
        row.getString("decision"),
        row.getInt("attempts"),
        row.getInt("attempt"),
        row.getInt("asked"),
        row.getInt("finished"),
        new Found(row.getLong("qualified"), row.getLong("known")),
        new Found(row.getLong("right_ones"), row.getLong("judged")),
        new Found(row.getLong("settled_right"), row.getLong("settled")),
        row.getBoolean("worked"),
        row.getInt("unseen"));
  }
}
