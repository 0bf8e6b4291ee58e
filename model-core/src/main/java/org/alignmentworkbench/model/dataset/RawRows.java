package org.alignmentworkbench.model.dataset;

import java.io.Closeable;
import java.io.IOException;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Rows of a file before anybody asks what they mean.
interface RawRows extends Closeable {

  /// A row.
  sealed interface Raw {}

  /// A row whose JSON is good.
  record Value(long row, JsonValue value) implements Raw {}

  /// A row that cannot be read.
  record Bad(long row, Code code, String reason) implements Raw {}

  /// A row without content.
  record Blank(long row) implements Raw {}

  /// The next row, or null at the end.
  ///
  /// @throws FileFault when the file cannot be read on
  @Nullable Raw next() throws IOException;
}
