package org.alignmentworkbench.db.note;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Notes of annotators and the answers of leads, each with its line in the audit trail.
///
/// An annotator sees their own notes alone. On the page of a task stand those that were made with
/// that very slot: a task that comes again looks new.
public final class Notes {
  private static final String OF_HELD =
      """
      insert into note (key, project_id, task_id, slot_id, person_id, kind, reason, body, at)
      select :key, s.project_id, s.task_id, s.id, :personId, :kind, :reason, :body, :now
      from slot s
      where s.id = :slotId
        and s.leased_by = :personId
      on conflict (key) do nothing
      returning id
      """;
  private static final String OF_JUDGEMENT =
      """
      insert into note (key, project_id, task_id, slot_id, judgement_id, person_id, kind, reason,
        body, at)
      select :key, t.project_id, j.task_id, j.slot_id, j.id, :personId, :kind, :reason, :body, :now
      from judgement j
      join task t on t.id = j.task_id
      join may_see v on v.project_id = t.project_id and v.person_id = :personId
      where j.id = :judgementId
        and j.person_id = :personId
      on conflict (key) do nothing
      returning id
      """;
  private static final String BY_KEY =
      """
      select id
      from note
      where key = :key
        and person_id = :personId
      """;
  private static final String NOTE =
      """
      select n.id, n.project_id, r.name as project, n.task_id, t.kind as task_kind, n.slot_id,
        left(p.text, 400) as prompt, n.person_id, who.display_name as by, n.kind, n.reason, n.body,
        n.at, lead.display_name as closed_by, n.closed_at,
        exists (
          select from slot s
          where s.id = n.slot_id and s.leased_by = n.person_id) as held
      from note n
      join project r on r.id = n.project_id
      join task t on t.id = n.task_id
      join prompt p on p.id = t.prompt_id
      join person who on who.id = n.person_id
      left join person lead on lead.id = n.closed_by
      """;
  private static final String OF_PERSON =
      NOTE
          + """
          join may_see v on v.project_id = n.project_id and v.person_id = :personId
          where n.person_id = :personId
            and n.id < :before
          order by n.id desc
          limit :limit
          """;
  private static final String OF_SLOT =
      NOTE
          + """
          where n.person_id = :personId
            and n.slot_id = :slotId
          order by n.id
          """;
  private static final String OF_PROJECT =
      NOTE
          + """
          where n.project_id = :projectId
            and n.id < :before
            and (:closed::boolean is null or (n.closed_at is not null) = :closed::boolean)
            and (:kind::text is null or n.kind = :kind)
          order by n.id desc
          limit :limit
          """;
  private static final String ONE =
      NOTE
          + """
          where n.project_id = :projectId
            and n.id = :id
          """;
  private static final String REPLIES =
      """
      select y.id, y.note_id, who.display_name as by, y.person_id = n.person_id as own,
        y.person_id <> n.person_id and y.id > n.seen_reply as unseen, y.body, y.at
      from note_reply y
      join note n on n.id = y.note_id
      join person who on who.id = y.person_id
      where y.note_id = any(:notes)
      order by y.id
      """;
  private static final String UNSEEN =
      """
      select count(*)
      from note n
      join may_see v on v.project_id = n.project_id and v.person_id = :personId
      where n.person_id = :personId
        and exists (
          select from note_reply y
          where y.note_id = n.id and y.person_id <> :personId and y.id > n.seen_reply)
      """;
  private static final String SEEN =
      """
      update note
      set seen_reply = :reply
      where id = :id
        and person_id = :personId
        and seen_reply < :reply
      """;
  private static final String REPLY =
      """
      insert into note_reply (key, note_id, person_id, body, at)
      values (:key, :note, :personId, :body, :now)
      on conflict (key) do nothing
      """;
  private static final String LOCK_OWN =
      """
      select n.project_id
      from note n
      join may_see v on v.project_id = n.project_id and v.person_id = :personId
      where n.id = :id
        and n.person_id = :personId
      for update of n
      """;
  private static final String OPEN_AGAIN =
      """
      update note
      set closed_by = null,
          closed_at = null
      where id = :id
      """;
  private static final String LOCK_OF_PROJECT =
      """
      select exists (
          select from note_reply y
          where y.note_id = n.id and y.person_id <> n.person_id) as answered
      from note n
      where n.id = :id
        and n.project_id = :projectId
      for update
      """;
  private static final String CLOSE =
      """
      update note
      set closed_by = :leadId,
          closed_at = :now
      where id = :id
        and closed_at is null
      """;
  private static final String TASK =
      """
      select t.key, p.text as prompt,
        case
          when t.kind = 'PAIR' then array[a.text, b.text]
          else array(
            select r.text
            from task_answer x
            join response r on r.id = x.response_id
            where x.task_id = t.id
            order by x.ordinal)
        end as answers
      from task t
      join prompt p on p.id = t.prompt_id
      left join response a on a.id = t.response_a
      left join response b on b.id = t.response_b
      where t.id = :taskId
      """;
  private static final String COUNT_OPEN =
      """
      select count(*)
      from note
      where project_id = :projectId
        and closed_at is null
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final AuditRepository audit;

  public Notes(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.audit = new AuditRepository(jdbc);
  }

  /// Keeps a note about a task in hand, which stays there. Empty when it is not in hand.
  public Optional<Long> ofHeld(long slotId, long personId, NewNote note, Instant now) {
    return add(OF_HELD, "slotId", slotId, personId, note, now);
  }

  /// Keeps a note about one's own judgement. Empty when there is none.
  public Optional<Long> ofJudgement(long judgementId, long personId, NewNote note, Instant now) {
    return add(OF_JUDGEMENT, "judgementId", judgementId, personId, note, now);
  }

  private Optional<Long> add(
      String sql, String what, long id, long personId, NewNote note, Instant now) {
    return Objects.requireNonNull(
        transaction.execute(_ -> {
          Optional<Long> made =
              jdbc.sql(sql)
                  .param(what, id)
                  .param("key", note.key())
                  .param("personId", personId)
                  .param("kind", note.kind().name())
                  .param("reason", note.reason() == null ? null : note.reason().name())
                  .param("body", note.body())
                  .param("now", Columns.time(now))
                  .query(Long.class)
                  .optional();
          made.ifPresent(number -> record(personId, "note.made", number));
          return made.isPresent() ? made : byKey(note.key(), personId);
        }));
  }

  private Optional<Long> byKey(UUID key, long personId) {
    return jdbc.sql(BY_KEY)
        .param("key", key)
        .param("personId", personId)
        .query(Long.class)
        .optional();
  }

  private void record(long personId, String action, long note) {
    audit.record(personId, action, "note " + note, "{}");
  }

  /// A person's own notes with an id below `before`, the newest first.
  public List<Note> ofPerson(long personId, long before, int limit) {
    return withReplies(
        jdbc.sql(OF_PERSON)
            .param("personId", personId)
            .param("before", before)
            .param("limit", limit)
            .query((row, number) -> note(row))
            .list());
  }

  /// A person's own notes about a slot, the oldest first.
  public List<Note> ofSlot(long slotId, long personId) {
    return withReplies(
        jdbc.sql(OF_SLOT)
            .param("slotId", slotId)
            .param("personId", personId)
            .query((row, number) -> note(row))
            .list());
  }

  /// For leads: a project's notes with an id below `before`, the newest first.
  ///
  /// @param closed which, or null for all
  /// @param kind which, or null for all
  public List<Note> ofProject(
      long projectId, @Nullable Boolean closed, @Nullable NoteKind kind, long before, int limit) {
    return withReplies(
        jdbc.sql(OF_PROJECT)
            .param("projectId", projectId)
            .param("closed", closed)
            .param("kind", kind == null ? null : kind.name())
            .param("before", before)
            .param("limit", limit)
            .query((row, number) -> note(row))
            .list());
  }

  public Optional<Note> find(long projectId, long id) {
    return withReplies(
            jdbc.sql(ONE)
                .param("projectId", projectId)
                .param("id", id)
                .query((row, number) -> note(row))
                .list())
        .stream()
        .findFirst();
  }

  /// What a note is about.
  public NotedTask task(long taskId) {
    return jdbc.sql(TASK)
        .param("taskId", taskId)
        .query((row, number) ->
            new NotedTask(
                row.getString("key"),
                row.getString("prompt"),
                List.of((String[]) row.getArray("answers").getArray())))
        .single();
  }

  /// Notes of a project that are open.
  public long open(long projectId) {
    return jdbc.sql(COUNT_OPEN).param("projectId", projectId).query(Long.class).single();
  }

  /// How many of a person's notes have an answer that they have not looked at.
  public long unseen(long personId) {
    return jdbc.sql(UNSEEN).param("personId", personId).query(Long.class).single();
  }

  /// That their author has looked at these notes, as far as they were shown.
  public void seen(long personId, List<Note> notes) {
    for (Note note : notes) {
      note.replies().stream()
          .filter(Note.Reply::unseen)
          .mapToLong(Note.Reply::id)
          .max()
          .ifPresent(reply ->
              jdbc.sql(SEEN)
                  .param("reply", reply)
                  .param("id", note.id())
                  .param("personId", personId)
                  .update());
    }
  }

  /// What an author adds to a note, which is open again by it. False when it is not theirs.
  public boolean reply(long id, long personId, UUID key, String body, Instant now) {
    return Boolean.TRUE.equals(
        transaction.execute(_ -> {
          boolean own =
              jdbc.sql(LOCK_OWN)
                  .param("id", id)
                  .param("personId", personId)
                  .query(Long.class)
                  .optional()
                  .isPresent();
          if (own && !clean(body).isEmpty() && say(id, personId, key, body, now)) {
            jdbc.sql(OPEN_AGAIN).param("id", id).update();
            record(personId, "note.reply", id);
          }
          return own;
        }));
  }

  /// What a lead answers.
  ///
  /// @param body may be empty where somebody has answered and it is to be closed
  public AnswerOutcome answer(
      long projectId, long id, long leadId, UUID key, String body, boolean close, Instant now) {
    return Objects.requireNonNull(
        transaction.execute(_ -> {
          Optional<Boolean> answered =
              jdbc.sql(LOCK_OF_PROJECT)
                  .param("id", id)
                  .param("projectId", projectId)
                  .query(Boolean.class)
                  .optional();
          if (answered.isEmpty()) {
            return AnswerOutcome.NOT_THERE;
          }
          boolean silent = clean(body).isEmpty();
          if (silent && !(close && answered.get())) {
            return AnswerOutcome.NOTHING_SAID;
          }
          if (!silent && say(id, leadId, key, body, now)) {
            record(leadId, "note.answer", id);
          }
          if (!close) {
            return AnswerOutcome.KEPT;
          }
          int closed =
              jdbc.sql(CLOSE)
                  .param("id", id)
                  .param("leadId", leadId)
                  .param("now", Columns.time(now))
                  .update();
          if (closed == 1) {
            record(leadId, "note.close", id);
          }
          return AnswerOutcome.CLOSED;
        }));
  }

  private boolean say(long note, long personId, UUID key, String body, Instant now) {
    return jdbc.sql(REPLY)
            .param("key", key)
            .param("note", note)
            .param("personId", personId)
            .param("body", clean(body))
            .param("now", Columns.time(now))
            .update()
        == 1;
  }

  /// A text column cannot hold NUL.
  private static String clean(String body) {
    return body.replace("\0", "").strip();
  }

  private List<Note> withReplies(List<Note> notes) {
    if (notes.isEmpty()) {
      return notes;
    }
    record Of(long note, Note.Reply reply) {}
    Map<Long, List<Of>> replies =
        jdbc
            .sql(REPLIES)
            .param("notes", notes.stream().map(Note::id).toArray(Long[]::new))
            .query((row, number) ->
                new Of(
                    row.getLong("note_id"),
                    new Note.Reply(
                        row.getLong("id"),
                        row.getString("by"),
                        row.getBoolean("own"),
                        row.getBoolean("unseen"),
                        row.getString("body"),
                        Columns.instant(row, "at"))))
            .list()
            .stream()
            .collect(Collectors.groupingBy(Of::note));
    return notes.stream()
        .map(note ->
            note.with(replies.getOrDefault(note.id(), List.of()).stream().map(Of::reply).toList()))
        .toList();
  }

  private static Note note(ResultSet row) throws SQLException {
    @Nullable String reason = row.getString("reason");
    return new Note(
        row.getLong("id"),
        row.getLong("project_id"),
        row.getString("project"),
        row.getLong("task_id"),
        TaskKind.valueOf(row.getString("task_kind")),
        row.getLong("slot_id"),
        row.getString("prompt"),
        row.getLong("person_id"),
        row.getString("by"),
        NoteKind.valueOf(row.getString("kind")),
        reason == null ? null : FlagReason.valueOf(reason),
        row.getString("body"),
        Columns.instant(row, "at"),
        row.getString("closed_by"),
        Columns.instantOrNull(row, "closed_at"),
        row.getBoolean("held"),
        List.of());
  }
}
