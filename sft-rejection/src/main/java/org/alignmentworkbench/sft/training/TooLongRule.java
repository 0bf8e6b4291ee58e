package org.alignmentworkbench.sft.training;

import java.util.Locale;

/// What becomes of a conversation with more tokens than the model has positions.
public enum TooLongRule {
  /// It is left out and counted.
  DROP,
  /// Its beginning is learnt, up to the last position, and counted; it is left out and counted
  /// where nothing supervised remains.
  CUT;

  /// By its name in a run's settings.
  public static TooLongRule named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
