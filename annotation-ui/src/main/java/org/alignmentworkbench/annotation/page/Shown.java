package org.alignmentworkbench.annotation.page;

import java.util.List;

/// The rows of a list that a page shows.
///
/// @param more whether others come after them
public record Shown<T>(List<T> rows, boolean more) {
  /// Of what was read, which is one row more than a page holds if there is one.
  public static <T> Shown<T> of(List<T> read, int page) {
    return new Shown<>(
        List.copyOf(read.subList(0, Math.min(page, read.size()))), read.size() > page);
  }
}
