package org.alignmentworkbench.model.dataset;

import java.util.List;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// What became of a row.
public sealed interface RowOutcome {
  /// Characters of a reason at most. It quotes what a file says, which may be a megabyte of it in
  /// each of ten million rows.
  int LONGEST_REASON = 500;

  /// It can be used.
  ///
  /// @param row the line's number from 1; in a JSON array the element's number from 0
  /// @param id as the file has it, null where it has none
  /// @param metadata fields that the shape does not know
  /// @param warnings what is worth a second look
  record Accepted(
      long row, @Nullable String id, Example example, JsonObject metadata, List<Code> warnings)
      implements RowOutcome {
    public Accepted {
      warnings = List.copyOf(warnings);
    }
  }

  /// It cannot be used.
  ///
  /// @param reason a sentence that names the place
  record Refused(long row, Code code, String reason) implements RowOutcome {
    public Refused {
      reason = told(reason);
    }
  }

  /// There is nothing in it.
  record Skipped(long row, Code code) implements RowOutcome {}

  /// The whole file cannot be used, nor anything read from it before. Nothing follows.
  ///
  /// @param line how far it was read
  record FileRefused(long line, Code code, String reason) implements RowOutcome {
    public FileRefused {
      reason = told(reason);
    }
  }

  private static String told(String reason) {
    if (reason.length() <= LONGEST_REASON) {
      return reason;
    }
    int end = LONGEST_REASON - 1;
    return reason.substring(0, Character.isHighSurrogate(reason.charAt(end - 1)) ? end - 1 : end)
        + "\u2026";
  }
}
