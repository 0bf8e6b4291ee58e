package org.alignmentworkbench.db.run;

import java.time.Instant;

/// One line of a run's log.
public record LogLine(long id, Instant at, Level level, String message) {
  /// How much it matters.
  public enum Level {
    INFO,
    WARN,
    ERROR
  }
}
