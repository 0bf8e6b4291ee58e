package org.alignmentworkbench.model.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A string as Python sees it, a sequence of code points, each of which remembers its source: 0 for
/// the template, else the number of a message's field. Sources survive every operation.
final class Text implements Value {
  static final int TEMPLATE = 0;

  /// A stop for templates that double a text in a loop.
  private static final int MAX_LENGTH = 1 << 24;

  static final Text EMPTY = new Text(new int[0], null);

  private final int[] chars;

  /// Absent when all characters come from the template.
  private final int @Nullable [] sources;

  private Text(int[] chars, int @Nullable [] sources) {
    this.chars = chars;
    this.sources = sources;
  }

  static Text of(String text) {
    return new Text(wellFormed(text), null);
  }

  /// Code points, with U+FFFD for a lone surrogate, as the tokenizer reads it.
  private static int[] wellFormed(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .toArray();
  }

  static Text from(String text, int source) {
    int[] chars = wellFormed(text);
    int[] sources = new int[chars.length];
    Arrays.fill(sources, source);
    return new Text(chars, sources);
  }

  int length() {
    return chars.length;
  }

  int at(int index) {
    return chars[index];
  }

  int source(int index) {
    return sources == null ? TEMPLATE : sources[index];
  }

  Text slice(int begin, int end) {
    return begin >= end
        ? EMPTY
        : new Text(
            Arrays.copyOfRange(chars, begin, end),
            sources == null ? null : Arrays.copyOfRange(sources, begin, end));
  }

  Text plus(Text other) {
    return new Builder().append(this).append(other).build();
  }

  Text strip(IntPredicate stripped, boolean left, boolean right) {
    int begin = 0;
    int end = chars.length;
    while (left && begin < end && stripped.test(chars[begin])) {
      begin++;
    }
    while (right && begin < end && stripped.test(chars[end - 1])) {
      end--;
    }
    return slice(begin, end);
  }

  /// The index of `part` at or after `from`, or -1.
  int indexOf(Text part, int from) {
    for (int i = from; i + part.length() <= length(); i++) {
      if (startsWith(part, i)) {
        return i;
      }
    }
    return -1;
  }

  boolean startsWith(Text part, int index) {
    return index >= 0
        && index + part.length() <= length()
        && Arrays.equals(chars, index, index + part.length(), part.chars, 0, part.length());
  }

  boolean endsWith(Text part) {
    return startsWith(part, length() - part.length());
  }

  Text replace(Text old, Text by, int limit) {
    Builder out = new Builder();
    int done = 0;
    int begin = 0;
    if (old.length() == 0) {
      // Python puts the replacement before every character and at the end.
      for (int i = 0; i <= length() && (limit < 0 || done < limit); i++, done++) {
        out.append(by).append(slice(i, Math.min(i + 1, length())));
        begin = Math.min(i + 1, length());
      }
      return out.append(slice(begin, length())).build();
    }
    for (int i = indexOf(old, 0);
        i >= 0 && (limit < 0 || done < limit);
        i = indexOf(old, begin), done++) {
      out.append(slice(begin, i)).append(by);
      begin = i + old.length();
    }
    return out.append(slice(begin, length())).build();
  }

  /// Python's `split(separator, limit)`; a limit below 0 is none.
  List<Text> split(Text separator, int limit) {
    List<Text> parts = new ArrayList<>();
    int begin = 0;
    for (int i = indexOf(separator, 0);
        i >= 0 && (limit < 0 || parts.size() < limit);
        i = indexOf(separator, begin)) {
      parts.add(slice(begin, i));
      begin = i + separator.length();
    }
    parts.add(slice(begin, length()));
    return parts;
  }

  /// Python's `split()`: at runs of white space, without empty parts.
  List<Text> words() {
    List<Text> parts = new ArrayList<>();
    int begin = 0;
    while (begin < length()) {
      int end = begin;
      while (end < length() && !isSpace(chars[end])) {
        end++;
      }
      if (end > begin) {
        parts.add(slice(begin, end));
      }
      begin = end + 1;
    }
    return parts;
  }

  Text upper() {
    return mapped(toString().toUpperCase(Locale.ROOT), true);
  }

  Text lower() {
    return mapped(toString().toLowerCase(Locale.ROOT), false);
  }

  /// First character in title case, the rest in lower case.
  Text capitalize() {
    if (length() == 0) {
      return this;
    }
    Text rest = slice(1, length()).lower();
    return slice(0, 1).titled().plus(rest);
  }

  /// First character of each run of letters in title case, the others in lower case.
  Text title() {
    Builder out = new Builder();
    boolean inside = false;
    for (int i = 0; i < length(); i++) {
      Text one = slice(i, i + 1);
      boolean letter = Character.isLetter(chars[i]);
      out.append(!letter ? one : inside ? one.lower() : one.titled());
      inside = letter;
    }
    return out.build();
  }

  private Text titled() {
    return new Text(new int[] {Character.toTitleCase(chars[0])}, sources);
  }

  /// Changed letters with their sources. Case changes that lengthen a string (ß to SS) are done
  /// letter by letter, so that each knows where it came from.
  private Text mapped(String changed, boolean up) {
    int[] to = changed.codePoints().toArray();
    if (to.length == length()) {
      return new Text(to, sources);
    }
    Builder out = new Builder();
    for (int i = 0; i < length(); i++) {
      String one = Character.toString(chars[i]);
      String other = up ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT);
      int source = source(i);
      other.codePoints().forEach(c -> out.append(c, source));
    }
    return out.build();
  }

  /// Python's order of strings: by code point.
  int compare(Text other) {
    return Arrays.compare(chars, other.chars);
  }

  /// Same characters; where they came from does not matter.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Text text && Arrays.equals(chars, text.chars);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(chars);
  }

  @Override
  public String toString() {
    return new String(chars, 0, chars.length);
  }

  /// White space as Python's `str.strip` has it.
  static boolean isSpace(int c) {
    return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || Character.isSpaceChar(c);
  }

  /// Collects characters with their sources.
  static final class Builder {
    private int[] chars = new int[32];
    private int[] sources = new int[32];
    private int size;

    Builder append(int c, int source) {
      if (size == MAX_LENGTH) {
        throw new TemplateException(
            "chat template: a text must be at most " + MAX_LENGTH + " characters");
      }
      if (size == chars.length) {
        chars = Arrays.copyOf(chars, 2 * size);
        sources = Arrays.copyOf(sources, 2 * size);
      }
      chars[size] = c;
      sources[size++] = source;
      return this;
    }

    Builder append(Text text) {
      for (int i = 0; i < text.length(); i++) {
        append(text.at(i), text.source(i));
      }
      return this;
    }

    Builder append(String text) {
      text.codePoints().forEach(c -> append(c, TEMPLATE));
      return this;
    }

    int size() {
      return size;
    }

    Text build() {
      return new Text(Arrays.copyOf(chars, size), Arrays.copyOf(sources, size));
    }
  }
}
