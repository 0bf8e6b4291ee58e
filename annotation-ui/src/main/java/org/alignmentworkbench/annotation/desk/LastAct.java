package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.db.task.Undo;
import org.jspecify.annotations.Nullable;

/// What a person did last at the desk and can still take back, for the pages that show it. Read
/// only when a page asks.
public final class LastAct {
  private final Undo undo;
  private final Formats formats;
  private final Clock clock;
  private final Duration window;
  private final long personId;

  LastAct(Undo undo, Formats formats, Clock clock, Duration window, long personId) {
    this.undo = undo;
    this.formats = formats;
    this.clock = clock;
    this.window = window;
    this.personId = personId;
  }

  /// What can be taken back.
  ///
  /// @param skipped whether it was a skip; else a judgement
  /// @param until when it cannot any more
  /// @param leftMillis what is left until then when the page is made
  public record Shown(long slot, boolean skipped, Moment until, long leftMillis) {}

  /// Null where there is nothing to take back.
  public @Nullable Shown shown() {
    Instant now = clock.instant();
    return undo.last(personId, now, window)
        .map(act -> {
          Instant until = act.at().plus(window);
          return new Shown(
              act.slotId(),
              act.skipped(),
              formats.moment(until),
              Duration.between(now, until).toMillis());
        })
        .orElse(null);
  }
}
