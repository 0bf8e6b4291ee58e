package org.alignmentworkbench.model.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;

/// A table of texts for spreadsheets in which no text becomes a formula.
public final class SheetWriter implements Closeable {
  private final CsvWriter csv;

  private SheetWriter(CsvWriter csv) {
    this.csv = csv;
  }

  /// Begins a table with its header.
  public static SheetWriter open(OutputStream out, List<String> header) throws IOException {
    return open(out, header, CsvWriter.Reader.SPREADSHEET);
  }

  /// Begins a table whose texts stay as they are: not for spreadsheets.
  public static SheetWriter forPrograms(OutputStream out, List<String> header) throws IOException {
    return open(out, header, CsvWriter.Reader.PROGRAM);
  }

  private static SheetWriter open(OutputStream out, List<String> header, CsvWriter.Reader reader)
      throws IOException {
    SheetWriter sheet =
        new SheetWriter(new CsvWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), reader));
    sheet.row(header);
    return sheet;
  }

  /// Writes a row.
  ///
  /// @throws UncheckedIOException when the stream cannot be written to
  public void row(List<String> texts) {
    try {
      csv.record(texts.stream().<JsonValue>map(JsonString::new).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
