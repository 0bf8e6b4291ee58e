package org.alignmentworkbench.app.api;

import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// A part of a list, cut by key and not by number, so that what is added meanwhile neither doubles
/// nor hides anything.
///
/// @param next what to send as `before` or `after` (the one this list takes) for the part after
///   this; null where there is none
record Page<T>(List<T> items, @Nullable Long next) {
  /// The most a part may hold.
  static final int MOST = 200;

  /// How many are wanted when a request does not say.
  static final String USUAL = "50";

  /// Checks how many are wanted.
  static int limit(int wanted) {
    if (wanted < 1 || wanted > MOST) {
      throw new IllegalArgumentException("limit must be 1..%d, was %d".formatted(MOST, wanted));
    }
    return wanted;
  }

  /// Makes a part of what was read with one more than the limit, which tells whether there is more.
  static <T> Page<T> of(List<T> read, int limit, ToLongFunction<T> key) {
    if (read.size() <= limit) {
      return new Page<>(List.copyOf(read), null);
    }
    List<T> shown = List.copyOf(read.subList(0, limit));
    return new Page<>(shown, key.applyAsLong(shown.getLast()));
  }
}
