package org.alignmentworkbench.synthetic.check;

import java.util.List;

/// A tone of voice, recognised by words that carry it.
public enum Style {
  POLITE("polite"),
  FRIENDLY("friendly"),
  FORMAL("formal");

  private final String word;

  Style(String word) {
    this.word = word;
  }

  /// The word that asks for it.
  public String word() {
    return word;
  }

  /// The marks of which at least one must be there.
  public List<String> marks() {
    return switch (this) {
      case POLITE -> List.of("please", "thank you");
      case FRIENDLY -> List.of("hey", "great", "thanks");
      case FORMAL -> List.of("kindly");
    };
  }

  /// The style that a word asks for.
  public static Style of(String word) {
    for (Style style : values()) {
      if (style.word.equals(word)) {
        return style;
      }
    }
    throw new IllegalArgumentException("style must be polite, friendly or formal, was " + word);
  }
}
