package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
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
  /// People who are waited for, and which of the open languages each of them judges in.
  private static final String READERS =
      """
      with judge as (
        select w.id
        from may_take m
        join person w on w.id = m.person_id
        where m.project_id = :projectId
          and w.scripted = :scripted
      ), reads as (
        -- Who judges in which of the languages that are open; null is a language unknown.
        select l.language, judge.id
        from (
          select nullif(language, '') as language
          from work_count
          where project_id = :projectId
          group by language
          having sum(work + beside - work_done - beside_done) > 0
        ) l
        cross join judge
        where l.language is null
          or not exists (select from person_language x where x.person_id = judge.id)
          or exists (
            select
            from person_language x
            where x.person_id = judge.id
              and (x.language = l.language or starts_with(l.language, x.language || '-')))
      ), readers as (
        select language, count(*) as number
        from reads
        group by language
      )
      """;

  /// Where no language has fewer readers than a task has slots, only a task that somebody is done
  /// with otherwise than by a judgement of the work can have a slot that nobody may take: of any
  /// other one slot is done for each reader who is done with it.
  private static final String ENOUGH_READERS =
      READERS
          + """
          select not exists (
            select
            from (
              select nullif(language, '') as language
              from work_count
              where project_id = :projectId
              group by language
              having sum(work - work_done) > 0
            ) l
            left join readers r on r.language is not distinct from l.language
            where coalesce(r.number, 0) < (
              select max(widest) from work_count where project_id = :projectId))
          """;

  /// Every task of the project with open slots, of those that `%s` leaves: `open` of them in all,
  /// `free` to be taken, `able` the people who may.
  private static final String TASKS =
      READERS
          + """
          , open_slots as (
            select task_id, language, count(*) as open,
              count(*) filter (where leased_until is null or leased_until < :now) as free
            from slot
            where project_id = :projectId
              and purpose = 'WORK'
              and not done
              %s
            group by task_id, language
          ), past as (
            %s
          ), open_task as (
            select s.task_id, s.open, s.free,
              coalesce(r.number, 0) - coalesce(past.number, 0) as able
            from open_slots s
            left join readers r on r.language is not distinct from s.language
            left join past on past.task_id = s.task_id
              and past.language is not distinct from s.language
          )
          """;

  private static final String OPEN_TASKS =
      TASKS.formatted(
          "",
          """
          -- Readers who are done with an open task: found in one pass, however many are open.
          select s.task_id, s.language, count(*) as number
          from open_slots s
          join (
            select task_id, person_id from judgement
            union
            select task_id, person_id from skip
            union
            select task_id, person_id from withdrawn_judgement where why = 'LEAD') d
            on d.task_id = s.task_id
          join reads on reads.id = d.person_id
            and reads.language is not distinct from s.language
          group by s.task_id, s.language
          """);

  private static final String ODD_TASKS =
      TASKS.formatted(
          """
          and task_id in (
            select task_id from skip
            union
            select task_id from withdrawn_judgement where why = 'LEAD'
            union
            select task_id from judgement where purpose <> 'WORK')
          """,
          """
          -- The same for few tasks.
          select s.task_id, s.language, count(*) as number
          from open_slots s
          cross join lateral (
            select person_id from judgement where task_id = s.task_id
            union
            select person_id from skip where task_id = s.task_id
            union
            select person_id from withdrawn_judgement where task_id = s.task_id and why = 'LEAD') d
          join reads on reads.id = d.person_id
            and reads.language is not distinct from s.language
          group by s.task_id, s.language
          """);

  private static final String ROUNDS =
      """
      select c.round, c.tasks, c.judged, c.missing - coalesce(h.number, 0) as free,
        coalesce(h.number, 0) as in_hand,
        coalesce(
          (
            select count(*)
            from closed_slot x
            join task t on t.id = x.task_id
            where t.project_id = :projectId
              and t.round = c.round
          ),
          0) as closed
      from (
        select round, sum(tasks) as tasks, sum(work_done) as judged,
          sum(work - work_done) as missing
        from work_count
        where project_id = :projectId
        group by round
        having sum(tasks) > 0
      ) c
      left join (
        select t.round, count(*) as number
        from slot s
        join task t on t.id = s.task_id
        where s.project_id = :projectId
          and s.leased_by is not null
          and s.leased_until >= :now
          and s.purpose = 'WORK'
        group by t.round
      ) h on h.round = c.round
      order by c.round
      """;
  private static final String BY_NOBODY =
      """
      select t.round, sum(least(o.free, greatest(o.open - o.able, 0))) as slots
      from open_task o
      join task t on t.id = o.task_id
      group by t.round
      """;
  private static final String STUCK =
      """
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
  private final Recent<Waited, Map<Integer, Long>> byNobody;

  public OpenSlots(JdbcClient jdbc) {
    this(jdbc, System::nanoTime);
  }

  /// @param clock nanoseconds by which a count is told to have taken long, and is kept for a while
  OpenSlots(JdbcClient jdbc, LongSupplier clock) {
    this.jdbc = jdbc;
    this.byNobody = new Recent<>(clock);
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

  /// The project's rounds in order; what nobody may take may be as it was a moment ago, where a
  /// project has so few people that all its open tasks have to be looked at.
  ///
  /// @param judges who is waited for
  public List<Round> rounds(long projectId, Judges judges, Instant now) {
    Map<Integer, Long> stuck =
        byNobody.get(new Waited(projectId, judges), () -> byNobody(projectId, judges, now));
    return jdbc.sql(ROUNDS)
        .param("projectId", projectId)
        .param("now", Columns.time(now))
        .query((row, number) -> round(row, stuck))
        .list();
  }

  private Map<Integer, Long> byNobody(long projectId, Judges judges, Instant now) {
    Map<Integer, Long> slots = new HashMap<>();
    jdbc.sql(tasks(projectId, judges) + BY_NOBODY)
        .param("projectId", projectId)
        .param("scripted", judges.scripted())
        .param("now", Columns.time(now))
        .query(row -> {
          slots.put(row.getInt("round"), row.getLong("slots"));
        });
    return slots;
  }

  /// The tasks among which those are that somebody may wait for in vain.
  private String tasks(long projectId, Judges judges) {
    boolean enough =
        jdbc.sql(ENOUGH_READERS)
            .param("projectId", projectId)
            .param("scripted", judges.scripted())
            .query(Boolean.class)
            .single();
    return enough ? ODD_TASKS : OPEN_TASKS;
  }

  /// The first tasks of a round that have a free slot which nobody may take, in order of keys.
  public List<Stuck> stuck(long projectId, int round, Judges judges, Instant now, int limit) {
    return jdbc.sql(tasks(projectId, judges) + STUCK)
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
    byNobody.forget(new Waited(projectId, judges));
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

  private static Round round(ResultSet row, Map<Integer, Long> stuck) throws SQLException {
    int round = row.getInt("round");
    return new Round(
        round,
        row.getInt("tasks"),
        row.getLong("judged"),
        row.getLong("in_hand"),
        row.getLong("free"),
        // Slots that somebody took since that was counted are not free.
        Math.min(row.getLong("free"), stuck.getOrDefault(round, 0L)),
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
