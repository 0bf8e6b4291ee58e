package org.alignmentworkbench.model.reward;

import java.util.Locale;

/// The four things an annotator grades besides preferring, each in three classes 0, 1, 2; declared
/// in the order of a score's grade logits.
public enum Grade {
  /// Whether the response does what was asked.
  INSTRUCTION_FOLLOWING,
  /// Whether it is as short as it can be.
  CONCISION,
  /// Whether what it says holds.
  TRUTHFULNESS,
  /// Whether it harms nobody.
  HARMLESSNESS;

  /// Classes of one grade.
  public static final int CLASSES = 3;

  /// How weights and settings spell it, such as `instruction_following`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
