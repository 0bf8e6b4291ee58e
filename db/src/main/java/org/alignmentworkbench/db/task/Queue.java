package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.Admissions.Ground;
import org.alignmentworkbench.db.task.Claim.AllDoneByYou;
import org.alignmentworkbench.db.task.Claim.AllLeased;
import org.alignmentworkbench.db.task.Claim.Claimed;
import org.alignmentworkbench.db.task.Claim.NotAdmitted;
import org.alignmentworkbench.db.task.Claim.NothingLeft;
import org.alignmentworkbench.db.task.Claim.QuotaReached;
import org.alignmentworkbench.db.task.SubmitOutcome.Accepted;
import org.alignmentworkbench.db.task.SubmitOutcome.AlreadyJudged;
import org.alignmentworkbench.db.task.SubmitOutcome.KeyReused;
import org.alignmentworkbench.db.task.SubmitOutcome.NotLeased;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Hands out slots and takes judgements: one judgement for each slot, exactly once.
///
/// A slot is free, leased to one person until a time, or done. Each method changes that in one
/// statement, so it is atomic without a transaction of the caller's. A lease that has run out needs
/// no sweeper: the next claim takes it, and until then its holder may still submit. The time is a
/// parameter, never the database's clock, so tests can turn it.
public final class Queue {
  // The slot that this person holds already, else the first that they may take. Somebody else's
  // claim in progress is stepped over, not waited for. The task's own order is kept, so a task that
  // was begun is finished before others are.
  static final String CLAIM =
      """
      update slot
      set leased_by = :personId,
          leased_until = :until
      where id = coalesce(
        (
          select held.id
          from slot held
          where held.project_id = :projectId
            and held.leased_by = :personId
          for update
        ),
        (
          select free.id
          from slot free
          where free.project_id = :projectId
            and not free.done
            and (free.dealt_to is null or free.dealt_to = :personId)
            and (free.purpose = 'QUALIFY' or not :qualifying)
            and (free.purpose <> 'WORK' or not exists (
              select from slot check_of_theirs
              where check_of_theirs.dealt_to = :personId
                and check_of_theirs.task_id = free.task_id
                and check_of_theirs.purpose <> 'REPEAT'))
            and (free.leased_until is null or free.leased_until < :now)
            and (free.purpose = 'REPEAT' or not exists (
              select from judgement j
              where j.task_id = free.task_id and j.person_id = :personId))
            and not exists (
              select from skip k
              where k.task_id = free.task_id and k.person_id = :personId)
            and exists (
              select from may_take m
              where m.project_id = :projectId and m.person_id = :personId)
            and (free.language is null
              or not exists (
                select from person_language s where s.person_id = :personId)
              or exists (
                select from person_language s
                where s.person_id = :personId
                  and (s.language = free.language or free.language like s.language || '-%')))
            and not exists (
              select from withdrawn_judgement w
              where w.task_id = free.task_id and w.person_id = :personId and w.why = 'LEAD')
          order by free.shuffle_key, free.id
          limit 1
          for update skip locked
        ))
      returning id
      """;
  private static final String HELD =
      """
      select s.id, s.project_id, s.ordinal, s.leased_until, p.key as prompt_key, p.kind,
        p.text as prompt, t.kind as task_kind,
        coalesce(case when s.a_left then a.text else b.text end, '') as left_text,
        coalesce(case when s.a_left then b.text else a.text end, '') as right_text,
        d.body
      from slot s
      join task t on t.id = s.task_id
      join prompt p on p.id = t.prompt_id
      left join response a on a.id = t.response_a
      left join response b on b.id = t.response_b
      left join draft d on d.slot_id = s.id and d.person_id = :personId
      where s.id = :slotId
        and s.leased_by = :personId
      """;
  // Asked first, so that nothing is dealt to whom the project is not there for.
  private static final String MAY_LABEL =
      """
      select exists (
        select from may_label m
        where m.project_id = :projectId and m.person_id = :personId)
      """;
  private static final String WHY_NOTHING =
      """
      select
        exists (
          select from slot
          where project_id = :projectId
            and not done
            and (dealt_to is null or dealt_to = :personId)) as open,
        (
          select m.quota
          from may_label m
          where m.project_id = :projectId and m.person_id = :personId
        ) as quota,
        exists (
          select from may_label m
          where m.project_id = :projectId and m.person_id = :personId) as allowed,
        exists (
          select from may_take m
          where m.project_id = :projectId and m.person_id = :personId) as taking,
        exists (
          select from slot where project_id = :projectId and leased_by = :personId) as holding,
        (
          select min(coalesce(s.leased_until, :now))
          from slot s
          where s.project_id = :projectId
            and not s.done
            and (s.dealt_to is null or s.dealt_to = :personId)
            and (s.purpose <> 'WORK' or not exists (
              select from slot check_of_theirs
              where check_of_theirs.dealt_to = :personId
                and check_of_theirs.task_id = s.task_id
                and check_of_theirs.purpose <> 'REPEAT'))
            and (s.purpose = 'REPEAT' or not exists (
              select from judgement j
              where j.task_id = s.task_id and j.person_id = :personId))
            and not exists (
              select from skip k
              where k.task_id = s.task_id and k.person_id = :personId)
            and (s.language is null
              or not exists (
                select from person_language x where x.person_id = :personId)
              or exists (
                select from person_language x
                where x.person_id = :personId
                  and (x.language = s.language or s.language like x.language || '-%')))
            and not exists (
              select from withdrawn_judgement w
              where w.task_id = s.task_id and w.person_id = :personId and w.why = 'LEAD')
        ) as retry_at
      """;
  // A lease of the same second is left as it is: a page is opened right after its claim, and a
  // write that changes nothing would wait for the disk like any other.
  private static final String EXTEND =
      """
      with held as (
        select id,
          leased_until between :until - interval '1 second' and :until as fresh
        from slot
        where id = :slotId
          and leased_by = :personId
      ), extended as (
        update slot
        set leased_until = :until
        from held
        where slot.id = held.id
          and slot.leased_by = :personId
          and not held.fresh
        returning slot.id
      )
      select (select count(*) from held where fresh) + (select count(*) from extended)
      """;
  private static final String RELEASE =
      """
      update slot
      set leased_by = null,
          leased_until = null
      where id = :slotId
        and leased_by = :personId
      """;
  // What somebody did last is held first, here and in whatever else changes it together with their
  // slots: then two of a person's windows wait for each other and not in a circle.
  private static final String SKIP =
      """
      with turn as (
        select person_id
        from last_act
        where person_id = :personId
        for update
      ), released as (
        update slot
        set leased_by = null,
            leased_until = null
        where id = :slotId
          and leased_by = :personId
          and (select count(*) from turn) >= 0
        returning id, task_id, project_id
      ), forgotten as (
        delete from draft
        using released
        where draft.slot_id = released.id
          and draft.person_id = :personId
        returning draft.slot_id, draft.body
      ), noted as (
        insert into skip (task_id, person_id, reason, at)
        select task_id, :personId, :reason, :now
        from released
        on conflict (task_id, person_id) do nothing
      ), remembered as (
        insert into last_act (person_id, project_id, task_id, slot_id, judgement_id, draft, at)
        select :personId, r.project_id, r.task_id, r.id, null, f.body, :now
        from released r
        left join forgotten f on f.slot_id = r.id
        on conflict (person_id) do update
        set project_id = excluded.project_id,
            task_id = excluded.task_id,
            slot_id = excluded.slot_id,
            judgement_id = null,
            draft = excluded.draft,
            at = excluded.at
      )
      select count(*) as released
      from released
      """;
  private static final String SAVE_DRAFT =
      """
      insert into draft (slot_id, person_id, body, saved_at)
      select id, :personId, :body::json, :now
      from slot
      where id = :slotId
        and leased_by = :personId
      on conflict (slot_id, person_id) do update
      set body = excluded.body,
          saved_at = excluded.saved_at
      """;
  private static final String SAVE_DRAFT_AND_EXTEND =
      """
      with held as (
        update slot
        set leased_until = :until
        where id = :slotId
          and leased_by = :personId
        returning id
      )
      insert into draft (slot_id, person_id, body, saved_at)
      select id, :personId, :body::json, :now
      from held
      on conflict (slot_id, person_id) do update
      set body = excluded.body,
          saved_at = excluded.saved_at
      """;
  // Strength and grades are turned here, and only here, from left and right to the task's A and B.
  private static final String SUBMIT =
      """
      with turn as (
        select person_id
        from last_act
        where person_id = :personId
        for update
      ), held as (
        select id, task_id, project_id, a_left, purpose
        from slot
        where id = :slotId
          and leased_by = :personId
          and (select count(*) from turn) >= 0
        for update
      ), written as (
        insert into judgement (slot_id, task_id, person_id, strength, grades, reason, a_left,
          active_ms, guideline_version, scripted, idempotency_key, created_at, purpose)
        select id, task_id, :personId,
          case when a_left then :strength else - :strength end,
          case
            when a_left then jsonb_build_object('a', :left::jsonb, 'b', :right::jsonb)
            else jsonb_build_object('a', :right::jsonb, 'b', :left::jsonb)
          end,
          :reason, a_left, :activeMs, :guidelineVersion, :scripted, :key, :now,
          purpose
        from held
        on conflict do nothing
        returning id, slot_id
      ), finished as (
        update slot
        set done = true,
            leased_by = null,
            leased_until = null
        from written
        where slot.id = written.slot_id
      ), forgotten as (
        delete from draft
        using written
        where draft.slot_id = written.slot_id
          and draft.person_id = :personId
      ), remembered as (
        insert into last_act (person_id, project_id, task_id, slot_id, judgement_id, draft, at)
        select :personId, held.project_id, held.task_id, held.id, written.id, null, :now
        from written
        join held on held.id = written.slot_id
        on conflict (person_id) do update
        set project_id = excluded.project_id,
            task_id = excluded.task_id,
            slot_id = excluded.slot_id,
            judgement_id = excluded.judgement_id,
            draft = null,
            at = excluded.at
      )
      select id
      from written
      """;
  private static final String BY_KEY =
      """
      select id, slot_id, person_id
      from judgement
      where idempotency_key = :key
      union all
      select id, 0, person_id
      from withdrawn_judgement
      where idempotency_key = :key
      """;
  private static final String OWN_JUDGEMENT =
      """
      select j.id
      from judgement j
      join slot s on s.task_id = j.task_id and (s.purpose = 'REPEAT') = (j.purpose = 'REPEAT')
      where s.id = :slotId
        and j.person_id = :personId
      """;

  private static final Duration BACK_OFF = Duration.ofMillis(2);
  private static final int ATTEMPTS = 40;

  private final JdbcClient jdbc;
  private final Admissions admissions;
  private final Dealing dealing;

  public Queue(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.admissions = new Admissions(jdbc);
    this.dealing = new Dealing(jdbc);
  }

  /// Gives a person the slot they hold, with a fresh lease, or the next one they may judge: never
  /// of a task that they have judged or skipped, but for repeats, never of a project that is not
  /// theirs to label or in a language that they do not judge in, and no more than their quota. Who
  /// has to qualify is given those pairs and no others, and whom a lead has to decide of is given
  /// none.
  ///
  /// @param lease how long the slot is theirs without a sign of life
  public Claim claim(long projectId, long personId, Instant now, Duration lease) {
    if (!mayLabel(projectId, personId)) {
      return new NothingLeft();
    }
    Ground ground = admissions.ground(projectId, personId);
    dealing.deal(projectId, personId, ground);
    return switch (ground.admission()) {
      case Admission.Admitted _ -> claim(projectId, personId, now, lease, false);
      case Admission.Qualifying _ -> claim(projectId, personId, now, lease, true);
      case Admission.NotQualified why -> new NotAdmitted(why);
      case Admission.Stopped why -> new NotAdmitted(why);
    };
  }

  private boolean mayLabel(long projectId, long personId) {
    return jdbc.sql(MAY_LABEL)
        .param("projectId", projectId)
        .param("personId", personId)
        .query(Boolean.class)
        .single();
  }

  private Claim claim(
      long projectId, long personId, Instant now, Duration lease, boolean qualifying) {
    Claim claim = new AllLeased(now);
    // Windows of one person may ask at the same moment: the database allows one lease for a person,
    // so one window fails, or steps over slots that the other is about to give up. It waits until
    // the other's statement must be over, and then finds what that one took.
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      LockSupport.parkNanos(attempt * BACK_OFF.toNanos());
      Optional<ClaimedSlot> slot;
      try {
        slot = tryClaim(projectId, personId, now, now.plus(lease), qualifying);
      } catch (DuplicateKeyException e) {
        continue;
      }
      if (slot.isPresent()) {
        return new Claimed(slot.get());
      }
      Nothing nothing =
          jdbc.sql(WHY_NOTHING)
              .param("projectId", projectId)
              .param("personId", personId)
              .param("now", Columns.time(now))
              .query(Queue::nothing)
              .single();
      claim = nothing.why();
      if (!nothing.passing(now)) {
        return claim;
      }
    }
    return claim;
  }

  private Optional<ClaimedSlot> tryClaim(
      long projectId, long personId, Instant now, Instant until, boolean qualifying) {
    return jdbc.sql(CLAIM)
        .param("projectId", projectId)
        .param("personId", personId)
        .param("now", Columns.time(now))
        .param("until", Columns.time(until))
        .param("qualifying", qualifying)
        .query((row, number) -> row.getLong("id"))
        .optional()
        .flatMap(slotId -> held(slotId, personId));
  }

  /// Why a claim found nothing.
  ///
  /// @param allowed whether the person may label the project
  /// @param taking whether their quota leaves them another
  private record Nothing(
      boolean open,
      boolean allowed,
      boolean taking,
      int quota,
      boolean holding,
      @Nullable Instant retryAt) {
    /// Who may not label the project hears what anybody hears of one that is not there.
    Claim why() {
      if (!open || !allowed) {
        return new NothingLeft();
      }
      if (!taking) {
        return new QuotaReached(quota);
      }
      return retryAt == null ? new AllDoneByYou() : new AllLeased(retryAt);
    }

    /// Whether only another claim in progress stood in the way.
    boolean passing(Instant now) {
      return holding || (taking && retryAt != null && !retryAt.isAfter(now));
    }
  }

  private static Nothing nothing(ResultSet row, int number) throws SQLException {
    return new Nothing(
        row.getBoolean("open"),
        row.getBoolean("allowed"),
        row.getBoolean("taking"),
        row.getInt("quota"),
        row.getBoolean("holding"),
        Columns.instantOrNull(row, "retry_at"));
  }

  /// The slot, if this person holds it.
  public Optional<ClaimedSlot> held(long slotId, long personId) {
    return jdbc.sql(HELD)
        .param("slotId", slotId)
        .param("personId", personId)
        .query(Queue::slot)
        .optional();
  }

  /// A sign of life: the lease lasts until `until`. False when the slot is not theirs any more.
  public boolean extend(long slotId, long personId, Instant until) {
    return jdbc.sql(EXTEND)
            .param("slotId", slotId)
            .param("personId", personId)
            .param("until", Columns.time(until))
            .query(Long.class)
            .single()
        == 1;
  }

  /// Gives a slot back; its draft stays. False when it was not theirs.
  public boolean release(long slotId, long personId) {
    return jdbc.sql(RELEASE).param("slotId", slotId).param("personId", personId).update() == 1;
  }

  /// Gives a slot back for good: its task is not offered to this person again. A skip is no
  /// judgement and changes no overlap. False when the slot was not theirs.
  public boolean skip(long slotId, long personId, String reason, Instant now) {
    return jdbc.sql(SKIP)
            .param("slotId", slotId)
            .param("personId", personId)
            .param("reason", reason.replace("\0", ""))
            .param("now", Columns.time(now))
            .query((row, number) -> row.getLong("released"))
            .single()
        == 1;
  }

  /// Keeps what somebody has typed so far. It counts as nothing. False when the slot is not theirs.
  ///
  /// @param body a JSON value, kept as it is
  public boolean saveDraft(long slotId, long personId, String body, Instant now) {
    return jdbc.sql(SAVE_DRAFT)
            .param("slotId", slotId)
            .param("personId", personId)
            .param("body", body)
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// The same, which is a sign of life too: the lease lasts until `until`.
  public boolean saveDraft(long slotId, long personId, String body, Instant now, Instant until) {
    return jdbc.sql(SAVE_DRAFT_AND_EXTEND)
            .param("slotId", slotId)
            .param("personId", personId)
            .param("body", body)
            .param("now", Columns.time(now))
            .param("until", Columns.time(until))
            .update()
        == 1;
  }

  /// Keeps a judgement, marks the slot done and drops the draft, all or nothing. The same key again
  /// gives the same answer. A lease that has run out does not matter as long as nobody else has
  /// taken the slot.
  public SubmitOutcome submit(Submission submission, Instant now) {
    Optional<Long> written =
        jdbc.sql(SUBMIT)
            .param("slotId", submission.slotId())
            .param("personId", submission.personId())
            .param("strength", submission.strength())
            .param("left", submission.left().toJson())
            .param("right", submission.right().toJson())
            .param("reason", submission.reason())
            .param("activeMs", submission.activeMs())
            .param("guidelineVersion", submission.guidelineVersion())
            .param("scripted", submission.scripted())
            .param("key", submission.key())
            .param("now", Columns.time(now))
            .query((row, number) -> row.getLong("id"))
            .optional();
    return written
        .<SubmitOutcome>map(id -> new Accepted(id, false))
        .orElseGet(() -> notWritten(submission.slotId(), submission.personId(), submission.key()));
  }

  /// Why a submission wrote nothing.
  SubmitOutcome notWritten(long slotId, long personId, UUID key) {
    Optional<SubmitOutcome> earlier =
        jdbc.sql(BY_KEY)
            .param("key", key)
            .query((row, number) -> earlier(slotId, personId, row))
            .optional();
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Optional<Long> own =
        jdbc.sql(OWN_JUDGEMENT)
            .param("slotId", slotId)
            .param("personId", personId)
            .query((row, number) -> row.getLong("id"))
            .optional();
    if (own.isEmpty()) {
      return new NotLeased();
    }
    // Two windows of one person can end up with two slots of a task; the second goes back.
    release(slotId, personId);
    return new AlreadyJudged(own.get());
  }

  private static SubmitOutcome earlier(long slotId, long personId, ResultSet row)
      throws SQLException {
    return row.getLong("slot_id") == slotId && row.getLong("person_id") == personId
        ? new Accepted(row.getLong("id"), true)
        : new KeyReused();
  }

  private static ClaimedSlot slot(ResultSet row, int number) throws SQLException {
    return new ClaimedSlot(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getInt("ordinal"),
        TaskKind.valueOf(row.getString("task_kind")),
        row.getString("prompt_key"),
        row.getString("kind"),
        row.getString("prompt"),
        row.getString("left_text"),
        row.getString("right_text"),
        Columns.instant(row, "leased_until"),
        row.getString("body"));
  }
}
