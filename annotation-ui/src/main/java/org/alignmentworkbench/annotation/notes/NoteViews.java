package org.alignmentworkbench.annotation.notes;

import java.util.List;
import org.alignmentworkbench.annotation.page.Chip;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Pager;
import org.jspecify.annotations.Nullable;

/// What pages show of notes.
public final class NoteViews {
  private NoteViews() {}

  /// A note with what was said back.
  ///
  /// @param kind what it is, in words
  /// @param task the address of the task while it is in hand
  /// @param fresh whether something was answered that its author has not looked at
  /// @param key for what is said next; a repeated post with it changes nothing
  public record Row(
      long id,
      String kind,
      Chip state,
      String project,
      String excerpt,
      String body,
      Moment at,
      @Nullable String task,
      boolean fresh,
      List<Said> replies,
      String key) {}

  /// Something that was said back.
  public record Said(String by, boolean fresh, String body, Moment at) {}

  /// A page of own notes.
  public record Page(List<Row> rows, Pager pager) {}
}
