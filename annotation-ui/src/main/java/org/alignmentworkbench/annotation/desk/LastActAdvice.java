package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.task.Undo;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/// Puts what a person did last in the model of every page of the desk, whatever its kind of task.
@ControllerAdvice(basePackageClasses = LastActAdvice.class)
public final class LastActAdvice {
  private final Undo undo;
  private final Formats formats;
  private final Clock clock;
  private final Duration window;

  LastActAdvice(
      Undo undo,
      Formats formats,
      Clock clock,
      @Value("${workbench.label.undo:2m}") Duration window) {
    this.undo = undo;
    this.formats = formats;
    this.clock = clock;
    this.window = window;
  }

  /// Null where nobody is signed in.
  @ModelAttribute("lastAct")
  public @Nullable LastAct lastAct(@AuthenticationPrincipal @Nullable SignedInPerson person) {
    return person == null ? null : new LastAct(undo, formats, clock, window, person.personId());
  }
}
