package org.alignmentworkbench.model.dataset;

import org.jspecify.annotations.Nullable;

/// The faults found in one row, of which the first in [Code]'s order is told.
final class Faults {
  private @Nullable Code code;
  private String reason = "";

  void add(Code fault, String why) {
    if (code == null || fault.compareTo(code) < 0) {
      code = fault;
      reason = why;
    }
  }

  boolean any() {
    return code != null;
  }

  @Nullable Code code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
