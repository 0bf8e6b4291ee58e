package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.compression.CalibrationRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.sft.training.SupervisedRow;
import tools.jackson.databind.json.JsonMapper;

/// The policy's own answers: what its inputs are collected on, what it is measured on, and what the
/// recovery adapter learns from.
///
/// A prompt is held out with its answer by a draw that its key names; held-out answers are neither
/// calibrated nor trained on.
record Answers(List<Answer> rows) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// One prompt and one sampled answer, the end of turn included.
  record Answer(String promptKey, String prompt, String text, int[] promptIds, int[] ids) {}

  void write(Path file) throws IOException {
    var lines = new StringBuilder();
    for (Answer answer : rows) {
      lines.append(JSON.writeValueAsString(answer)).append('\n');
    }
    Files.writeString(file, lines, StandardCharsets.UTF_8);
  }

  static Answers read(Path file) throws IOException {
    var rows = new ArrayList<Answer>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      rows.add(JSON.readValue(line, Answer.class));
    }
    return new Answers(rows);
  }

  /// Those that are held out, or those that are not.
  Answers heldOut(boolean wanted, double share, long seed) {
    return new Answers(
        rows.stream()
            .filter(answer ->
                CounterStream.named(seed, "compression-held-out", answer.promptKey()).uniform(0)
                        < share
                    == wanted)
            .toList());
  }

  /// The first `most` of them as texts whose answers count.
  List<CalibrationRow> texts(int most) {
    return rows.stream()
        .limit(most)
        .map(answer -> supervised(answer))
        .map(row -> new CalibrationRow(row.ids(), row.supervised()))
        .toList();
  }

  /// All of them as rows to learn.
  List<SupervisedRow> supervised() {
    return rows.stream().map(Answers::supervised).toList();
  }

  private static SupervisedRow supervised(Answer answer) {
    return SupervisedRow.of(answer.promptKey(), answer.promptIds(), answer.ids());
  }
}
