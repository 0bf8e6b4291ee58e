package org.alignmentworkbench.app.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far a reader of a run's events has come; the id of each event, so that a browser that was
/// cut off goes on where it stopped.
///
/// @param seq sequence number of the last point
/// @param line id of the last line of the log
record StreamPosition(long seq, long line) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,18})");

  /// Anything that is not a position is the beginning.
  static StreamPosition parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? new StreamPosition(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)))
        : new StreamPosition(0, 0);
  }

  @Override
  public String toString() {
    return seq + "." + line;
  }
}
