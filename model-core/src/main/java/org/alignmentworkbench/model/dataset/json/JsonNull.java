package org.alignmentworkbench.model.dataset.json;

/// The value null.
public enum JsonNull implements JsonValue {
  NULL
}
