package org.alignmentworkbench.model.safetensors;

import java.io.IOException;
import java.nio.file.Path;

/// A file that breaks a rule of the format: which file, at which byte, which rule.
public final class SafetensorsException extends IOException {
  private final Path file;
  private final long offset;

  SafetensorsException(Path file, long offset, String rule) {
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
