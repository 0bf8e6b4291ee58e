package org.alignmentworkbench.annotation.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a text into what a reader takes for one: a word, a stretch of white space, a sign. Put
/// together again the parts are the text. No sign that is drawn as one is cut: a letter keeps its
/// accents, an emoji its skin and its family.
final class Words {
  private static final Pattern CLUSTER = Pattern.compile("\\X");

  private Words() {}

  private enum Shape {
    WORD,
    SPACE,
    SIGN
  }

  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    Matcher cluster = CLUSTER.matcher(text);
    int start = 0;
    Shape before = Shape.SIGN;
    while (cluster.find()) {
      Shape shape = shape(text.codePointAt(cluster.start()));
      if (cluster.start() > start && (shape == Shape.SIGN || shape != before)) {
        words.add(text.substring(start, cluster.start()));
        start = cluster.start();
      }
      before = shape;
    }
    if (start < text.length()) {
      words.add(text.substring(start));
    }
    return words;
  }

  /// Scripts that set no spaces between words are compared sign by sign.
  private static Shape shape(int point) {
    if (Character.isWhitespace(point) || Character.isSpaceChar(point)) {
      return Shape.SPACE;
    }
    if (!Character.isLetterOrDigit(point) || Character.isIdeographic(point)) {
      return Shape.SIGN;
    }
    return switch (Character.UnicodeScript.of(point)) {
      case HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> Shape.SIGN;
      default -> Shape.WORD;
    };
  }
}
