package org.alignmentworkbench.model.dataset;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.alignmentworkbench.model.dataset.json.JsonValue;

/// Writes CSV after RFC 4180: records end with CR LF, cells with separators, quotes or line ends
/// are quoted.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a blank control character for
/// a formula, quoted or not, and a formula may send the sheet's content away (CWE-1236). For
/// spreadsheets such texts, in the header too, get an apostrophe in front; numbers do not. The file
/// then begins with a byte-order mark, without which some of them garble every other script.
/// Programs get every text as it is.
final class CsvWriter implements Closeable {
  /// First characters of a formula, full-width ones included.
  private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

  private final BufferedWriter out;
  private final Reader reader;

  /// Who opens the file.
  enum Reader {
    PROGRAM,
    SPREADSHEET
  }

  CsvWriter(Writer out, Reader reader) throws IOException {
    this.out = new BufferedWriter(out, 1 << 16);
    this.reader = reader;
    if (reader == Reader.SPREADSHEET) {
      this.out.write('\uFEFF');
    }
  }

  /// Writes a record; null is an empty cell.
  void record(List<JsonValue> cells) throws IOException {
    boolean later = false;
    for (JsonValue cell : cells) {
      if (later) {
        out.write(',');
      }
      later = true;
      switch (cell) {
        case JsonString string -> text(string.text());
        case JsonNumber number -> out.write(number.literal());
        case JsonBoolean flag -> out.write(flag == JsonBoolean.TRUE ? "true" : "false");
        case JsonNull _ -> {}
        case JsonValue nested -> text(JsonText.of(nested));
      }
    }
    out.write("\r\n");
  }

  private void text(String text) throws IOException {
    String safe =
        reader == Reader.SPREADSHEET && !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0
            ? "'" + text
            : text;
    boolean quoted =
        safe.isEmpty()
            || safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            || safe.charAt(0) == ' '
            || safe.charAt(safe.length() - 1) == ' ';
    out.write(quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe);
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
