package org.alignmentworkbench.model.dataset;

import org.alignmentworkbench.model.dataset.json.JsonFault;

/// Faults of JSON as the codes of rows.
final class JsonCodes {
  private JsonCodes() {}

  static Code code(JsonFault fault) {
    return switch (fault.kind()) {
      case SYNTAX -> Code.INVALID_JSON;
      case DUPLICATE_KEY -> Code.DUPLICATE_KEY;
      case NESTING -> Code.NESTING_TOO_DEEP;
      case LONE_SURROGATE -> Code.LONE_SURROGATE;
      case CONTROL_CHARACTER -> Code.CONTROL_CHARACTER;
    };
  }
}
