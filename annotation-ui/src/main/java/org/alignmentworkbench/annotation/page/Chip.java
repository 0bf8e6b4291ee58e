package org.alignmentworkbench.annotation.page;

/// A state in one or two words.
///
/// @param kind `neutral`, `info`, `good`, `warn` or `bad`
/// @param text the words, already in the reader's language
public record Chip(String kind, String text) {}
