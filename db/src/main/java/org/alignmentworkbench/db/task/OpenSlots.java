package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.row.Recent;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The judgements that are still wanted, who could give them, and the way to give them up.
///
/// A slot can be judged by nobody when more slots of its task are open than there are people who
/// may still take one: people who may label the project and have not reached their quota, who have
/// neither judged nor skipped the task. A round waits for such a slot for ever, until somebody
/// closes it.
///
/// Closing takes slots that are free. One that somebody is judging stays: it will be judged, or its
/// lease runs out and it can be closed then.
public final class OpenSlots {
  /// Every task of the project with open slots: `open` of them in all, `free` to be taken, `able`
  /// the people who may.
  private static final String OPEN_TASKS =
      """
      with judge as (
        select w.id
        from may_take m
        join person w on w.id = m.person_id
        where m.project_id = :projectId
          and w.scripted = :scripted
      ), done_with as (
        select task_id, person_id from judgement
        union
        select task_id, person_id from skip
        union
        select task_id, person_id from withdrawn_judgement where why = 'LEAD'
      ), reads as (
        -- Who judges in which of the languages that are open; null is a language unknown.
        select l.language, judge.id
        from (
          select distinct language
          from slot
          where project_id = :projectId
            and not done
        ) l
        cross join judge
        where l.language is null
          or not exists (select from person_language x where x.person_id = judge.id)
          or exists (
            select
            from person_language x
            where x.person_id = judge.id
              and (x.language = l.language or l.language like x.language || '-%'))
      ), readers as (
        select language, count(*) as number
        from reads
        group by language
      ), open_slots as (
        select task_id, language, count(*) as open,
          count(*) filter (where leased_until is null or leased_until < :now) as free
        from slot
        where project_id = :projectId
          and purpose = 'WORK'
          and not done
        group by task_id, language
      ), past as (
        -- Readers who are done with an open task: found in one pass, however many are open.
        select s.task_id, s.language, count(*) as number
        from open_slots s
        join done_with d on d.task_id = s.task_id
        join reads on reads.id = d.person_id
          and reads.language is not distinct from s.language
        group by s.task_id, s.language
      ), open_task as (
        select s.task_id, s.open, s.free,
          coalesce(r.number, 0) - coalesce(past.number, 0) as able
        from open_slots s
        left join readers r on r.language is not distinct from s.language
        left join past on past.task_id = s.task_id
          and past.language is not distinct from s.language
      )
      """;

  private static final String ROUNDS =
      OPEN_TASKS
          + """
          , judged as (
            select t.round, count(*) as number
            from judgement j
            join task t on t.id = j.task_id
            where t.project_id = :projectId
              and j.purpose = 'WORK'
            group by t.round
          ), closed as (
            select t.round, count(*) as number
            from closed_slot c
            join task t on t.id = c.task_id
            where t.project_id = :projectId
            group by t.round
          )
          select t.round, count(*) as tasks,
            coalesce((select number from judged where judged.round = t.round), 0) as judged,
            coalesce(sum(o.open - o.free), 0) as in_hand,
            coalesce(sum(o.free), 0) as free,
            coalesce(sum(least(o.free, greatest(o.open - o.able, 0))), 0) as by_nobody,
            coalesce((select number from closed where closed.round = t.round), 0) as closed
          from task t
          left join open_task o on o.task_id = t.id
          where t.project_id = :projectId
          group by t.round
          order by t.round
          """;
  private static final String STUCK =
      OPEN_TASKS
          + """
          select t.id, t.key, t.round, p.text as prompt,
            (select count(*) from judgement j where j.task_id = t.id and j.purpose = 'WORK')
              as judged,
            (select count(*) from skip k where k.task_id = t.id) as skipped,
            array(
              select k.reason
              from skip k
              where k.task_id = t.id
              order by k.at, k.person_id) as reasons,
            o.free, least(o.free, greatest(o.open - o.able, 0)) as by_nobody
          from open_task o
          join task t on t.id = o.task_id
          join prompt p on p.id = t.prompt_id
          where t.round = :round
            and o.free > 0
            and o.open > o.able
          order by t.key
          limit :limit
          """;
  private static final String WOULD_CLOSE =
      OPEN_TASKS
          + """
          select coalesce(
              sum(
                case
                  when :onlyByNobody then least(o.free, greatest(o.open - o.able, 0))
                  else o.free
                end),
              0) as slots
          from open_task o
          join task t on t.id = o.task_id
          where t.round = :round
            and t.id = coalesce(:taskId::bigint, t.id)
          """;
  // The last of a task's free slots go first. A claim in progress keeps its slot.
  private static final String CLOSE =
      OPEN_TASKS
          + """
          , ranked as (
            select s.id,
              row_number() over (partition by s.task_id order by s.ordinal desc) as rank,
              case
                when :onlyByNobody then greatest(o.open - o.able, 0)
                else o.open
              end as most
            from open_task o
            join task t on t.id = o.task_id
            join slot s on s.task_id = o.task_id
            where t.round = :round
              and (:taskId::bigint is null or t.id = :taskId)
              and s.purpose = 'WORK'
              and not s.done
              and (s.leased_until is null or s.leased_until < :now)
          ), chosen as (
            select s.id, s.task_id, s.ordinal
            from slot s
            join ranked r on r.id = s.id
            where r.rank <= r.most
              and not s.done
              and (s.leased_until is null or s.leased_until < :now)
            for update of s skip locked
          ), forgotten as (
            delete from draft
            using chosen
            where draft.slot_id = chosen.id
          ), gone as (
            delete from slot
            using chosen
            where slot.id = chosen.id
          ), noted as (
            insert into closed_slot (task_id, ordinal, closed_by, closed_at)
            select task_id, ordinal, :personId, :now
            from chosen
          )
          select count(*) as closed
          from chosen
          """;
  private static final String IN_HAND =
      """
      select count(*)
      from slot s
      join task t on t.id = s.task_id
      where s.project_id = :projectId
        and s.purpose = 'WORK'
        and t.round = :round
        and (:taskId::bigint is null or t.id = :taskId)
        and not s.done
        and s.leased_until >= :now
      """;
  // What the round could learn from afterwards: a judgement, or a slot outside the choice.
  private static final String REMAINS =
      OPEN_TASKS
          + """
          select exists (
              select
              from judgement j
              join task t on t.id = j.task_id
              where t.project_id = :projectId
                and t.round <= :round
                and j.purpose = 'WORK'
                and t.kind in ('PAIR', 'CHOICE', 'RANK')
                and j.scripted = :scripted)
            or exists (
              select
              from open_task o
              join task t on t.id = o.task_id
              where t.round <= :round
                and o.open > case
                  when t.round < :round or t.id <> coalesce(:taskId::bigint, t.id) then 0
                  when :onlyByNobody then least(o.free, greatest(o.open - o.able, 0))
                  else o.free
                end) as remains
          """;

  /// Whose rounds, and who is waited for.
  private record Waited(long projectId, Judges judges) {}

  private final JdbcClient jdbc;
  private final Recent<Waited, List<Round>> rounds = new Recent<>(System::nanoTime);

  public OpenSlots(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A round's labelling.
  ///
  /// @param judged judgements there
  /// @param inHand slots that somebody is judging
  /// @param free slots to be taken
  /// @param byNobody those of the free ones that nobody may take
  /// @param closed slots given up
  public record Round(
      int round, int tasks, long judged, long inHand, long free, long byNobody, long closed) {}

  /// A task with free slots that nobody may take.
  ///
  /// @param reasons why people skipped it, as the desk wrote them down
  public record Stuck(
      long taskId,
      String key,
      int round,
      String prompt,
      int judged,
      int skipped,
      List<String> reasons,
      int free,
      int byNobody) {}

  /// Which slots are meant.
  ///
  /// @param taskId of one task, or null for the whole round
  /// @param onlyByNobody only those that nobody may take, or all that are free
  public record Choice(int round, @Nullable Long taskId, boolean onlyByNobody) {}

  /// The project's rounds in order; of a large project as they were a moment ago.
  ///
  /// @param judges who is waited for
  public List<Round> rounds(long projectId, Judges judges, Instant now) {
    return rounds.get(
        new Waited(projectId, judges),
        () ->
            jdbc.sql(ROUNDS)
                .param("projectId", projectId)
                .param("scripted", judges.scripted())
                .param("now", Columns.time(now))
                .query(OpenSlots::round)
                .list());
  }

  /// The first tasks of a round that have a free slot which nobody may take, in order of keys.
  public List<Stuck> stuck(long projectId, int round, Judges judges, Instant now, int limit) {
    return jdbc.sql(STUCK)
        .param("projectId", projectId)
        .param("round", round)
        .param("scripted", judges.scripted())
        .param("now", Columns.time(now))
        .param("limit", limit)
        .query(OpenSlots::stuck)
        .list();
  }

  /// How many slots closing would give up at this moment.
  public int wouldClose(long projectId, Choice choice, Judges judges, Instant now) {
    return jdbc.sql(WOULD_CLOSE)
        .param("projectId", projectId)
        .param("round", choice.round())
        .param("taskId", choice.taskId())
        .param("onlyByNobody", choice.onlyByNobody())
        .param("scripted", judges.scripted())
        .param("now", Columns.time(now))
        .query(Integer.class)
        .single();
  }

  /// Gives up slots. What was judged stays, and a round that waited for nothing else goes on.
  public CloseOutcome close(
      long projectId, Choice choice, Judges judges, long personId, Instant now) {
    if (!remains(projectId, choice, judges, now)) {
      return new CloseOutcome.NothingJudged();
    }
    int closed =
        jdbc.sql(CLOSE)
            .param("projectId", projectId)
            .param("round", choice.round())
            .param("taskId", choice.taskId())
            .param("onlyByNobody", choice.onlyByNobody())
            .param("scripted", judges.scripted())
            .param("personId", personId)
            .param("now", Columns.time(now))
            .query((row, number) -> row.getInt("closed"))
            .single();
    rounds.forget(new Waited(projectId, judges));
    int inHand =
        jdbc.sql(IN_HAND)
            .param("projectId", projectId)
            .param("round", choice.round())
            .param("taskId", choice.taskId())
            .param("now", Columns.time(now))
            .query(Integer.class)
            .single();
    return closed == 0
        ? new CloseOutcome.NothingFree(inHand)
        : new CloseOutcome.Closed(closed, inHand);
  }

  private boolean remains(long projectId, Choice choice, Judges judges, Instant now) {
    return jdbc.sql(REMAINS)
        .param("projectId", projectId)
        .param("round", choice.round())
        .param("taskId", choice.taskId())
        .param("onlyByNobody", choice.onlyByNobody())
        .param("scripted", judges.scripted())
        .param("now", Columns.time(now))
        .query((row, number) -> row.getBoolean("remains"))
        .single();
  }

  private static Round round(ResultSet row, int number) throws SQLException {
    return new Round(
        row.getInt("round"),
        row.getInt("tasks"),
        row.getLong("judged"),
        row.getLong("in_hand"),
        row.getLong("free"),
        row.getLong("by_nobody"),
        row.getLong("closed"));
  }

  private static Stuck stuck(ResultSet row, int number) throws SQLException {
    return new Stuck(
        row.getLong("id"),
        row.getString("key"),
        row.getInt("round"),
        row.getString("prompt"),
        row.getInt("judged"),
        row.getInt("skipped"),
        List.of((String[]) row.getArray("reasons").getArray()),
        row.getInt("free"),
        row.getInt("by_nobody"));
  }
}
