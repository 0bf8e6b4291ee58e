package org.alignmentworkbench.app.labelling;

import java.util.Optional;
import java.util.stream.Stream;

/// A way to write a set-up's answers down.
public enum WorkFormat {
  /// JSON Lines, all of an answer.
  JSONL("jsonl", "jsonl", "application/x-ndjson;charset=utf-8"),
  /// A table for spreadsheets, in which no text becomes a formula.
  CSV("csv", "csv", "text/csv;charset=utf-8"),
  /// The same table for programs, each text as it is.
  CSV_DATA("csv-data", "csv", "text/csv;charset=utf-8"),
  /// Columns with types.
  PARQUET("parquet", "parquet", "application/vnd.apache.parquet");

  private final String title;
  private final String extension;
  private final String contentType;

  WorkFormat(String title, String extension, String contentType) {
    this.title = title;
    this.extension = extension;
    this.contentType = contentType;
  }

  /// Its name in addresses and in the database.
  public String title() {
    return title;
  }

  public String extension() {
    return extension;
  }

  public String contentType() {
    return contentType;
  }

  public static Optional<WorkFormat> named(String title) {
    return Stream.of(values()).filter(format -> format.title.equals(title)).findFirst();
  }
}
