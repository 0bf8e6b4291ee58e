package org.alignmentworkbench.annotation.page;

import org.jspecify.annotations.Nullable;

/// The way through a long list, by key rather than by page number so that a list that grows or
/// shrinks meanwhile skips nothing.
///
/// @param newer address of the rows before these, if there are any
/// @param older address of the rows after these, if there are any
/// @param text what is shown, in words
public record Pager(@Nullable String newer, @Nullable String older, String text) {
  /// Whether there is anywhere to go.
  public boolean needed() {
    return newer != null || older != null;
  }
}
