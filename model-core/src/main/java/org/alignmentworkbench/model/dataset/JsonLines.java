package org.alignmentworkbench.model.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.alignmentworkbench.model.dataset.json.JsonFault;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.jspecify.annotations.Nullable;

/// One JSON value a line. Lines end with LF; a CR before it belongs to the end. Row numbers are
/// those of lines, blank ones included, as editors count them.
final class JsonLines implements RawRows {
  private static final int FIRST_LINE_BUFFER = 1 << 12;

  private final InputStream in;
  private final Limits limits;
  private final Utf8 utf8 = new Utf8();
  private final byte[] block = new byte[1 << 16];
  private int at;
  private int end;
  private long line;
  private byte[] bytes = new byte[FIRST_LINE_BUFFER];

  JsonLines(InputStream in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  @Override
  public @Nullable Raw next() throws IOException {
    if (!filled()) {
      return null;
    }
    line++;
    long length = 0;
    boolean ended = false;
    while (!ended && filled()) {
      int from = at;
      while (at < end && block[at] != '\n') {
        at++;
      }
      ended = at < end;
      keep(from, at - from, length);
      length += at - from;
      if (length > limits.stopBytes()) {
        throw new FileFault(
            Code.LINE_TOO_LONG,
            line,
            "line " + line + " is longer than " + limits.stopBytes() + " bytes");
      }
      at += ended ? 1 : 0;
    }
    return length > limits.rowBytes()
        ? new Bad(
            line,
            Code.LINE_TOO_LONG,
            "the line has " + length + " bytes, the limit is " + limits.rowBytes())
        : row((int) length);
  }

  private Raw row(int length) {
    int used = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    String text;
    try {
      text = utf8.decode(bytes, used);
    } catch (Utf8.BadByte e) {
      return new Bad(line, Code.INVALID_UTF8, e.reason());
    }
    if (text.isBlank()) {
      return new Blank(line);
    }
    try {
      return new Value(line, JsonText.parse(text));
    } catch (JsonFault e) {
      return new Bad(line, JsonCodes.code(e), "column " + e.column() + ": " + e.getMessage());
    }
  }

  /// Keeps bytes of the line while it is within the limit.
  private void keep(int from, int count, long length) {
    if (length + count > limits.rowBytes()) {
      return;
    }
    int needed = (int) length + count;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    System.arraycopy(block, from, bytes, (int) length, count);
  }

  private boolean filled() throws IOException {
    if (at < end) {
      return true;
    }
    at = 0;
    end = Math.max(0, in.read(block, 0, block.length));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
