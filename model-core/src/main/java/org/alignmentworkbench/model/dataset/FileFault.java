package org.alignmentworkbench.model.dataset;

import java.io.IOException;

/// A file that cannot be read to its end.
final class FileFault extends IOException {
  private final Code code;
  private final long line;
  private final String reason;

  FileFault(Code code, long line, String reason) {
    super(reason);
    this.code = code;
    this.line = line;
    this.reason = reason;
  }

  Code code() {
    return code;
  }

  long line() {
    return line;
  }

  String reason() {
    return reason;
  }
}
