package org.alignmentworkbench.model.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Cuts a template into text, tags and the words inside them.
///
/// White space as transformers sets it: `trim_blocks` (the line feed after a block or comment
/// goes), `lstrip_blocks` (blanks before a block or comment at the start of its line go), `-`
/// beside a delimiter takes all white space on its side, `+` keeps it, and one line feed at the
/// very end of the template is dropped.
final class Lexer {
  enum Kind {
    TEXT,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    WHOLE,
    REAL,
    OPERATOR,
    END
  }

  record Token(Kind kind, String text, int line) {
    boolean is(Kind other, String content) {
      return kind == other && text.equals(content);
    }
  }

  /// Longest first.
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", ".", ",",
          ":", "|", "(", ")", "[", "]", "{", "}", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /// Whether what was consumed last ended a line: then blanks before a tag begin one.
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int open = nextOpening(at);
      if (open < 0) {
        text(source.substring(at));
        at = source.length();
        break;
      }
      char kind = source.charAt(open + 1);
      char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      String before = source.substring(at, open);
      String kept = before;
      if (sign == '-') {
        kept = stripEnd(before);
      } else if (sign != '+' && kind != '{') {
        int lineStart = before.lastIndexOf('\n') + 1;
        boolean blank = before.substring(lineStart).chars().allMatch(Text::isSpace);
        if ((lineStart > 0 || lineStarting) && blank) {
          kept = before.substring(0, lineStart);
        }
      }
      text(kept);
      count(before);
      at = open + 2 + (sign == '-' || sign == '+' ? 1 : 0);
      switch (kind) {
        case '#' -> comment();
        case '{' -> inside(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
        default -> inside(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
      }
    }
    add(Kind.END, "");
  }

  private int nextOpening(int from) {
    for (int i = from; i + 1 < source.length(); i++) {
      if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void text(String text) {
    if (!text.isEmpty()) {
      add(Kind.TEXT, text);
    }
  }

  private void comment() {
    int close = source.indexOf("#}", at);
    if (close < 0) {
      throw TemplateException.at(line, "a comment is not closed");
    }
    count(source.substring(at, close));
    boolean strip = close > at && source.charAt(close - 1) == '-';
    boolean keep = close > at && source.charAt(close - 1) == '+';
    at = close + 2;
    afterTag(strip, keep, true);
  }

  /// Consumes what goes with the end of a tag.
  private void afterTag(boolean strip, boolean keep, boolean block) {
    int begin = at;
    if (strip) {
      while (at < source.length() && Text.isSpace(source.charAt(at))) {
        at++;
      }
    } else if (block && !keep && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    count(source.substring(begin, at));
    lineStarting = at > begin && source.charAt(at - 1) == '\n';
  }

  private void inside(Kind begin, Kind end, String close) {
    add(begin, "");
    Deque<Character> brackets = new ArrayDeque<>();
    while (true) {
      skipSpace();
      if (at >= source.length()) {
        throw TemplateException.at(line, "a tag is not closed with " + close);
      }
      if (brackets.isEmpty()) {
        boolean signed =
            source.startsWith("-" + close, at)
                || (end == Kind.BLOCK_END && source.startsWith("+" + close, at));
        if (signed || source.startsWith(close, at)) {
          add(end, "");
          boolean strip = source.charAt(at) == '-';
          boolean keep = source.charAt(at) == '+';
          at += close.length() + (signed ? 1 : 0);
          afterTag(strip, keep, end == Kind.BLOCK_END);
          return;
        }
      }
      word(brackets);
    }
  }

  private void skipSpace() {
    while (at < source.length() && Text.isSpace(source.charAt(at))) {
      if (source.charAt(at) == '\n') {
        line++;
      }
      at++;
    }
  }

  private void word(Deque<Character> brackets) {
    char c = source.charAt(at);
    int begin = at;
    if (c == '\'' || c == '"') {
      string(c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (Character.isJavaIdentifierStart(c) && c != '$') {
      while (at < source.length()
          && Character.isJavaIdentifierPart(source.charAt(at))
          && source.charAt(at) != '$') {
        at++;
      }
      add(Kind.NAME, source.substring(begin, at));
    } else {
      for (String operator : OPERATORS) {
        if (source.startsWith(operator, at)) {
          balance(brackets, operator);
          add(Kind.OPERATOR, operator);
          at += operator.length();
          return;
        }
      }
      throw TemplateException.at(line, "unexpected character " + c);
    }
  }

  private void balance(Deque<Character> brackets, String operator) {
    switch (operator) {
      case "(" -> brackets.push(')');
      case "[" -> brackets.push(']');
      case "{" -> brackets.push('}');
      case ")", "]", "}" -> {
        if (brackets.isEmpty() || brackets.pop() != operator.charAt(0)) {
          throw TemplateException.at(line, "unexpected " + operator);
        }
      }
      default -> {}
    }
  }

  private void number() {
    int begin = at;
    digits();
    boolean real = false;
    if (at + 1 < source.length()
        && source.charAt(at) == '.'
        && Character.isDigit(source.charAt(at + 1))) {
      real = true;
      at++;
      digits();
    }
    if (at < source.length() && Character.isLetter(source.charAt(at))) {
      throw new TemplateException.Unsupported(
          line, "number " + source.substring(begin, at + 1) + "...");
    }
    add(real ? Kind.REAL : Kind.WHOLE, source.substring(begin, at).replace("_", ""));
  }

  private void digits() {
    while (at < source.length()
        && (Character.isDigit(source.charAt(at)) || source.charAt(at) == '_')) {
      at++;
    }
  }

  private void string(char quote) {
    StringBuilder value = new StringBuilder();
    int first = line;
    at++;
    while (true) {
      if (at >= source.length()) {
        throw TemplateException.at(first, "a string is not closed");
      }
      char c = source.charAt(at++);
      if (c == quote) {
        break;
      }
      if (c == '\n') {
        line++;
      }
      if (c == '\\' && at < source.length()) {
        escape(value, source.charAt(at++));
      } else {
        value.append(c);
      }
    }
    tokens.add(new Token(Kind.STRING, value.toString(), first));
  }

  /// Python's escapes; one it does not know stays as it is written.
  private void escape(StringBuilder value, char c) {
    switch (c) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'a' -> value.append('\u0007');
      case 'v' -> value.append('\u000B');
      case '\\', '\'', '"' -> value.append(c);
      case '\n' -> line++;
      case 'x' -> codePoint(value, 2);
      case 'u' -> codePoint(value, 4);
      case 'U' -> codePoint(value, 8);
      case '0', '1', '2', '3', '4', '5', '6', '7', 'N' ->
          throw new TemplateException.Unsupported(line, "string escape \\" + c);
      default -> value.append('\\').append(c);
    }
  }

  private void codePoint(StringBuilder value, int digits) {
    if (at + digits > source.length()) {
      throw TemplateException.at(line, "a string escape is cut short");
    }
    String hex = source.substring(at, at + digits);
    try {
      value.appendCodePoint(Integer.parseInt(hex, 16));
    } catch (IllegalArgumentException invalid) {
      throw TemplateException.at(line, "a string escape must name a character, was " + hex);
    }
    at += digits;
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void count(String consumed) {
    line += (int) consumed.chars().filter(c -> c == '\n').count();
  }

  private static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && Text.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
