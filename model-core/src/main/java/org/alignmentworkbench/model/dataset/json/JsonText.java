package org.alignmentworkbench.model.dataset.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.dataset.json.JsonFault.Kind;
import org.jspecify.annotations.Nullable;

/// Reads and writes JSON texts.
public final class JsonText {
  /// Lists and objects inside each other, at most.
  public static final int DEEPEST = 64;

  private final String text;
  private int at;
  private int depth;

  /// The first fault that leaves the grammar whole: a break of the grammar after it counts more.
  private @Nullable JsonFault fault;

  private JsonText(String text) {
    this.text = text;
  }

  /// Reads one value and nothing after it.
  public static JsonValue parse(String text) throws JsonFault {
    JsonText json = new JsonText(text);
    json.space();
    JsonValue value = json.value();
    json.space();
    if (json.at < text.length()) {
      throw json.syntax("the end of the value");
    }
    if (json.fault != null) {
      throw json.fault;
    }
    return value;
  }

  private JsonValue value() throws JsonFault {
    if (at == text.length()) {
      throw syntax("a value");
    }
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new JsonString(string());
      case 't' -> word("true", JsonBoolean.TRUE);
      case 'f' -> word("false", JsonBoolean.FALSE);
      case 'n' -> word("null", JsonNull.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw syntax("a value");
    };
  }

  private JsonObject object() throws JsonFault {
    enter();
    SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
    space();
    if (!taken('}')) {
      do {
        space();
        int begin = at;
        if (at == text.length() || text.charAt(at) != '"') {
          throw syntax("a name in double quotes");
        }
        String name = string();
        space();
        if (!taken(':')) {
          throw syntax("a colon");
        }
        space();
        JsonValue value = value();
        if (members.putIfAbsent(name, value) != null) {
          note(Kind.DUPLICATE_KEY, begin, "the name \"" + name + "\" occurs twice");
        }
        space();
      } while (taken(','));
      if (!taken('}')) {
        throw syntax("a comma or a closing brace");
      }
    }
    depth--;
    return new JsonObject(members);
  }

  private JsonArray array() throws JsonFault {
    enter();
    List<JsonValue> elements = new ArrayList<>();
    space();
    if (!taken(']')) {
      do {
        space();
        elements.add(value());
        space();
      } while (taken(','));
      if (!taken(']')) {
        throw syntax("a comma or a closing bracket");
      }
    }
    depth--;
    return new JsonArray(elements);
  }

  private void enter() throws JsonFault {
    at++;
    if (++depth > DEEPEST) {
      throw fault(Kind.NESTING, at - 1, "lists and objects nest deeper than " + DEEPEST);
    }
  }

  private String string() throws JsonFault {
    at++;
    StringBuilder built = new StringBuilder();
    while (true) {
      if (at == text.length()) {
        throw syntax("a closing quote");
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return built.toString();
      }
      if (c == '\\') {
        escape(built);
      } else if (c < 0x20) {
        throw syntax("a closing quote or an escape instead of a raw control character");
      } else {
        built.append(c);
        at++;
      }
    }
  }

  private void escape(StringBuilder built) throws JsonFault {
    int begin = at++;
    if (at == text.length()) {
      throw syntax("an escape");
    }
    char c = text.charAt(at++);
    switch (c) {
      case '"', '\\', '/' -> built.append(c);
      case 'n' -> built.append('\n');
      case 't' -> built.append('\t');
      case 'r' -> built.append('\r');
      case 'b' -> control('\b', begin, built);
      case 'f' -> control('\f', begin, built);
      case 'u' -> unicode(begin, built);
      default -> {
        at = begin;
        throw syntax("an escape that JSON has");
      }
    }
  }

  private void unicode(int begin, StringBuilder built) throws JsonFault {
    char unit = hex();
    if (Character.isHighSurrogate(unit) && text.startsWith("\\u", at)) {
      int next = at;
      at += 2;
      char low = hex();
      if (Character.isLowSurrogate(low)) {
        built.append(unit).append(low);
        return;
      }
      at = next;
    }
    if (Character.isSurrogate(unit)) {
      note(Kind.LONE_SURROGATE, begin, "half a character: \\u" + Integer.toHexString(unit));
      built.append('\uFFFD');
    } else if (unit < 0x20 || unit == 0x7F) {
      control(unit, begin, built);
    } else {
      built.append(unit);
    }
  }

  private void control(char c, int begin, StringBuilder built) {
    if (c != '\n' && c != '\t' && c != '\r') {
      note(Kind.CONTROL_CHARACTER, begin, "control character U+%04X".formatted((int) c));
    }
    built.append(c);
  }

  private char hex() throws JsonFault {
    if (at + 4 > text.length()) {
      at = text.length();
      throw syntax("four hexadecimal digits");
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      char c = text.charAt(at);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw syntax("four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      at++;
    }
    return (char) unit;
  }

  private JsonNumber number() throws JsonFault {
    int begin = at;
    taken('-');
    if (!taken('0')) {
      digits();
    }
    if (taken('.')) {
      digits();
    }
    if (taken('e') || taken('E')) {
      if (!taken('+')) {
        taken('-');
      }
      digits();
    }
    return new JsonNumber(text.substring(begin, at));
  }

  private void digits() throws JsonFault {
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == begin) {
      throw syntax("a digit");
    }
  }

  private JsonValue word(String word, JsonValue value) throws JsonFault {
    if (!text.startsWith(word, at)) {
      throw syntax("a value");
    }
    at += word.length();
    return value;
  }

  private boolean taken(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void space() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private JsonFault syntax(String expected) {
    String found =
        at == text.length() ? "the text ends" : "there is " + described(text.codePointAt(at));
    return fault(Kind.SYNTAX, at, "expected " + expected + ", but " + found);
  }

  private static String described(int codePoint) {
    return codePoint < 0x20 || codePoint == 0x7F
        ? "U+%04X".formatted(codePoint)
        : "'" + Character.toString(codePoint) + "'";
  }

  private void note(Kind kind, int place, String message) {
    if (fault == null) {
      fault = fault(kind, place, message);
    }
  }

  private JsonFault fault(Kind kind, int place, String message) {
    int line = 1;
    int begin = 0;
    for (int i = 0; i < place; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        begin = i + 1;
      }
    }
    return new JsonFault(kind, line, 1 + text.codePointCount(begin, place), message);
  }

  /// A value as text on one line, without spaces.
  public static String of(JsonValue value) {
    StringBuilder built = new StringBuilder();
    try {
      write(value, built);
    } catch (IOException e) {
      throw new UncheckedIOException("a string builder does not fail", e);
    }
    return built.toString();
  }

  /// Writes a value on one line, without spaces.
  public static void write(JsonValue value, Appendable out) throws IOException {
    switch (value) {
      case JsonString string -> quote(string.text(), out);
      case JsonNumber number -> out.append(number.literal());
      case JsonBoolean flag -> out.append(flag == JsonBoolean.TRUE ? "true" : "false");
      case JsonNull _ -> out.append("null");
      case JsonArray array -> {
        out.append('[');
        boolean later = false;
        for (JsonValue element : array.elements()) {
          if (later) {
            out.append(',');
          }
          write(element, out);
          later = true;
        }
        out.append(']');
      }
      case JsonObject object -> {
        out.append('{');
        boolean later = false;
        for (var member : object.members().entrySet()) {
          if (later) {
            out.append(',');
          }
          quote(member.getKey(), out);
          out.append(':');
          write(member.getValue(), out);
          later = true;
        }
        out.append('}');
      }
    }
  }

  // What stands as it is goes out in runs: a buffered writer takes its lock at each call, and one
  // for each character was two thirds of an export's time in Java.
  private static void quote(String text, Appendable out) throws IOException {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      @Nullable String escaped = escaped(text.charAt(i));
      if (escaped != null) {
        out.append(text, written, i).append(escaped);
        written = i + 1;
      }
    }
    out.append(text, written, text.length()).append('"');
  }

  private static @Nullable String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      // Programs that split lines at U+2028 and U+2029 would cut a row in two.
      default ->
          c < 0x20 || c == 0x7F || c == '\u2028' || c == '\u2029'
              ? "\\u%04x".formatted((int) c)
              : null;
    };
  }
}
