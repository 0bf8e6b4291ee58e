package org.alignmentworkbench.model.tokenizer;

import java.util.function.Consumer;

/// Cuts text into the words inside which pairs may merge.
///
/// First digits are cut off, if the vocabulary says so; then, inside what lies between them, the
/// pattern of GPT-2 applies:
///
/// ```
/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// ```
///
/// Written as a scanner: it is the hot path of preparing a corpus.
///
/// @param digits what happens to numeric characters first
/// @param words whether the pattern applies at all
record PreTokenizer(Digits digits, boolean words) {

  /// What happens to numeric characters (any of Unicode's N categories) before the pattern.
  enum Digits {
    /// Nothing.
    KEPT,
    /// A run of them is a piece.
    RUNS,
    /// Each of them is a piece.
    SINGLE
  }

  private enum Kind {
    LETTER,
    NUMBER,
    SPACE,
    OTHER
  }

  /// Calls `word` for each word, in order; together they are `text`.
  void split(String text, Consumer<String> word) {
    if (digits == Digits.KEPT) {
      splitWords(text, 0, text.length(), word);
      return;
    }
    int begin = 0;
    int i = 0;
    while (i < text.length()) {
      int next = i + Character.charCount(text.codePointAt(i));
      if (kind(text.codePointAt(i)) == Kind.NUMBER) {
        splitWords(text, begin, i, word);
        if (digits == Digits.RUNS) {
          next = endOfRun(text, i, text.length(), Kind.NUMBER);
        }
        splitWords(text, i, next, word);
        begin = next;
      }
      i = next;
    }
    splitWords(text, begin, text.length(), word);
  }

  private void splitWords(String text, int begin, int end, Consumer<String> word) {
    if (!words) {
      if (begin < end) {
        word.accept(text.substring(begin, end));
      }
      return;
    }
    int i = begin;
    while (i < end) {
      int next = endOfWord(text, i, end);
      word.accept(text.substring(i, next));
      i = next;
    }
  }

  private static int endOfWord(String text, int i, int end) {
    int c = text.codePointAt(i);
    if (c == '\'') {
      int length = contraction(text, i, end);
      if (length > 0) {
        return i + length;
      }
    }
    Kind kind = kind(c);
    if (kind != Kind.SPACE) {
      return endOfRun(text, i, end, kind);
    }
    if (c == ' ' && i + 1 < end) {
      Kind following = kind(text.codePointAt(i + 1));
      if (following != Kind.SPACE) {
        return endOfRun(text, i + 1, end, following);
      }
    }
    // Every space character there is takes one UTF-16 unit, so "all but the last" is a - 1.
    int run = endOfRun(text, i, end, Kind.SPACE);
    return run == end || run == i + 1 ? run : run - 1;
  }

  private static int contraction(String text, int i, int end) {
    if (i + 1 >= end) {
      return 0;
    }
    char first = text.charAt(i + 1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return 2;
    }
    if (i + 2 >= end) {
      return 0;
    }
    char second = text.charAt(i + 2);
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? 3 : 0;
  }

  private static int endOfRun(String text, int i, int end, Kind kind) {
    int j = i;
    while (j < end) {
      int c = text.codePointAt(j);
      if (kind(c) != kind) {
        break;
      }
      j += Character.charCount(c);
    }
    return j;
  }

  private static Kind kind(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Kind.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Kind.NUMBER;
      // Unicode's White_Space: the three separator categories and six control characters.
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          Kind.SPACE;
      case Character.CONTROL -> (c >= 9 && c <= 13) || c == 0x85 ? Kind.SPACE : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }
}
