package org.alignmentworkbench.app.exchange;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.TimeUnit;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.alignmentworkbench.model.dataset.JudgementWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/// Judgements as a Parquet file: the columns of the CSV for programs with types of their own.
///
/// The grades are one column, a map from the question to the number. Equal judgements in equal
/// order give equal bytes.
final class JudgementParquet implements JudgementWriter {
  /// What stands in memory before it is written, so that an export's memory does not grow with it.
  private static final long ROW_GROUP_BYTES = 8L << 20;

  private final CarpetWriter<Row> rows;

  JudgementParquet(OutputStream out) throws IOException {
    this.rows =
        new CarpetWriter.Builder<>(out, Row.class)
            // As the database and every other form tell a time.
            .withDefaultTimeUnit(TimeUnit.MICROS)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  /// The columns, under the names that they have in every format.
  record Row(
      String id,
      String prompt,
      String response_a,
      String response_b,
      String pair,
      String prompt_key,
      @Nullable String language,
      int round,
      String status,
      @Nullable Integer strength,
      @Nullable Boolean a_left,
      Map<String, Integer> grades,
      String reason,
      String annotator,
      @Nullable Long active_ms,
      @Nullable Integer guideline_version,
      boolean scripted,
      @Nullable Instant created_at,
      String response_a_key,
      String response_b_key,
      boolean decided,
      @Nullable Integer decided_strength,
      @Nullable String decided_by,
      @Nullable String decided_reason,
      String format_version,
      @Nullable Instant withdrawn_at,
      @Nullable String withdrawn_by,
      @Nullable String withdrawn_why,
      @Nullable String withdrawn_note) {}

  @Override
  public boolean write(JudgedPair pair) throws IOException {
    JudgedPair.@Nullable Decision decision = pair.decision();
    JudgedPair.@Nullable Withdrawal withdrawal = pair.withdrawal();
    rows.write(
        new Row(
            pair.id(),
            pair.prompt(),
            pair.responseA(),
            pair.responseB(),
            pair.pair(),
            pair.promptKey(),
            pair.language(),
            pair.round(),
            pair.status().name().toLowerCase(Locale.ROOT),
            pair.strength(),
            pair.aLeft(),
            pair.grades(),
            pair.reason(),
            pair.annotator(),
            pair.activeMs(),
            pair.guidelineVersion(),
            pair.scripted(),
            instant(pair.createdAt()),
            pair.responseAKey(),
            pair.responseBKey(),
            decision != null,
            decision == null ? null : decision.strength(),
            decision == null ? null : decision.by(),
            decision == null ? null : decision.reason(),
            JudgementFormat.VERSION,
            withdrawal == null ? null : instant(withdrawal.at()),
            withdrawal == null ? null : withdrawal.by(),
            withdrawal == null ? null : withdrawal.why(),
            withdrawal == null ? null : withdrawal.note()));
    return true;
  }

  /// Files from elsewhere may say nothing of the time, or say it in a way of their own.
  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException unknown) {
      return null;
    }
  }

  /// A row group is written when it is full, whatever is asked.
  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
