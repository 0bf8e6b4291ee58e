package org.alignmentworkbench.annotation.notes;

import java.util.List;
import java.util.UUID;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.note.FlagReason;
import org.alignmentworkbench.db.note.Note;
import org.alignmentworkbench.db.note.Notes;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;

/// Makes the view records of notes.
public final class NotePages {
  /// Rows of a page of own notes.
  static final int PAGE = 30;

  private static final int EXCERPT = 120;

  private final Notes notes;
  private final Formats formats;
  private final MessageSource words;

  NotePages(Notes notes, Formats formats, MessageSource words) {
    this.notes = notes;
    this.formats = formats;
    this.words = words;
  }

  /// A page of a person's notes older than `before`; what it shows counts as seen.
  NoteViews.Page own(long personId, long before) {
    List<Note> found = notes.ofPerson(personId, before, PAGE + 1);
    List<Note> shown = found.subList(0, Math.min(PAGE, found.size()));
    notes.seen(personId, shown);
    return new NoteViews.Page(
        shown.stream().map(this::row).toList(),
        new Pager(
            before == Long.MAX_VALUE ? null : "/label/notes",
            found.size() > PAGE ? "/label/notes?before=" + shown.getLast().id() : null,
            ""));
  }

  /// What a person noted about a slot; what it shows counts as seen.
  List<NoteViews.Row> ofSlot(long slot, long personId) {
    List<Note> found = notes.ofSlot(slot, personId);
    notes.seen(personId, found);
    return found.stream().map(this::row).toList();
  }

  private NoteViews.Row row(Note note) {
    return new NoteViews.Row(
        note.id(),
        kind(note),
        note.closed()
            ? new Chip("good", word("notes.closed"))
            : new Chip("info", word(answered(note) ? "notes.answered" : "notes.open")),
        note.project(),
        formats.excerpt(note.prompt(), EXCERPT),
        note.body(),
        formats.moment(note.at()),
        note.held() ? address(note) : null,
        note.replies().stream().anyMatch(Note.Reply::unseen),
        note.replies().stream().map(this::said).toList(),
        UUID.randomUUID().toString());
  }

  private static boolean answered(Note note) {
    return note.replies().stream().anyMatch(reply -> !reply.own());
  }

  private static String address(Note note) {
    return (note.taskKind() == TaskKind.PAIR ? "/label/" : "/label/work/") + note.slotId();
  }

  private NoteViews.Said said(Note.Reply reply) {
    return new NoteViews.Said(
        reply.own() ? word("notes.you") : reply.by(),
        reply.unseen(),
        reply.body(),
        formats.moment(reply.at()));
  }

  /// What a note is, in words: for a flag with what is wrong.
  public String kind(Note note) {
    FlagReason reason = note.reason();
    return switch (note.kind()) {
      case QUESTION -> word("notes.kind.question");
      case COMMENT -> word("notes.kind.comment");
      case FLAG -> word("notes.kind.flagged", reason == null ? "" : word("notes.reason." + reason));
    };
  }

  String number(long number) {
    return formats.number(number);
  }

  String word(String key, Object... arguments) {
    return words.getMessage(key, arguments, LocaleContextHolder.getLocale());
  }
}
