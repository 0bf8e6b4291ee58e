package org.alignmentworkbench.db.note;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A note as it was written.
///
/// @param key made by the client once for a note; sent again it changes nothing
/// @param reason of a flag; null for the other kinds
public record NewNote(UUID key, NoteKind kind, @Nullable FlagReason reason, String body) {
  /// Longest text, in UTF-16 units as a browser's `maxlength` counts them.
  public static final int LONGEST = 2_000;

  public NewNote {
    // A text column cannot hold NUL.
    body = body.replace("\0", "").strip();
    if ((kind == NoteKind.FLAG) != (reason != null)) {
      throw new IllegalArgumentException(
          "a flag alone has a reason, %s has %s".formatted(kind, reason));
    }
    if (body.isEmpty() && (reason == null || reason == FlagReason.OTHER)) {
      throw new IllegalArgumentException("a note must say something, but for a flag with a reason");
    }
    if (body.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a note must have at most %d characters, had %d".formatted(LONGEST, body.length()));
    }
  }
}
