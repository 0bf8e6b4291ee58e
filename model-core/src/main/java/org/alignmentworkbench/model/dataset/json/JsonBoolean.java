package org.alignmentworkbench.model.dataset.json;

/// True or false.
public enum JsonBoolean implements JsonValue {
  TRUE,
  FALSE
}
