package org.alignmentworkbench.annotation.notes;

import java.util.List;
import java.util.UUID;
import org.alignmentworkbench.db.note.FlagReason;
import org.alignmentworkbench.db.note.NewNote;
import org.alignmentworkbench.db.note.NoteKind;
import org.alignmentworkbench.db.note.Notes;

/// A person's notes, for the pages that show any. Read only when a page asks.
public final class OwnNotes {
  private final Notes notes;
  private final NotePages pages;
  private final long personId;

  OwnNotes(Notes notes, NotePages pages, long personId) {
    this.notes = notes;
    this.pages = pages;
    this.personId = personId;
  }

  /// How many have an answer that was not looked at.
  public long unseen() {
    return notes.unseen(personId);
  }

  /// Those about a slot, which count as seen by it.
  public List<NoteViews.Row> of(long slot) {
    return pages.ofSlot(slot, personId);
  }

  /// For a note that is written next; a repeated post with it changes nothing.
  public String key() {
    return UUID.randomUUID().toString();
  }

  public List<NoteKind> kinds() {
    return List.of(NoteKind.values());
  }

  public List<FlagReason> reasons() {
    return List.of(FlagReason.values());
  }

  /// Longest text.
  public int longest() {
    return NewNote.LONGEST;
  }
}
