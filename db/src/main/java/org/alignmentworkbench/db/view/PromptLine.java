package org.alignmentworkbench.db.view;

/// A prompt as a list shows it.
public record PromptLine(
    long id, String key, String split, String kind, String template, String text, long responses) {}
