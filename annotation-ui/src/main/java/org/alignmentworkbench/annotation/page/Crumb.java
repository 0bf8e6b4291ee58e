package org.alignmentworkbench.annotation.page;

import org.jspecify.annotations.Nullable;

/// One step of the way to a page; the last one has no address.
public record Crumb(String text, @Nullable String href) {}
