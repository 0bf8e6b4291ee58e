package org.alignmentworkbench.model.dataset.json;

import java.util.List;

/// A list.
///
/// @param elements in order
public record JsonArray(List<JsonValue> elements) implements JsonValue {
  public JsonArray {
    elements = List.copyOf(elements);
  }
}
