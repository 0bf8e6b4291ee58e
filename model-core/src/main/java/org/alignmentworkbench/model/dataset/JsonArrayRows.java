package org.alignmentworkbench.model.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.alignmentworkbench.model.dataset.json.JsonFault;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.jspecify.annotations.Nullable;

/// The elements of one JSON array, numbered from 0.
///
/// Each element is cut out by counting brackets outside of strings, then read strictly, so no more
/// than one element is ever in memory. A break of the grammar refuses the file: what follows it
/// could be anything.
final class JsonArrayRows implements RawRows {
  private static final String SPACE = " \t\n\r";

  private final Reader in;
  private final Limits limits;
  private long line = 1;
  private long row = -1;
  private int next = -2;
  private boolean open;
  private boolean done;

  JsonArrayRows(InputStream in, Limits limits) {
    this.in =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            1 << 16);
    this.limits = limits;
  }

  @Override
  public @Nullable Raw next() throws IOException {
    if (done) {
      return null;
    }
    space();
    if (!open) {
      if (peek() != '[') {
        throw syntax("expected a list");
      }
      take();
      open = true;
      space();
      if (peek() == ']') {
        return end();
      }
    } else if (peek() == ',') {
      take();
      space();
      if (peek() == ']') {
        throw syntax("a comma before the closing bracket");
      }
    } else if (peek() == ']') {
      return end();
    } else {
      throw syntax("expected a comma or the closing bracket after element " + row);
    }
    row++;
    return element();
  }

  private @Nullable Raw end() throws IOException {
    take();
    space();
    if (peek() >= 0) {
      throw syntax("something follows the closing bracket");
    }
    done = true;
    return null;
  }

  private Raw element() throws IOException {
    long begin = line;
    StringBuilder text = new StringBuilder();
    long length = 0;
    int depth = 0;
    boolean string = false;
    boolean escaped = false;
    while (true) {
      int c = peek();
      if (c < 0) {
        throw syntax("the file ends inside element " + row);
      }
      if (!string && depth == 0 && (c == ',' || c == ']') && length > 0) {
        break;
      }
      take();
      length += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate((char) c) ? 2 : 3;
      if (length <= limits.rowBytes()) {
        text.append((char) c);
      } else if (length > limits.stopBytes()) {
        throw new FileFault(
            Code.LINE_TOO_LONG,
            line,
            "element " + row + " is longer than " + limits.stopBytes() + " bytes");
      }
      if (string) {
        string = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else {
        switch (c) {
          case '"' -> string = true;
          case '[', '{' -> depth++;
          case ']', '}' -> depth--;
          default -> {}
        }
        if (depth < 0) {
          throw syntax("a closing bracket too many in element " + row);
        }
        if (depth == 0 && (c == '}' || c == ']')) {
          break;
        }
      }
    }
    if (length > limits.rowBytes()) {
      return new Bad(
          row,
          Code.LINE_TOO_LONG,
          "the element has " + length + " bytes, the limit is " + limits.rowBytes());
    }
    try {
      return new Value(row, JsonText.parse(text.toString()));
    } catch (JsonFault e) {
      String place = "line " + (begin + e.line() - 1) + ": " + e.getMessage();
      if (e.kind() == JsonFault.Kind.SYNTAX) {
        throw new FileFault(Code.INVALID_JSON, line, "element " + row + ", " + place);
      }
      return new Bad(row, JsonCodes.code(e), place);
    }
  }

  private void space() throws IOException {
    while (peek() >= 0 && SPACE.indexOf(peek()) >= 0) {
      take();
    }
  }

  private int peek() throws IOException {
    if (next == -2) {
      try {
        next = in.read();
      } catch (CharacterCodingException e) {
        throw new FileFault(Code.INVALID_UTF8, line, "bytes near line " + line + " are no UTF-8");
      }
    }
    return next;
  }

  private void take() {
    line += next == '\n' ? 1 : 0;
    next = -2;
  }

  private FileFault syntax(String reason) {
    return new FileFault(Code.INVALID_JSON, line, "line " + line + ": " + reason);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
