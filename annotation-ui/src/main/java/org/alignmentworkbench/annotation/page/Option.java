package org.alignmentworkbench.annotation.page;

/// A choice of a select field.
public record Option(String value, String text) {}
