package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.db.task.UndoOutcome.AlreadyInHand;
import org.alignmentworkbench.db.task.UndoOutcome.Closed;
import org.alignmentworkbench.db.task.UndoOutcome.Decided;
import org.alignmentworkbench.db.task.UndoOutcome.Gone;
import org.alignmentworkbench.db.task.UndoOutcome.NotLast;
import org.alignmentworkbench.db.task.UndoOutcome.TakenBack;
import org.alignmentworkbench.db.task.UndoOutcome.TakenByOther;
import org.alignmentworkbench.db.task.UndoOutcome.TooLate;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/// Takes back what somebody did last at the desk: a judgement or a skip, of whatever kind of task.
///
/// The slot is in their hands again with what they had entered as its draft; the task they hold
/// meanwhile goes back and keeps its own draft. A judgement leaves what counts as a withdrawn one
/// does, so data sets made of it stay. All of it is one transaction, whose locks are taken in the
/// order in which a submit takes them: last act, task, judgement, slots.
public final class Undo {
  private static final String LAST =
      """
      select a.project_id, a.task_id, a.slot_id, a.judgement_id, a.draft, a.at, t.kind
      from last_act a
      join task t on t.id = a.task_id
      where a.person_id = :personId
      """;
  private static final String LOCK_LAST =
      LAST
          + """
          for update of a
          """;
  private static final String FORGET =
      """
      delete from last_act
      where person_id = :personId
      """;
  private static final String RELEASE_HELD =
      """
      update slot
      set leased_by = null,
          leased_until = null
      where project_id = :projectId
        and leased_by = :personId
      """;
  private static final String MAY_LABEL =
      """
      select exists (
        select from may_label m
        where m.project_id = :projectId and m.person_id = :personId)
      """;
  private static final String LOCK_TASK =
      """
      select id
      from task
      where id = :taskId
      for no key update
      """;
  private static final String DECIDED =
      """
      select exists (
        select from adjudication d
        where d.task_id = :taskId and :judgementId = any(d.of_judgements))
      """;
  // In terms of what the annotator saw.
  private static final String GIVEN =
      """
      select case when j.a_left then j.strength else - j.strength end as strength,
        g.left_side ->> 'instructionFollowing' as left_instruction_following,
        g.left_side ->> 'concision' as left_concision,
        g.left_side ->> 'truthfulness' as left_truthfulness,
        g.left_side ->> 'harmlessness' as left_harmlessness,
        g.right_side ->> 'instructionFollowing' as right_instruction_following,
        g.right_side ->> 'concision' as right_concision,
        g.right_side ->> 'truthfulness' as right_truthfulness,
        g.right_side ->> 'harmlessness' as right_harmlessness,
        j.answer, j.reason, j.active_ms
      from judgement j
      cross join lateral (
        select j.grades -> (case when j.a_left then 'a' else 'b' end) as left_side,
          j.grades -> (case when j.a_left then 'b' else 'a' end) as right_side
      ) g
      where j.id = :judgementId
      """;
  private static final String HAND_BACK_JUDGED =
      """
      update slot
      set done = false,
          leased_by = :personId,
          leased_until = :until
      where id = :slotId
        and done
      """;
  private static final String HAND_BACK_SKIPPED =
      """
      update slot
      set leased_by = :personId,
          leased_until = :until
      where id = :slotId
        and not done
        and (leased_until is null or leased_until < :now)
      """;
  private static final String THERE =
      """
      select exists (select from slot where id = :slotId)
      """;
  private static final String UNSKIP =
      """
      delete from skip
      where task_id = :taskId
        and person_id = :personId
      """;

  private static final int ATTEMPTS = 5;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Withdrawals withdrawals;
  private final Admissions admissions;
  private final Queue queue;
  private final AuditRepository audit;

  public Undo(JdbcClient jdbc, TransactionTemplate transaction, Queue queue) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.withdrawals = new Withdrawals(jdbc, transaction);
    this.admissions = new Admissions(jdbc);
    this.queue = queue;
    this.audit = new AuditRepository(jdbc);
  }

  /// What somebody did last.
  ///
  /// @param judgementId null where they skipped
  /// @param draft what a skip put away, or null
  public record Act(
      long projectId,
      long taskId,
      long slotId,
      TaskKind kind,
      @Nullable Long judgementId,
      @Nullable String draft,
      Instant at) {
    public boolean skipped() {
      return judgementId == null;
    }
  }

  /// A judgement as its annotator gave it, to be made a draft of.
  public sealed interface Given {
    /// Of a comparison, in terms of left and right.
    record Compared(int strength, Grades left, Grades right, String reason, long activeMs)
        implements Given {}

    /// Of another kind; numbers of answers are the task's own.
    record Answered(long slotId, long personId, Answer answer, String reason, long activeMs)
        implements Given {}
  }

  /// What somebody can take back at this moment.
  public Optional<Act> last(long personId, Instant now, Duration window) {
    return act(LAST, personId).filter(act -> !late(act, now, window));
  }

  private static boolean late(Act act, Instant now, Duration window) {
    return now.isAfter(act.at().plus(window));
  }

  /// Takes back what somebody did last, if it was with this slot.
  ///
  /// @param window how long after an act it can be taken back
  /// @param lease how long the slot is theirs without a sign of life
  /// @param draft makes a draft's body of a judgement; called while the slot is theirs again
  public UndoOutcome takeBack(
      long personId,
      long slotId,
      Instant now,
      Duration window,
      Duration lease,
      Function<Given, String> draft) {
    // Another window of theirs may claim at the same moment: the database allows one lease for a
    // person, so the undo is tried again and gives back what that window took.
    for (int attempt = 1; ; attempt++) {
      try {
        return Objects.requireNonNull(
            transaction.execute(status -> {
              UndoOutcome outcome = tried(personId, slotId, now, window, now.plus(lease), draft);
              if (!(outcome instanceof TakenBack)) {
                refuse(status);
              }
              return outcome;
            }));
      } catch (DuplicateKeyException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void refuse(TransactionStatus status) {
    status.setRollbackOnly();
  }

  private UndoOutcome tried(
      long personId,
      long slotId,
      Instant now,
      Duration window,
      Instant until,
      Function<Given, String> draft) {
    Optional<Act> last = act(LOCK_LAST, personId).filter(act -> act.slotId() == slotId);
    if (last.isEmpty()) {
      return notLast(personId, slotId);
    }
    Act act = last.get();
    if (late(act, now, window)) {
      return new TooLate();
    }
    if (!admitted(act.projectId(), personId)) {
      return new Closed();
    }
    UndoOutcome outcome =
        act.judgementId() == null
            ? skipBack(act, personId, now, until)
            : judgementBack(act, act.judgementId(), personId, now, until, draft);
    if (outcome instanceof TakenBack) {
      jdbc.sql(FORGET).param("personId", personId).update();
      audit.record(
          personId,
          act.skipped() ? "skip.undo" : "judgement.undo",
          "project %d, task %d".formatted(act.projectId(), act.taskId()),
          act.judgementId() == null ? "{}" : "{\"judgement\":%d}".formatted(act.judgementId()));
    }
    return outcome;
  }

  /// The answer to an undo that was heard before, and whose answer was not.
  private UndoOutcome notLast(long personId, long slotId) {
    return queue
        .held(slotId, personId)
        .<UndoOutcome>map(slot -> new AlreadyInHand(slotId, slot.kind()))
        .orElseGet(NotLast::new);
  }

  /// Whom a lead has to decide of has no work in hand. Else a stop would be undone with the answer
  /// that led to it.
  private boolean admitted(long projectId, long personId) {
    boolean mayLabel =
        jdbc.sql(MAY_LABEL)
            .param("projectId", projectId)
            .param("personId", personId)
            .query(Boolean.class)
            .single();
    return mayLabel
        && switch (admissions.of(projectId, personId)) {
          case Admission.Admitted _, Admission.Qualifying _ -> true;
          case Admission.NotQualified _, Admission.Stopped _ -> false;
        };
  }

  private UndoOutcome skipBack(Act act, long personId, Instant now, Instant until) {
    releaseHeld(act.projectId(), personId);
    int taken =
        jdbc.sql(HAND_BACK_SKIPPED)
            .param("slotId", act.slotId())
            .param("personId", personId)
            .param("until", Columns.time(until))
            .param("now", Columns.time(now))
            .update();
    if (taken == 0) {
      boolean there = jdbc.sql(THERE).param("slotId", act.slotId()).query(Boolean.class).single();
      return there ? new TakenByOther() : new Gone();
    }
    jdbc.sql(UNSKIP).param("taskId", act.taskId()).param("personId", personId).update();
    String draft = act.draft();
    if (draft != null) {
      queue.saveDraft(act.slotId(), personId, draft, now);
    }
    return new TakenBack(act.slotId(), act.kind(), true);
  }

  private UndoOutcome judgementBack(
      Act act,
      long judgementId,
      long personId,
      Instant now,
      Instant until,
      Function<Given, String> draft) {
    jdbc.sql(LOCK_TASK).param("taskId", act.taskId()).query(Long.class).single();
    boolean decided =
        jdbc.sql(DECIDED)
            .param("taskId", act.taskId())
            .param("judgementId", judgementId)
            .query(Boolean.class)
            .single();
    if (decided) {
      return new Decided();
    }
    Optional<Given> given =
        jdbc.sql(GIVEN)
            .param("judgementId", judgementId)
            .query((row, number) -> given(act.slotId(), personId, row))
            .optional();
    if (given.isEmpty()
        || !withdrawals.keep(
            act.projectId(), judgementId, Withdrawals.Why.UNDO, "", personId, now)) {
      return new Gone();
    }
    withdrawals.delete(judgementId);
    releaseHeld(act.projectId(), personId);
    int handed =
        jdbc.sql(HAND_BACK_JUDGED)
            .param("slotId", act.slotId())
            .param("personId", personId)
            .param("until", Columns.time(until))
            .update();
    if (handed != 1) {
      throw new IllegalStateException(
          "slot %d of judgement %d was not done".formatted(act.slotId(), judgementId));
    }
    queue.saveDraft(act.slotId(), personId, draft.apply(given.get()), now);
    return new TakenBack(act.slotId(), act.kind(), false);
  }

  private void releaseHeld(long projectId, long personId) {
    jdbc.sql(RELEASE_HELD).param("projectId", projectId).param("personId", personId).update();
  }

  private Optional<Act> act(String sql, long personId) {
    return jdbc.sql(sql)
        .param("personId", personId)
        .query((row, number) ->
            new Act(
                row.getLong("project_id"),
                row.getLong("task_id"),
                row.getLong("slot_id"),
                TaskKind.valueOf(row.getString("kind")),
                Columns.longOrNull(row, "judgement_id"),
                row.getString("draft"),
                Columns.instant(row, "at")))
        .optional();
  }

  private static Given given(long slotId, long personId, ResultSet row) throws SQLException {
    String reason = row.getString("reason");
    long activeMs = row.getLong("active_ms");
    String answer = row.getString("answer");
    if (answer != null) {
      return new Given.Answered(slotId, personId, KindJson.answer(answer), reason, activeMs);
    }
    return new Given.Compared(
        row.getInt("strength"),
        Objects.requireNonNull(Grades.orNull(row, "left_")),
        Objects.requireNonNull(Grades.orNull(row, "right_")),
        reason,
        activeMs);
  }
}
