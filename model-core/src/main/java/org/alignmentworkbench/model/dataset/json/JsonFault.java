package org.alignmentworkbench.model.dataset.json;

/// A text that is no acceptable JSON.
public final class JsonFault extends Exception {
  private final Kind kind;
  private final int line;
  private final int column;

  /// What is wrong.
  public enum Kind {
    /// It breaks the grammar.
    SYNTAX,
    /// An object has a name twice, so programs would read different values.
    DUPLICATE_KEY,
    /// It nests deeper than allowed.
    NESTING,
    /// An escaped half of a character pair without the other half.
    LONE_SURROGATE,
    /// An escaped control character that texts do not have (NUL, say).
    CONTROL_CHARACTER
  }

  JsonFault(Kind kind, int line, int column, String message) {
    super(message);
    this.kind = kind;
    this.line = line;
    this.column = column;
  }

  public Kind kind() {
    return kind;
  }

  /// The line within the text, from 1.
  public int line() {
    return line;
  }

  /// The column within the line, from 1, in code points.
  public int column() {
    return column;
  }
}
