package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What one annotator's desk shows besides the slot in hand: the queues, what they have judged and
/// how fast. Like [Queue] it tells nothing about which model answered, and speaks of left and
/// right.
public final class DeskReadings {
  /// Tasks that wait are counted no further than this: a desk says that there are more.
  public static final int MOST_WAITING = 1000;

  // What was dealt to this person alone and waits.
  private static final String DEALT_AND_WAITING =
      """
      select count(*)
      from slot s
      where s.project_id = p.id
        and s.dealt_to = :personId
        and not s.done
        and (s.purpose = 'REPEAT' or not exists (
          select from judgement j
          where j.task_id = s.task_id and j.person_id = :personId))
        and not exists (
          select from skip k
          where k.task_id = s.task_id and k.person_id = :personId)
        and not exists (
          select from withdrawn_judgement w
          where w.task_id = s.task_id and w.person_id = :personId and w.why = 'LEAD')
      """;
  // Sums of what is kept; slots that somebody holds are few and have an index. What waits is looked
  // for in the order in which it is dealt, so that looking ends early where there is much.
  private static final String QUEUES =
      """
      select p.id, p.name, m.quota, c.work_done + c.beside_done as judged,
        c.work + c.beside_done + (%s) as wanted,
        (
          select count(*)
          from (
            select distinct s.shuffle_key, s.task_id, s.purpose = 'REPEAT'
            from slot s
            where s.project_id = p.id
              and not s.done
              and (s.dealt_to is null or s.dealt_to = :personId)
              and (s.leased_until is null or s.leased_until < :now or s.leased_by = :personId)
              and (s.leased_by = :personId or exists (
                select from may_take t
                where t.project_id = p.id and t.person_id = :personId))
              and (s.purpose = 'REPEAT' or not exists (
                select from judgement j
                where j.task_id = s.task_id and j.person_id = :personId))
              and not exists (
                select from skip k
                where k.task_id = s.task_id and k.person_id = :personId)
              and not exists (
                select from withdrawn_judgement w
                where w.task_id = s.task_id and w.person_id = :personId and w.why = 'LEAD')
              and (s.language is null
                or not exists (select from person_language x where x.person_id = :personId)
                or exists (
                  select from person_language x
                  where x.person_id = :personId
                    and (x.language = s.language or s.language like x.language || '-%%')))
            limit :most) waiting
        ) as waiting,
        (
          select count(*)
          from slot s
          where s.project_id = p.id
            and s.leased_by is not null
            and s.leased_by <> :personId
            and s.leased_until >= :now
        ) as leased_by_others,
        (
          select min(s.leased_until)
          from slot s
          where s.project_id = p.id
            and s.leased_by is not null
            and s.leased_by <> :personId
            and s.leased_until >= :now
            and s.dealt_to is null
            and not exists (
              select from judgement j
              where j.task_id = s.task_id and j.person_id = :personId)
            and not exists (
              select from skip k
              where k.task_id = s.task_id and k.person_id = :personId)
            and not exists (
              select from withdrawn_judgement w
              where w.task_id = s.task_id and w.person_id = :personId and w.why = 'LEAD')
        ) as retry_at,
        (
          select s.id
          from slot s
          where s.project_id = p.id
            and s.leased_by = :personId
        ) as held_slot,
        (
          select coalesce(sum(j.judged), 0)
          from judging_count j
          where j.project_id = p.id and j.person_id = :personId
        ) as done_by_you
      from project p
      join may_label m on m.project_id = p.id and m.person_id = :personId
      cross join lateral (
        select sum(x.work) as work, sum(x.work_done) as work_done, sum(x.beside) as beside,
          sum(x.beside_done) as beside_done
        from work_count x
        where x.project_id = p.id
      ) c
      where p.state = 'ACTIVE'
        and c.work + c.beside > 0
      order by p.id desc
      """
          .formatted(DEALT_AND_WAITING);
  private static final String PROGRESS =
      """
      select c.work_done + c.beside_done as judged, c.work + c.beside_done + (%s) as wanted
      from project p
      cross join lateral (
        select coalesce(sum(x.work), 0) as work, coalesce(sum(x.work_done), 0) as work_done,
          coalesce(sum(x.beside_done), 0) as beside_done
        from work_count x
        where x.project_id = p.id
      ) c
      where p.id = :projectId
      """
          .formatted(DEALT_AND_WAITING);
  private static final String SETTING =
      """
      select t.overlap, s.leased_until, d.saved_at,
        (
          select coalesce(sum(c.judged), 0)
          from judging_count c
          where c.project_id = s.project_id and c.person_id = :personId
        ) as done_by_you
      from slot s
      join task t on t.id = s.task_id
      left join draft d on d.slot_id = s.id and d.person_id = :personId
      where s.id = :slotId
        and s.leased_by = :personId
      """;
  private static final String HISTORY =
      """
      select j.id, j.created_at, pr.name as project, p.text as prompt,
        coalesce(case when j.a_left then a.text else b.text end, '') as left_text,
        coalesce(case when j.a_left then b.text else a.text end, '') as right_text,
        coalesce(case when j.a_left then j.strength else - j.strength end, 0) as strength,
        j.reason, j.active_ms, j.answer, u.question,
        array(
          select r.text
          from task_answer x
          join response r on r.id = x.response_id
          where x.task_id = t.id
          order by x.ordinal) as answers
      from judgement j
      join task t on t.id = j.task_id
      join project pr on pr.id = t.project_id
      join may_see v on v.project_id = pr.id and v.person_id = :personId
      join prompt p on p.id = t.prompt_id
      left join response a on a.id = t.response_a
      left join response b on b.id = t.response_b
      left join labelling_setup u on u.id = t.setup_id
      where j.person_id = :personId
        and j.id < :before
      order by j.id desc
      limit :limit
      """;
  private static final String PACE =
      """
      select
        (
          select coalesce(sum(judged), 0)
          from judging_count
          where person_id = :personId
        ) as judged,
        (
          select count(*)
          from judgement
          where person_id = :personId and created_at >= :today
        ) as today,
        (
          select count(*)
          from judgement
          where person_id = :personId and created_at >= :week
        ) as week,
        (
          select percentile_cont(0.5) within group (order by recent.active_ms)
          from (
            select active_ms
            from judgement
            where person_id = :personId
            order by id desc
            limit :recent
          ) as recent
        ) as median_ms
      """;

  private final JdbcClient jdbc;

  public DeskReadings(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The state of one project's queue for one person.
  ///
  /// @param wanted judgements wanted in all
  /// @param judged judgements there
  /// @param waiting tasks this person could take now, [#MOST_WAITING] where there are more
  /// @param leasedByOthers slots others hold now
  /// @param doneByYou judgements of this person
  /// @param retryAt when the first lease ends of a slot this person could take after it
  /// @param heldSlot the slot this person holds
  /// @param quota most judgements of this person; null sets no limit
  public record QueueState(
      long projectId,
      String project,
      long wanted,
      long judged,
      long waiting,
      long leasedByOthers,
      long doneByYou,
      @Nullable Instant retryAt,
      @Nullable Long heldSlot,
      @Nullable Integer quota) {
    /// Whether this person has given as many judgements as they may.
    public boolean quotaReached() {
      return quota != null && doneByYou >= quota;
    }
  }

  /// How many of a project's judgements are there, as somebody who labels may see it: with the
  /// pairs that were dealt beside the work, so that no count tells which they are.
  public record Judged(long judged, long wanted) {}

  /// What goes with a slot in hand.
  ///
  /// @param overlap judgements wanted for its task
  /// @param draftSavedAt when this person last saved a draft of it
  public record SlotSetting(
      int overlap, Instant leasedUntil, @Nullable Instant draftSavedAt, long doneByYou) {}

  /// A judgement as its annotator gave it.
  ///
  /// @param strength -4 (left significantly better) .. 4 (right significantly better)
  /// @param work what was asked and answered where it was no comparison, or null
  public record OwnJudgement(
      long id,
      Instant at,
      String project,
      String prompt,
      String left,
      String right,
      int strength,
      String reason,
      long activeMs,
      @Nullable OwnWork work) {}

  /// A task that is no comparison, and what somebody answered.
  ///
  /// @param answers in the task's own order
  public record OwnWork(Question question, Answer answer, List<String> answers) {
    public OwnWork {
      answers = List.copyOf(answers);
    }
  }

  /// How much a person judges.
  ///
  /// @param medianMs of the active time of the latest judgements; null without any
  public record Pace(long judged, long today, long week, @Nullable Double medianMs) {}

  /// The queues of the active projects that have tasks and that this person may label, the newest
  /// project first.
  public List<QueueState> queues(long personId, Instant now) {
    return jdbc.sql(QUEUES)
        .param("personId", personId)
        .param("now", Columns.time(now))
        .param("most", MOST_WAITING)
        .query(DeskReadings::queueState)
        .list();
  }

  /// How far a project is.
  public Judged progress(long projectId, long personId) {
    return jdbc.sql(PROGRESS)
        .param("projectId", projectId)
        .param("personId", personId)
        .query((row, number) -> new Judged(row.getLong("judged"), row.getLong("wanted")))
        .single();
  }

  /// What goes with a slot, if this person holds it.
  public Optional<SlotSetting> setting(long slotId, long personId) {
    return jdbc.sql(SETTING)
        .param("slotId", slotId)
        .param("personId", personId)
        .query((row, number) ->
            new SlotSetting(
                row.getInt("overlap"),
                Columns.instant(row, "leased_until"),
                Columns.instantOrNull(row, "saved_at"),
                row.getLong("done_by_you")))
        .optional();
  }

  /// A person's judgements with an id below `before`, the newest first.
  public List<OwnJudgement> history(long personId, long before, int limit) {
    return jdbc.sql(HISTORY)
        .param("personId", personId)
        .param("before", before)
        .param("limit", limit)
        .query((row, number) ->
            new OwnJudgement(
                row.getLong("id"),
                Columns.instant(row, "created_at"),
                row.getString("project"),
                row.getString("prompt"),
                row.getString("left_text"),
                row.getString("right_text"),
                row.getInt("strength"),
                row.getString("reason"),
                row.getLong("active_ms"),
                ownWork(row)))
        .list();
  }

  private static @Nullable OwnWork ownWork(ResultSet row) throws SQLException {
    String answer = row.getString("answer");
    return answer == null
        ? null
        : new OwnWork(
            KindJson.question(row.getString("question")),
            KindJson.answer(answer),
            List.of((String[]) row.getArray("answers").getArray()));
  }

  /// Counts since two moments, and the median active time of the `recent` latest judgements.
  public Pace pace(long personId, Instant today, Instant week, int recent) {
    return jdbc.sql(PACE)
        .param("personId", personId)
        .param("today", Columns.time(today))
        .param("week", Columns.time(week))
        .param("recent", recent)
        .query((row, number) ->
            new Pace(
                row.getLong("judged"),
                row.getLong("today"),
                row.getLong("week"),
                Columns.doubleOrNull(row, "median_ms")))
        .single();
  }

  private static QueueState queueState(ResultSet row, int number) throws SQLException {
    return new QueueState(
        row.getLong("id"),
        row.getString("name"),
        row.getLong("wanted"),
        row.getLong("judged"),
        row.getLong("waiting"),
        row.getLong("leased_by_others"),
        row.getLong("done_by_you"),
        Columns.instantOrNull(row, "retry_at"),
        Columns.longOrNull(row, "held_slot"),
        Columns.intOrNull(row, "quota"));
  }
}
