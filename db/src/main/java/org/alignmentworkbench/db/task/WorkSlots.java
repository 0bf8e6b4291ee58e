package org.alignmentworkbench.db.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.AnswerRules;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Slots of tasks that are no comparisons: what is shown of one in hand, and the judgement it gets.
/// Claims, leases, drafts and skips are the [Queue]'s, whatever the kind.
public final class WorkSlots {
  private static final String HELD =
      """
      select s.id, s.project_id, s.ordinal, s.shuffle_key, s.purpose, s.a_left, s.leased_until,
        t.overlap, u.question,
        p.text as prompt, d.body, d.saved_at,
        array(
          select r.text
          from task_answer a
          join response r on r.id = a.response_id
          where a.task_id = t.id
          order by a.ordinal) as answers,
        (
          select count(*)
          from judgement j
          join task own on own.id = j.task_id
          where own.project_id = s.project_id and j.person_id = :personId
        ) as done_by_you
      from slot s
      join task t on t.id = s.task_id
      join labelling_setup u on u.id = t.setup_id
      join prompt p on p.id = t.prompt_id
      left join draft d on d.slot_id = s.id and d.person_id = :personId
      where s.id = :slotId
        and s.leased_by = :personId
        and t.kind <> 'PAIR'
      """;
  private static final String SUBMIT =
      """
      with turn as (
        select person_id
        from last_act
        where person_id = :personId
        for update
      ), held as (
        select id, task_id, project_id, purpose
        from slot
        where id = :slotId
          and leased_by = :personId
          and (select count(*) from turn) >= 0
          and not exists (select from withdrawn_judgement where idempotency_key = :key)
        for update
      ), written as (
        insert into judgement (slot_id, task_id, person_id, answer, reason, active_ms,
          guideline_version, scripted, idempotency_key, created_at, purpose)
        select id, task_id, :personId, :answer::jsonb, :reason, :activeMs, :guidelineVersion,
          :scripted, :key, :now, purpose
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

  private final JdbcClient jdbc;
  private final Queue queue;
  private final RedTeam redTeam;

  public WorkSlots(JdbcClient jdbc, Queue queue) {
    this.jdbc = jdbc;
    this.queue = queue;
    this.redTeam = new RedTeam(jdbc);
  }

  /// A slot with what its task has, in the task's order.
  private record Held(Work work, List<String> answers, List<Integer> shown) {}

  /// The slot, if this person holds it and its task is no comparison.
  public Optional<Work> held(long slotId, long personId) {
    return find(slotId, personId)
        .map(Held::work)
        .map(work ->
            work.question() instanceof Question.RedTeam
                ? work.with(redTeam.of(slotId, personId))
                : work);
  }

  private Optional<Held> find(long slotId, long personId) {
    return jdbc.sql(HELD)
        .param("slotId", slotId)
        .param("personId", personId)
        .query(WorkSlots::held)
        .optional();
  }

  /// Keeps a judgement under the same rules as [Queue#submit]. An answer's numbers are turned here,
  /// and only here, from the order in which the slot showed the answers to the task's own.
  ///
  /// @throws IllegalArgumentException when the answer does not answer the question
  public SubmitOutcome submit(WorkSubmission submission, Instant now) {
    Optional<Held> held = find(submission.slotId(), submission.personId());
    if (held.isEmpty()) {
      return queue.notWritten(submission.slotId(), submission.personId(), submission.key());
    }
    Held slot = held.get();
    Answer answer =
        AnswerRules.check(
            slot.work().question(), slot.answers(), turned(submission.answer(), slot.shown()));
    return jdbc.sql(SUBMIT)
        .param("slotId", submission.slotId())
        .param("personId", submission.personId())
        .param("answer", KindJson.write(answer))
        .param("reason", submission.reason())
        .param("activeMs", submission.activeMs())
        .param("guidelineVersion", submission.guidelineVersion())
        .param("scripted", submission.scripted())
        .param("key", submission.key())
        .param("now", Columns.time(now))
        .query((row, number) -> row.getLong("id"))
        .optional()
        .<SubmitOutcome>map(id -> new SubmitOutcome.Accepted(id, false))
        .orElseGet(
            () -> queue.notWritten(submission.slotId(), submission.personId(), submission.key()));
  }

  /// What became of an earlier request with this key for a slot that is not in hand any more.
  public SubmitOutcome repeated(long slotId, long personId, UUID key) {
    return queue.notWritten(slotId, personId, key);
  }

  private static Answer turned(Answer answer, List<Integer> shown) {
    return switch (answer) {
      case Answer.Ranked(var places, var _) -> {
        if (places.size() != shown.size()) {
          throw new IllegalArgumentException(
              "places must be %d, are %d".formatted(shown.size(), places.size()));
        }
        List<Integer> own = new ArrayList<>(Collections.nCopies(shown.size(), 0));
        for (int i = 0; i < shown.size(); i++) {
          own.set(shown.get(i), places.get(i));
        }
        yield new Answer.Ranked(own, shown);
      }
      case Answer.Chosen(var choice, int strength, var _) ->
          new Answer.Chosen(choice, shown.getFirst() == 0 ? strength : -strength, shown);
      case Answer.Graded _, Answer.Written _, Answer.Edited _, Answer.Marked _, Answer.Attacked _ ->
          answer;
    };
  }

  private static Held held(ResultSet row, int number) throws SQLException {
    List<String> answers = List.of((String[]) row.getArray("answers").getArray());
    // A repeat shows the other side than the judgement that it repeats, as its slot was dealt.
    List<Integer> shown =
        row.getString("purpose").equals("REPEAT")
            ? row.getBoolean("a_left") ? List.of(0, 1) : List.of(1, 0)
            : ShownOrder.of(row.getLong("shuffle_key"), row.getInt("ordinal"), answers.size());
    Question question = KindJson.question(row.getString("question"));
    return new Held(
        new Work(
            row.getLong("id"),
            row.getLong("project_id"),
            row.getInt("ordinal"),
            row.getInt("overlap"),
            question,
            row.getString("prompt"),
            shown.stream().map(answers::get).toList(),
            Columns.instant(row, "leased_until"),
            row.getString("body"),
            Columns.instantOrNull(row, "saved_at"),
            row.getLong("done_by_you"),
            List.of()),
        answers,
        shown);
  }
}
