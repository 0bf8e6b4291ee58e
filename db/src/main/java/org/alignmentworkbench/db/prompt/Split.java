package org.alignmentworkbench.db.prompt;

/// What a prompt may be used for. A prompt has one split for good.
public enum Split {
  /// Supervised fine-tuning and policy optimisation.
  TRAIN,
  /// Comparisons for people and the reward model.
  PREFERENCE,
  /// Measuring only.
  HELD_OUT
}
