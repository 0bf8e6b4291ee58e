package org.alignmentworkbench.model.gguf;

import java.io.IOException;
import java.nio.file.Path;

/// A file that breaks a rule of the format: which file, at which byte, which rule.
public final class GgufException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final long offset;

  GgufException(Path file, long offset, String rule) {
    super(file + ", offset " + offset + ": " + rule);
    this.file = file;
    this.offset = offset;
  }

  /// The refused file.
  public Path file() {
    return file;
  }

  /// The byte of the file at which the rule is broken.
  public long offset() {
    return offset;
  }
}
