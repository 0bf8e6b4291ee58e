package org.alignmentworkbench.model.dataset;

import java.util.List;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// What became of a row.
public sealed interface RowOutcome {

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
  record Refused(long row, Code code, String reason) implements RowOutcome {}

  /// There is nothing in it.
  record Skipped(long row, Code code) implements RowOutcome {}

  /// The whole file cannot be used, nor anything read from it before. Nothing follows.
  ///
  /// @param line how far it was read
  record FileRefused(long line, Code code, String reason) implements RowOutcome {}
}
