package org.alignmentworkbench.annotation.diff;

/// A stretch of two texts laid over each other.
public record Piece(Kind kind, String text) {
  /// Which of the two texts has it.
  public enum Kind {
    /// Both.
    SAME,
    /// The one before alone.
    GONE,
    /// The one after alone.
    NEW
  }

  /// Whether both have it, for templates.
  public boolean same() {
    return kind == Kind.SAME;
  }

  /// Whether the one before alone has it, for templates.
  public boolean gone() {
    return kind == Kind.GONE;
  }

  /// Whether the one after alone has it, for templates.
  public boolean fresh() {
    return kind == Kind.NEW;
  }
}
