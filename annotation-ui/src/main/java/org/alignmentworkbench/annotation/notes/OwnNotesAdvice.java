package org.alignmentworkbench.annotation.notes;

import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.note.Notes;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/// Puts a person's notes in the model of every page of the desk, whatever its kind of task.
@ControllerAdvice(basePackageClasses = AnnotationUi.class)
public final class OwnNotesAdvice {
  private final Notes notes;
  private final NotePages pages;

  OwnNotesAdvice(Notes notes, NotePages pages) {
    this.notes = notes;
    this.pages = pages;
  }

  /// Null where nobody is signed in.
  @ModelAttribute("ownNotes")
  public @Nullable OwnNotes ownNotes(@AuthenticationPrincipal @Nullable SignedInPerson person) {
    return person == null ? null : new OwnNotes(notes, pages, person.personId());
  }
}
