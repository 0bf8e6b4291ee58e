package org.alignmentworkbench.model.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonFault;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Records of a CSV file (RFC 4180) with a header, as objects of strings.
///
/// The separator is the one of comma, semicolon and tab that the header has most of. Quoted cells
/// may hold separators, quotes (doubled) and line ends. A record is numbered by the line on which
/// it begins. Cells named `messages` and `conversations` hold JSON; `label` holds true or false, in
/// whatever case. Everything else is text.
final class CsvRows implements RawRows {
  private static final byte[] SEPARATORS = {',', ';', '\t'};
  private static final Set<String> JSON_CELLS = Set.of("messages", "conversations");

  private final InputStream in;
  private final Limits limits;
  private final Utf8 utf8 = new Utf8();
  private final byte[] block = new byte[1 << 16];
  private int at;
  private int end;
  private long line = 1;
  private byte separator;
  private List<String> header = List.of();

  private byte[] cell = new byte[1 << 10];
  private int cellLength;
  private long recordLength;

  CsvRows(InputStream in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  /// A record, or why there is none.
  ///
  /// @param fault null where the cells are good
  private record Parsed(List<String> cells, @Nullable Bad fault, boolean empty) {}

  @Override
  public @Nullable Raw next() throws IOException {
    if (header.isEmpty() && !begun()) {
      return null;
    }
    if (peek() < 0) {
      return null;
    }
    long begin = line;
    Parsed parsed = parse(begin);
    if (parsed.fault() != null) {
      return parsed.fault();
    }
    if (parsed.empty()) {
      return new Blank(begin);
    }
    List<String> cells = parsed.cells();
    if (cells.size() != header.size()) {
      return new Bad(
          begin,
          Code.INVALID_CSV,
          "the record has " + cells.size() + " cells, the header has " + header.size());
    }
    SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      String name = header.get(i);
      String text = cells.get(i);
      if (text.chars().anyMatch(c -> c < 0x20 && c != '\t' && c != '\n' && c != '\r')) {
        return new Bad(begin, Code.CONTROL_CHARACTER, name + " holds a control character");
      }
      try {
        members.put(name, value(name, text));
      } catch (JsonFault e) {
        return new Bad(
            begin,
            JsonCodes.code(e),
            name + ", column " + e.column() + " of the cell: " + e.getMessage());
      }
    }
    return new Value(begin, new JsonObject(members));
  }

  private static JsonValue value(String name, String text) throws JsonFault {
    if (JSON_CELLS.contains(name)) {
      return JsonText.parse(text);
    }
    if (name.equals("label")) {
      String word = text.strip().toLowerCase(Locale.ROOT);
      if (word.equals("true") || word.equals("false")) {
        return word.equals("true") ? JsonBoolean.TRUE : JsonBoolean.FALSE;
      }
    }
    return new JsonString(text);
  }

  /// Reads the header; false where the file has none.
  private boolean begun() throws IOException {
    if (peek() < 0) {
      return false;
    }
    separator = separator();
    Parsed parsed = parse(1);
    if (parsed.fault() != null) {
      throw new FileFault(
          parsed.fault().code(), 1, "the header cannot be read: " + parsed.fault().reason());
    }
    header = parsed.cells().stream().map(String::strip).toList();
    Set<String> seen = new HashSet<>();
    for (String name : header) {
      if (name.isEmpty()) {
        throw new FileFault(Code.INVALID_CSV, 1, "a column of the header has no name");
      }
      if (!seen.add(name)) {
        throw new FileFault(Code.DUPLICATE_KEY, 1, "the header names " + name + " twice");
      }
    }
    return true;
  }

  /// Looks ahead to the end of the first line, as far as the buffer goes.
  private byte separator() {
    int[] counts = new int[SEPARATORS.length];
    boolean quoted = false;
    for (int i = at; i < end && (quoted || (block[i] != '\n' && block[i] != '\r')); i++) {
      quoted ^= block[i] == '"';
      for (int s = 0; s < SEPARATORS.length; s++) {
        counts[s] += !quoted && block[i] == SEPARATORS[s] ? 1 : 0;
      }
    }
    int best = 0;
    for (int s = 1; s < counts.length; s++) {
      best = counts[s] > counts[best] ? s : best;
    }
    return SEPARATORS[best];
  }

  /// Reads one record with its line end. After a fault the rest of its line is passed over.
  private Parsed parse(long begin) throws IOException {
    List<String> cells = new ArrayList<>();
    @Nullable Bad fault = null;
    recordLength = 0;
    boolean any = false;
    while (true) {
      cellLength = 0;
      boolean quoted = peek() == '"';
      any |= quoted;
      if (quoted) {
        take();
        count(begin);
        quotedCell(begin);
      }
      while (peek() >= 0 && peek() != separator && peek() != '\n' && peek() != '\r') {
        if (fault == null && (quoted || peek() == '"')) {
          fault =
              new Bad(
                  begin,
                  Code.INVALID_CSV,
                  quoted
                      ? "text follows the closing quote of cell " + (cells.size() + 1)
                      : "a quote inside the unquoted cell " + (cells.size() + 1));
        }
        keep(take(), begin);
      }
      try {
        any |= cellLength > 0;
        if (recordLength <= limits.rowBytes()) {
          cells.add(utf8.decode(cell, cellLength));
        }
      } catch (Utf8.BadByte e) {
        fault =
            fault == null
                ? new Bad(
                    begin, Code.INVALID_UTF8, "cell " + (cells.size() + 1) + ": " + e.reason())
                : fault;
      }
      int ended = peek();
      if (ended >= 0) {
        take();
      }
      if (ended == separator) {
        count(begin);
      }
      if (ended == '\r' && peek() == '\n') {
        take();
      }
      if (ended != separator) {
        if (recordLength > limits.rowBytes()) {
          fault =
              new Bad(
                  begin,
                  Code.LINE_TOO_LONG,
                  "the record has " + recordLength + " bytes, the limit is " + limits.rowBytes());
        }
        return new Parsed(cells, fault, cells.size() == 1 && !any);
      }
    }
  }

  private void quotedCell(long begin) throws IOException {
    while (true) {
      int c = peek();
      if (c < 0) {
        throw new FileFault(
            Code.INVALID_CSV, begin, "a quote opened in line " + begin + " is never closed");
      }
      take();
      if (c == '"') {
        if (peek() != '"') {
          count(begin);
          return;
        }
        take();
        count(begin);
      }
      keep(c, begin);
    }
  }

  private void keep(int c, long begin) throws FileFault {
    count(begin);
    if (recordLength <= limits.rowBytes()) {
      if (cellLength == cell.length) {
        cell = Arrays.copyOf(cell, 2 * cell.length);
      }
      cell[cellLength++] = (byte) c;
    }
  }

  /// Counts a byte of the record, whatever it is for: a cell costs memory even if it is empty.
  private void count(long begin) throws FileFault {
    recordLength++;
    if (recordLength > limits.stopBytes()) {
      throw new FileFault(
          Code.LINE_TOO_LONG,
          begin,
          "the record of line " + begin + " is longer than " + limits.stopBytes() + " bytes");
    }
  }

  private int peek() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(block, 0, block.length));
    }
    return end == 0 ? -1 : block[at] & 0xFF;
  }

  private int take() throws IOException {
    int c = peek();
    at++;
    line += c == '\n' || (c == '\r' && peek() != '\n') ? 1 : 0;
    return c;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
