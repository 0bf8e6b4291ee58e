package org.alignmentworkbench.model.tokenizer;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Cuts text into the words inside which pairs may merge.
///
/// First digits are cut off, if the vocabulary says so; then a pattern of [TextCut] applies inside
/// what lies between them. Written as a scanner: it is the hot path of preparing a corpus.
///
/// @param digits what happens to numeric characters first
/// @param words the pattern
record PreTokenizer(Digits digits, Words words) {

  private static final List<String> LOOSE_CONTRACTIONS =
      List.of("'s", "'t", "'re", "'ve", "'m", "'ll", "'d");

  /// What happens to numeric characters (any of Unicode's N categories) before the pattern.
  enum Digits {
    /// Nothing.
    KEPT,
    /// A run of them is a piece.
    RUNS,
    /// Each of them is a piece.
    SINGLE
  }

  /// What cuts the text after that.
  enum Words {
    /// Nothing.
    NONE,
    /// GPT-2's pattern.
    GPT2,
    /// That of Llama 3: a letter run takes one character before it along, numbers go in threes.
    LLAMA3,
    /// The same with single numbers.
    QWEN2
  }

  private enum Kind {
    LETTER,
    NUMBER,
    SPACE,
    OTHER
  }

  static PreTokenizer of(TextCut cut) {
    return switch (cut) {
      case GPT2 -> new PreTokenizer(Digits.KEPT, Words.GPT2);
      case GPT2_SINGLE_DIGITS -> new PreTokenizer(Digits.SINGLE, Words.GPT2);
      case LLAMA3 -> new PreTokenizer(Digits.KEPT, Words.LLAMA3);
      case QWEN2 -> new PreTokenizer(Digits.KEPT, Words.QWEN2);
    };
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
    if (words == Words.NONE) {
      if (begin < end) {
        word.accept(text.substring(begin, end));
      }
      return;
    }
    int i = begin;
    while (i < end) {
      int next =
          switch (words) {
            case NONE, GPT2 -> endOfWord(text, i, end);
            case LLAMA3 -> endOfLooseWord(text, i, end, 3);
            case QWEN2 -> endOfLooseWord(text, i, end, 1);
          };
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

  /// The patterns of Llama 3 and Qwen 2.
  private static int endOfLooseWord(String text, int i, int end, int numbers) {
    int c = text.codePointAt(i);
    if (c == '\'') {
      int length = looseContraction(text, i, end);
      if (length > 0) {
        return i + length;
      }
    }
    Kind kind = kind(c);
    int next = i + Character.charCount(c);
    if (kind == Kind.LETTER) {
      return endOfRun(text, i, end, Kind.LETTER);
    }
    if (kind == Kind.NUMBER) {
      int j = next;
      for (int n = 1; n < numbers && j < end && kind(text.codePointAt(j)) == Kind.NUMBER; n++) {
        j += Character.charCount(text.codePointAt(j));
      }
      return j;
    }
    Kind following = next < end ? kind(text.codePointAt(next)) : Kind.SPACE;
    if (following == Kind.LETTER && !isLineEnd(c)) {
      return endOfRun(text, next, end, Kind.LETTER);
    }
    if (kind == Kind.OTHER || (c == ' ' && following == Kind.OTHER)) {
      int j = endOfRun(text, kind == Kind.OTHER ? i : next, end, Kind.OTHER);
      while (j < end && isLineEnd(text.charAt(j))) {
        j++;
      }
      return j;
    }
    int run = endOfRun(text, i, end, Kind.SPACE);
    for (int j = run; j > i; j--) {
      if (isLineEnd(text.charAt(j - 1))) {
        return j;
      }
    }
    return run == end || run == i + 1 ? run : run - 1;
  }

  private static boolean isLineEnd(int c) {
    return c == '\r' || c == '\n';
  }

  /// In any case; the long s counts as one, as it does in a pattern that ignores case.
  private static int looseContraction(String text, int i, int end) {
    String two = text.substring(i, Math.min(end, i + 3)).toLowerCase(Locale.ROOT);
    two = two.replace('\u017F', 's');
    for (String contraction : LOOSE_CONTRACTIONS) {
      if (two.startsWith(contraction)) {
        return contraction.length();
      }
    }
    return 0;
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
