package org.alignmentworkbench.annotation.reading;

import org.jspecify.annotations.Nullable;

/// A text of a person or a model as a page shows it.
///
/// @param raw the text, every character of it
/// @param markup the text read as Markdown; null where it is only shown as it is
/// @param characters how many code points it has, formatted
public record Passage(String raw, @Nullable SafeMarkup markup, String characters) {}
