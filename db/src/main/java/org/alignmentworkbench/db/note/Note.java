package org.alignmentworkbench.db.note;

import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.kind.TaskKind;
import org.jspecify.annotations.Nullable;

/// A note with what was said back.
///
/// @param slotId of the task as its author had it
/// @param prompt the beginning of the task's
/// @param by who wrote it
/// @param reason of a flag
/// @param closedBy who closed it, or null while it is open
/// @param held whether its author has the slot in hand
public record Note(
    long id,
    long projectId,
    String project,
    long taskId,
    TaskKind taskKind,
    long slotId,
    String prompt,
    long personId,
    String by,
    NoteKind kind,
    @Nullable FlagReason reason,
    String body,
    Instant at,
    @Nullable String closedBy,
    @Nullable Instant closedAt,
    boolean held,
    List<Reply> replies) {
  public Note {
    replies = List.copyOf(replies);
  }

  /// Whether nothing more is to be done.
  public boolean closed() {
    return closedAt != null;
  }

  /// Something that was said back.
  ///
  /// @param own whether the note's author said it
  /// @param unseen whether its author has not looked at it
  public record Reply(long id, String by, boolean own, boolean unseen, String body, Instant at) {}

  Note with(List<Reply> said) {
    return new Note(
        id, projectId, project, taskId, taskKind, slotId, prompt, personId, by, kind, reason, body,
        at, closedBy, closedAt, held, said);
  }
}
