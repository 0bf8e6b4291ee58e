package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.note.AnswerOutcome;
import org.alignmentworkbench.db.note.FlagReason;
import org.alignmentworkbench.db.note.NewNote;
import org.alignmentworkbench.db.note.Note;
import org.alignmentworkbench.db.note.NoteKind;
import org.alignmentworkbench.db.note.Notes;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Flags, questions and comments of who labels, and what leads answer.
@Tag(name = "Notes")
@RestController
class NotesApi {
  private static final String OWN = "/api/v1/label/notes";
  private static final String ID = "/{id:[0-9]{1,18}}";
  private static final String PROJECT = "/api/v1/projects/{projectId:[0-9]{1,18}}/notes";

  private final Notes notes;
  private final OpenProject open;
  private final Clock clock;

  NotesApi(Notes notes, OpenProject open, Clock clock) {
    this.notes = notes;
    this.open = open;
    this.clock = clock;
  }

  /// A note as it is written.
  ///
  /// @param reason of a flag: UNSAFE, BROKEN, GUIDELINES or OTHER, and null for the other kinds
  record NoteBody(@Nullable NoteKind kind, @Nullable FlagReason reason, @Nullable String text) {}

  /// What is said back.
  record ReplyBody(@Nullable String text) {}

  /// What a lead answers.
  ///
  /// @param close whether nothing more is to be done
  record AnswerBody(@Nullable String text, boolean close) {}

  /// Something that was said back.
  ///
  /// @param own whether the note's author said it
  record ReplyJson(long id, String by, boolean own, String text, Instant at) {}

  /// An own note.
  ///
  /// @param task its number in paths
  /// @param fresh whether something was answered that was not looked at on a page
  record OwnNote(
      long id,
      long project,
      long task,
      NoteKind kind,
      @Nullable FlagReason reason,
      String text,
      Instant at,
      boolean closed,
      boolean fresh,
      List<ReplyJson> replies) {
    static OwnNote of(Note note) {
      return new OwnNote(
          note.id(),
          note.projectId(),
          note.slotId(),
          note.kind(),
          note.reason(),
          note.body(),
          note.at(),
          note.closed(),
          note.replies().stream().anyMatch(Note.Reply::unseen),
          NotesApi.replies(note));
    }
  }

  /// A note as leads see it.
  ///
  /// @param comparison the task's number, as leads know it
  record NoteJson(
      long id,
      long comparison,
      TaskKind taskKind,
      String by,
      NoteKind kind,
      @Nullable FlagReason reason,
      String text,
      Instant at,
      @Nullable String closedBy,
      @Nullable Instant closedAt,
      List<ReplyJson> replies) {
    static NoteJson of(Note note) {
      return new NoteJson(
          note.id(),
          note.taskId(),
          note.taskKind(),
          note.by(),
          note.kind(),
          note.reason(),
          note.body(),
          note.at(),
          note.closedBy(),
          note.closedAt(),
          NotesApi.replies(note));
    }
  }

  /// That a note is kept.
  record Kept(long note) {}

  private static List<ReplyJson> replies(Note note) {
    return note.replies().stream()
        .map(reply -> new ReplyJson(reply.id(), reply.by(), reply.own(), reply.body(), reply.at()))
        .toList();
  }

  @Operation(summary = "Lists your notes with what was answered, the newest first")
  @GetMapping(OWN)
  Page<OwnNote> own(
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit,
      @AuthenticationPrincipal Account person) {
    List<OwnNote> read =
        notes.ofPerson(person.personId(), before, Page.limit(limit) + 1).stream()
            .map(OwnNote::of)
            .toList();
    return Page.of(read, limit, OwnNote::id);
  }

  @Operation(
      summary = "Flags the task in hand, asks or comments; it stays in hand",
      description = "Idempotency-Key is a UUID made once for this note.")
  @PostMapping("/api/v1/label/tasks/{slot:[0-9]{1,18}}/notes")
  @ResponseStatus(HttpStatus.CREATED)
  Kept add(
      @PathVariable("slot") long slot,
      @RequestHeader("Idempotency-Key") UUID key,
      @RequestBody NoteBody body,
      @AuthenticationPrincipal Account person) {
    return kept(
        notes.ofHeld(slot, person.personId(), note(key, body), clock.instant()),
        "you hold no task " + slot);
  }

  @Operation(
      summary = "Comments on a judgement of yours",
      description = "Idempotency-Key is a UUID made once for this note.")
  @PostMapping("/api/v1/label/judgements/{id:[0-9]{1,18}}/notes")
  @ResponseStatus(HttpStatus.CREATED)
  Kept comment(
      @PathVariable("id") long judgement,
      @RequestHeader("Idempotency-Key") UUID key,
      @RequestBody NoteBody body,
      @AuthenticationPrincipal Account person) {
    return kept(
        notes.ofJudgement(judgement, person.personId(), note(key, body), clock.instant()),
        "you have no judgement " + judgement);
  }

  private static Kept kept(Optional<Long> note, String otherwise) {
    return new Kept(note.orElseThrow(() -> Problems.notFound(otherwise)));
  }

  private static NewNote note(UUID key, NoteBody body) {
    NoteKind kind = body.kind();
    if (kind == null) {
      throw Problems.refused("kind must be FLAG, QUESTION or COMMENT, was null");
    }
    try {
      return new NewNote(key, kind, body.reason(), body.text() == null ? "" : body.text());
    } catch (IllegalArgumentException rule) {
      throw Problems.refused(String.valueOf(rule.getMessage()));
    }
  }

  @Operation(
      summary = "Adds to a note of yours, which is open again by it",
      description = "Idempotency-Key is a UUID made once for this reply.")
  @PostMapping(OWN + ID + "/replies")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void reply(
      @PathVariable("id") long id,
      @RequestHeader("Idempotency-Key") UUID key,
      @RequestBody ReplyBody body,
      @AuthenticationPrincipal Account person) {
    String text = text(body.text());
    if (text.isBlank()) {
      throw Problems.refused("text must say something, was ''");
    }
    if (!notes.reply(id, person.personId(), key, text, clock.instant())) {
      throw Problems.notFound("you have no note " + id);
    }
  }

  private static String text(@Nullable String text) {
    String given = text == null ? "" : text;
    if (given.length() > NewNote.LONGEST) {
      throw Problems.refused(
          "text must have at most %d characters, had %d"
              .formatted(NewNote.LONGEST, given.length()));
    }
    return given;
  }

  @Operation(summary = "Lists a project's notes, the newest first")
  @GetMapping(PROJECT)
  Page<NoteJson> list(
      @PathVariable("projectId") long projectId,
      @RequestParam(name = "closed", required = false) @Nullable Boolean closed,
      @RequestParam(name = "kind", required = false) @Nullable NoteKind kind,
      @RequestParam(name = "before", defaultValue = "" + Long.MAX_VALUE) long before,
      @RequestParam(name = "limit", defaultValue = Page.USUAL) int limit) {
    open.project(projectId);
    List<NoteJson> read =
        notes.ofProject(projectId, closed, kind, before, Page.limit(limit) + 1).stream()
            .map(NoteJson::of)
            .toList();
    return Page.of(read, limit, NoteJson::id);
  }

  @Operation(
      summary = "Answers a note, and closes it where that is wanted",
      description = "Idempotency-Key is a UUID made once for this answer.")
  @PostMapping(PROJECT + ID + "/replies")
  NoteJson answer(
      @PathVariable("projectId") long projectId,
      @PathVariable("id") long id,
      @RequestHeader("Idempotency-Key") UUID key,
      @RequestBody AnswerBody body,
      @AuthenticationPrincipal Account lead) {
    AnswerOutcome outcome =
        notes.answer(
            projectId, id, lead.personId(), key, text(body.text()), body.close(), clock.instant());
    return switch (outcome) {
      case KEPT, CLOSED ->
          NoteJson.of(notes.find(projectId, id).orElseThrow(() -> notThere(projectId, id)));
      case NOTHING_SAID ->
          throw Problems.refused("text must say something, but to close what was answered before");
      case NOT_THERE -> throw notThere(projectId, id);
    };
  }

  private static RuntimeException notThere(long projectId, long id) {
    return Problems.notFound("there is no note %d in project %d".formatted(id, projectId));
  }
}
