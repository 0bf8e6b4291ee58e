package org.alignmentworkbench.model.dataset.json;

/// A string.
///
/// @param text without escapes
public record JsonString(String text) implements JsonValue {}
