package org.alignmentworkbench.app.labelling;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.TimeUnit;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.exchange.Withdrawn;
import org.alignmentworkbench.db.exchange.WorkRow;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.model.dataset.SheetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes what was answered to a set-up row by row. Each row is a judgement, a skip or a withdrawn
/// judgement; all rows of a file have the same keys. The same rows are the same bytes.
interface WorkWriter extends Closeable {
  void write(WorkRow row) throws IOException;

  static WorkWriter open(WorkFormat format, Setup setup, OutputStream out) throws IOException {
    return switch (format) {
      case JSONL -> new Lines(setup, out);
      case CSV -> new Table(setup, SheetWriter.open(out, Table.header(setup)));
      case CSV_DATA -> new Table(setup, SheetWriter.forPrograms(out, Table.header(setup)));
      case PARQUET -> new Columns(setup, out);
    };
  }

  private static String status(WorkRow row) {
    if (row.withdrawn() != null) {
      return "withdrawn";
    }
    return row.answer() == null ? "skipped" : "judged";
  }

  /// JSON Lines.
  record Lines(Setup setup, OutputStream out) implements WorkWriter {
    /// Of the rows' keys; a change of them changes it.
    private static final int SCHEMA = 2;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public void write(WorkRow row) throws IOException {
      ObjectNode line = JSON.createObjectNode();
      line.put("schema", SCHEMA);
      line.put("kind", setup.question().kind().name());
      line.put("task", row.taskKey());
      line.put("prompt_key", row.promptKey());
      line.put("prompt", row.prompt());
      row.responseKeys().forEach(line.putArray("response_keys")::add);
      row.responses().forEach(line.putArray("responses")::add);
      line.put("status", status(row));
      line.set("question", JSON.readTree(KindJson.write(setup.question())));
      line.set("answer", row.answer() == null ? JSON.nullNode() : JSON.readTree(row.answer()));
      line.put("reason", row.reason());
      line.put("annotator", row.annotator());
      line.put("active_ms", row.activeMs());
      line.put("guideline_version", row.guidelineVersion());
      line.put("scripted", row.scripted());
      line.put("at", row.at().toString());
      line.set("decision", decision(row.decided()));
      @Nullable Withdrawn withdrawn = row.withdrawn();
      line.put("withdrawn_at", withdrawn == null ? null : withdrawn.at().toString());
      line.put("withdrawn_by", withdrawn == null ? null : withdrawn.by());
      line.put("withdrawn_why", withdrawn == null ? null : withdrawn.why());
      line.put("withdrawn_note", withdrawn == null ? null : withdrawn.note());
      out.write(JSON.writeValueAsString(line).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }

    private static JsonNode decision(WorkRow.@Nullable Decided decided) {
      if (decided == null) {
        return JSON.nullNode();
      }
      ObjectNode node = JSON.createObjectNode();
      node.set(
          "answer", decided.answer() == null ? JSON.nullNode() : JSON.readTree(decided.answer()));
      node.put("chosen", decided.chosen());
      node.put("reason", decided.reason());
      node.put("by", decided.by());
      node.put("named", decided.named());
      node.put("answers", decided.answers());
      node.put("at", decided.at().toString());
      return node;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /// A table of texts.
  record Table(Setup setup, SheetWriter sheet) implements WorkWriter {
    private static final String LEVEL = "level.";

    static List<String> header(Setup setup) {
      List<String> header = new ArrayList<>(List.of("task", "prompt", "responses", "status"));
      header.addAll(answerColumns(setup));
      header.addAll(
          List.of("reason", "annotator", "active_ms", "guideline_version", "scripted", "at"));
      header.addAll(
          List.of(
              "decided",
              "decided_answer",
              "decided_chosen",
              "decided_reason",
              "decided_by",
              "decided_named",
              "decided_answers",
              "decided_at"));
      header.addAll(List.of("withdrawn_at", "withdrawn_by", "withdrawn_why", "withdrawn_note"));
      return header;
    }

    private static List<String> answerColumns(Setup setup) {
      return switch (setup.question()) {
        case Question.Choice _ -> List.of("choice", "strength");
        case Question.Grade(var dimensions) ->
            dimensions.stream().map(dimension -> LEVEL + dimension.key()).toList();
        case Question.Rank _ -> List.of("places");
        case Question.Span _ -> List.of("passages");
        case Question.RedTeam _ -> List.of("asked", "answered", "policy", "severity");
        case Question.Demonstration _, Question.Edit _, Question.Pair _ -> List.of("text");
      };
    }

    @Override
    public void write(WorkRow row) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.taskKey(), row.prompt(), String.join("\n\n", row.responses()), status(row)));
      cells.addAll(answerCells(row));
      cells.add(row.reason());
      cells.add(row.annotator());
      cells.add(row.activeMs() == null ? "" : row.activeMs().toString());
      cells.add(row.guidelineVersion() == null ? "" : row.guidelineVersion().toString());
      cells.add(Boolean.toString(row.scripted()));
      cells.add(row.at().toString());
      cells.addAll(decisionCells(row.decided()));
      @Nullable Withdrawn withdrawn = row.withdrawn();
      cells.addAll(
          withdrawn == null
              ? List.of("", "", "", "")
              : List.of(
                  withdrawn.at().toString(), withdrawn.by(), withdrawn.why(), withdrawn.note()));
      sheet.row(cells);
    }

    private static List<String> decisionCells(WorkRow.@Nullable Decided decided) {
      return decided == null
          ? List.of("false", "", "", "", "", "", "", "")
          : List.of(
              "true",
              decided.answer() == null ? "" : KindJson.write(KindJson.answer(decided.answer())),
              decided.chosen() == null ? "" : decided.chosen().toString(),
              decided.reason(),
              decided.by(),
              Boolean.toString(decided.named()),
              Integer.toString(decided.answers()),
              decided.at().toString());
    }

    private List<String> answerCells(WorkRow row) {
      if (row.answer() == null) {
        return answerColumns(setup).stream().map(_ -> "").toList();
      }
      return switch (KindJson.answer(row.answer())) {
        case Answer.Chosen(var choice, int strength, var _) ->
            List.of(choice.name(), Integer.toString(strength));
        case Answer.Graded(var levels) ->
            answerColumns(setup).stream()
                .map(column -> String.valueOf(levels.get(column.substring(LEVEL.length()))))
                .toList();
        case Answer.Ranked(var places, var _) ->
            List.of(String.join(" ", places.stream().map(String::valueOf).toList()));
        case Answer.Attacked(String prompt, String response, String policy, int severity) ->
            List.of(prompt, response, policy, Integer.toString(severity));
        case Answer.Written(String text) -> List.of(text);
        case Answer.Edited(String text) -> List.of(text);
        case Answer.Marked marked ->
            List.of(
                JsonMapper.shared().readTree(KindJson.write(marked)).get("passages").toString());
      };
    }

    @Override
    public void close() throws IOException {
      sheet.close();
    }
  }

  /// Columns with types. What a kind has not is empty; `answer` is all of it as JSON.
  final class Columns implements WorkWriter {
    /// What stands in memory before it is written, so that an export's memory does not grow with
    /// it.
    private static final long ROW_GROUP_BYTES = 8L << 20;

    private final String kind;
    private final CarpetWriter<Row> rows;

    private Columns(Setup setup, OutputStream out) throws IOException {
      this.kind = setup.question().kind().name();
      this.rows =
          new CarpetWriter.Builder<>(out, Row.class)
              // As the database and every other form tell a time.
              .withDefaultTimeUnit(TimeUnit.MICROS)
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .withRowGroupSize(ROW_GROUP_BYTES)
              .build();
    }

    /// The columns, under the names of the lines.
    record Row(
        String kind,
        String task,
        String prompt_key,
        String prompt,
        List<String> response_keys,
        List<String> responses,
        String status,
        @Nullable String answer,
        @Nullable String choice,
        @Nullable Integer strength,
        Map<String, Integer> levels,
        List<Integer> places,
        @Nullable String text,
        @Nullable String policy,
        @Nullable Integer severity,
        String reason,
        String annotator,
        @Nullable Long active_ms,
        @Nullable Integer guideline_version,
        boolean scripted,
        Instant at,
        boolean decided,
        @Nullable String decided_answer,
        @Nullable Boolean decided_chosen,
        @Nullable String decided_reason,
        @Nullable String decided_by,
        @Nullable Boolean decided_named,
        @Nullable Integer decided_answers,
        @Nullable Instant decided_at,
        @Nullable Instant withdrawn_at,
        @Nullable String withdrawn_by,
        @Nullable String withdrawn_why,
        @Nullable String withdrawn_note) {}

    @Override
    public void write(WorkRow row) throws IOException {
      @Nullable Answer answer = row.answer() == null ? null : KindJson.answer(row.answer());
      WorkRow.@Nullable Decided decided = row.decided();
      @Nullable Withdrawn withdrawn = row.withdrawn();
      rows.write(
          new Row(
              kind,
              row.taskKey(),
              row.promptKey(),
              row.prompt(),
              row.responseKeys(),
              row.responses(),
              status(row),
              answer == null ? null : KindJson.write(answer),
              answer instanceof Answer.Chosen chosen ? chosen.choice().name() : null,
              answer instanceof Answer.Chosen chosen ? (Integer) chosen.strength() : null,
              answer instanceof Answer.Graded graded ? graded.levels() : Map.of(),
              answer instanceof Answer.Ranked ranked ? ranked.places() : List.of(),
              text(answer),
              answer instanceof Answer.Attacked attacked ? attacked.policy() : null,
              answer instanceof Answer.Attacked attacked ? (Integer) attacked.severity() : null,
              row.reason(),
              row.annotator(),
              row.activeMs(),
              row.guidelineVersion(),
              row.scripted(),
              row.at(),
              decided != null,
              decided == null || decided.answer() == null
                  ? null
                  : KindJson.write(KindJson.answer(decided.answer())),
              decided == null ? null : decided.chosen(),
              decided == null ? null : decided.reason(),
              decided == null ? null : decided.by(),
              decided == null ? null : (Boolean) decided.named(),
              decided == null ? null : (Integer) decided.answers(),
              decided == null ? null : decided.at(),
              withdrawn == null ? null : withdrawn.at(),
              withdrawn == null ? null : withdrawn.by(),
              withdrawn == null ? null : withdrawn.why(),
              withdrawn == null ? null : withdrawn.note()));
    }

    private static @Nullable String text(@Nullable Answer answer) {
      return switch (answer) {
        case Answer.Written(String text) -> text;
        case Answer.Edited(String text) -> text;
        case null, default -> null;
      };
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
