package org.alignmentworkbench.model.dataset;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignmentworkbench.model.dataset.RowOutcome.Accepted;
import org.alignmentworkbench.model.dataset.RowOutcome.FileRefused;
import org.alignmentworkbench.model.dataset.RowOutcome.Refused;
import org.alignmentworkbench.model.dataset.RowOutcome.Skipped;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// Reads a file row by row.
///
/// ```java
/// try (DatasetReader reader = DatasetReader.open(file, new DatasetReader.Settings("pairs.jsonl"))) {
///   for (RowOutcome outcome = reader.next(); outcome != null; outcome = reader.next()) { ... }
/// }
/// ```
public final class DatasetReader implements Closeable {
  private static final int LOOK_AHEAD = 1 << 12;

  private final Limits limits;
  private final @Nullable PairFields pairFields;
  private final FieldNames names;
  private final NumberMap contentOfId = new NumberMap();
  private final NumberMap contents = new NumberMap();
  private @Nullable RawRows rows;
  private @Nullable Shape shape;
  private @Nullable ShapeReader shapeReader;
  private @Nullable FileRefused refused;
  private long read;
  private boolean done;

  private DatasetReader(Settings settings) {
    this.limits = settings.limits;
    this.pairFields = settings.pairFields;
    this.names = settings.names;
    this.shape = settings.shape;
  }

  /// How rows follow each other.
  public enum Container {
    /// One JSON value a line.
    JSON_LINES,
    /// One JSON array.
    JSON_ARRAY,
    /// Records with a header.
    CSV
  }

  /// What is known of a file beforehand.
  ///
  /// @param fileName tells CSV from JSON where the content does not
  /// @param container null to look
  /// @param shape null to take that of the first row
  /// @param pairFields names in exports of labelling tools; null for the usual ones
  /// @param names what the file calls the parts of a preference
  public record Settings(
      String fileName,
      @Nullable Container container,
      @Nullable Shape shape,
      @Nullable PairFields pairFields,
      FieldNames names,
      Limits limits) {
    public Settings(String fileName) {
      this(fileName, FieldNames.USUAL);
    }

    public Settings(String fileName, FieldNames names) {
      this(fileName, null, null, null, names, Limits.DEFAULT);
    }

    public Settings(
        String fileName,
        @Nullable Container container,
        @Nullable Shape shape,
        @Nullable PairFields pairFields,
        Limits limits) {
      this(fileName, container, shape, pairFields, FieldNames.USUAL, limits);
    }

    /// The same with a shape.
    public Settings of(Shape known) {
      return new Settings(fileName, container, known, pairFields, names, limits);
    }
  }

  /// Begins to read. A file that cannot be read at all comes as the first outcome, not as an
  /// exception.
  public static DatasetReader open(InputStream file, Settings settings) throws IOException {
    DatasetReader reader = new DatasetReader(settings);
    try {
      BufferedInputStream content =
          new BufferedInputStream(UnpackedStream.open(file, settings.limits.fileBytes()), 1 << 16);
      Container container =
          settings.container != null ? settings.container : container(content, settings.fileName);
      reader.rows =
          switch (container) {
            case JSON_LINES -> new JsonLines(content, settings.limits);
            case JSON_ARRAY -> new JsonArrayRows(content, settings.limits);
            case CSV -> new CsvRows(content, settings.limits);
          };
    } catch (FileFault e) {
      file.close();
      reader.refused = new FileRefused(e.line(), e.code(), e.reason());
    }
    return reader;
  }

  private static Container container(BufferedInputStream content, String fileName)
      throws IOException {
    content.mark(LOOK_AHEAD);
    byte[] head = content.readNBytes(LOOK_AHEAD);
    content.reset();
    for (byte b : head) {
      if (b == '[') {
        return Container.JSON_ARRAY;
      }
      if (b == '{') {
        return Container.JSON_LINES;
      }
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        break;
      }
    }
    String name = fileName.toLowerCase(Locale.ROOT);
    return name.matches(".*\\.(csv|tsv)(\\.gz)?") ? Container.CSV : Container.JSON_LINES;
  }

  /// The shape of the rows, null as long as no row told it.
  public @Nullable Shape shape() {
    return shape;
  }

  /// The next row's outcome, or null at the end.
  public @Nullable RowOutcome next() throws IOException {
    if (done) {
      return null;
    }
    if (refused != null) {
      done = true;
      return refused;
    }
    if (rows == null) {
      return null;
    }
    try {
      RawRows.@Nullable Raw raw = rows.next();
      if (raw == null) {
        done = true;
        return read == 0 ? new FileRefused(1, Code.EMPTY_FILE, "the file has no rows") : null;
      }
      if (!(raw instanceof RawRows.Blank) && ++read > limits.rows()) {
        throw new FileFault(
            Code.FILE_TOO_LARGE, read, "the file has more than " + limits.rows() + " rows");
      }
      return outcome(raw);
    } catch (FileFault e) {
      done = true;
      return new FileRefused(e.line(), e.code(), e.reason());
    }
  }

  private RowOutcome outcome(RawRows.Raw raw) {
    return switch (raw) {
      case RawRows.Blank blank -> new Skipped(blank.row(), Code.BLANK_LINE);
      case RawRows.Bad bad -> new Refused(bad.row(), bad.code(), bad.reason());
      case RawRows.Value value ->
          value.value() instanceof JsonObject object
              ? row(value.row(), object)
              : new Refused(
                  value.row(),
                  Code.WRONG_TYPE,
                  "a row must be an object, is " + value.value().kind());
    };
  }

  private RowOutcome row(long number, JsonObject written) {
    @Nullable String missing = names.missing(written);
    if (missing != null) {
      return new Refused(
          number,
          Code.MISSING_FIELD,
          "there is no field '%s'; there are %s"
              .formatted(missing, String.join(", ", written.members().keySet())));
    }
    JsonObject object = names.usual(written);
    if (shapeReader == null) {
      Shape known = shape != null ? shape : Shape.of(object);
      if (known == null) {
        return new Refused(
            number,
            Code.MISSING_FIELD,
            "none of the fields is one that data sets have: "
                + String.join(", ", object.members().keySet()));
      }
      shape = known;
      shapeReader = new ShapeReader(known, pairFields);
    }
    Faults faults = new Faults();
    @Nullable String id = ShapeReader.id(object, faults);
    ShapeReader.Read result = shapeReader.read(object, faults);
    if (faults.code() != null) {
      return new Refused(number, faults.code(), faults.reason());
    }
    List<Code> warnings = new ArrayList<>();
    if (id != null) {
      long content = Texts.number(Texts.of(result.example()));
      long key = Texts.number(List.of(id));
      if (!contentOfId.putIfAbsent(key, content)) {
        return contentOfId.get(key) == content
            ? new Refused(
                number, Code.DUPLICATE_ROW, "an earlier row has the same id and content: " + id)
            : new Refused(
                number,
                Code.DUPLICATE_ID,
                "an earlier row has the same id, with other content: " + id);
      }
      if (!contents.putIfAbsent(content, 0)) {
        warnings.add(Code.WARN_DUPLICATE_CONTENT);
      }
    }
    warnings.addAll(result.warnings());
    return new Accepted(number, id, result.example(), result.metadata(), warnings);
  }

  @Override
  public void close() throws IOException {
    if (rows != null) {
      rows.close();
    }
  }
}
