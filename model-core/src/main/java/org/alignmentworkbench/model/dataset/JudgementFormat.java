package org.alignmentworkbench.model.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ways to write judgements down.
///
/// Every format carries the same facts of a judgement. Skipped pairs are in those that have a place
/// for them; a preference has none.
public enum JudgementFormat {
  /// TRL's preferences with an explicit prompt, one judgement a line.
  TRL_PREFERENCE("trl-preference", "jsonl", "application/x-ndjson", false),
  /// TRL's unpaired preferences, two lines a judgement.
  KTO("kto", "jsonl", "application/x-ndjson", false),
  /// Preferences with the probability that the label is right, for a reward model.
  SOFT_LABEL("soft-label", "jsonl", "application/x-ndjson", false),
  /// CSV for programs: every text as it is.
  CSV("csv", "csv", "text/csv", true),
  /// CSV for spreadsheets: texts that would run as formulas are disarmed.
  SPREADSHEET("spreadsheet", "csv", "text/csv", true),
  /// A Label Studio task a pair, an annotation a judgement.
  LABEL_STUDIO("label-studio", "json", "application/json", true),
  /// A Parquet file with typed columns.
  PARQUET("parquet", "parquet", "application/vnd.apache.parquet", true);

  /// Changes when a column does.
  public static final String VERSION = "3";

  private final String title;
  private final String extension;
  private final String mediaType;
  private final boolean withSkipped;

  JudgementFormat(String title, String extension, String mediaType, boolean withSkipped) {
    this.title = title;
    this.extension = extension;
    this.mediaType = mediaType;
    this.withSkipped = withSkipped;
  }

  /// The name in addresses and file names.
  public String title() {
    return title;
  }

  public String extension() {
    return extension;
  }

  public String mediaType() {
    return mediaType;
  }

  /// The media type, with the character set where the file is text.
  public String contentType() {
    return isText() ? mediaType + ";charset=utf-8" : mediaType;
  }

  /// Whether skipped pairs have a place in it.
  public boolean withSkipped() {
    return withSkipped;
  }

  /// Whether withdrawn judgements have a place in it: in tables alone, never in what is learnt
  /// from.
  public boolean withWithdrawn() {
    return this == CSV || this == SPREADSHEET || this == PARQUET;
  }

  /// The format of a name, or null where there is none.
  public static @Nullable JudgementFormat named(String title) {
    for (JudgementFormat format : values()) {
      if (format.title.equals(title)) {
        return format;
      }
    }
    return null;
  }

  /// Whether the file is text, all of it in UTF-8; what is not text has a writer elsewhere.
  public boolean isText() {
    return this != PARQUET;
  }

  /// Begins a file of text in UTF-8.
  ///
  /// @param gradeNames the grades that rows may have: the columns come from here, not from the
  ///   first row
  public JudgementWriter open(OutputStream out, List<String> gradeNames) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    JudgementColumns columns = new JudgementColumns(gradeNames);
    return switch (this) {
      case TRL_PREFERENCE, KTO, SOFT_LABEL -> new PreferenceLines(this, writer, columns);
      case CSV -> new JudgementTable(new CsvWriter(writer, CsvWriter.Reader.PROGRAM), columns);
      case SPREADSHEET ->
          new JudgementTable(new CsvWriter(writer, CsvWriter.Reader.SPREADSHEET), columns);
      case LABEL_STUDIO -> new LabelStudioTasks(writer);
      case PARQUET -> throw new IllegalArgumentException(title + " is no text");
    };
  }
}
