package org.alignmentworkbench.model.generation;

/// Why a generation ended.
public enum Finish {
  /// A stop token was drawn; it is the last id.
  STOP,
  /// The longest length was reached; the last id is an ordinary token.
  LENGTH
}
