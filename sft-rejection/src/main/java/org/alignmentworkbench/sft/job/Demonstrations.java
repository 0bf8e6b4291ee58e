package org.alignmentworkbench.sft.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.sft.training.Learnable;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.alignmentworkbench.sft.training.TooLongRule;
import tools.jackson.databind.json.JsonMapper;

/// Datasets of prompts with one answer each: written demonstrations, or the best of the committee.
///
/// The file has one JSON object a line, with keys and texts and, where the answer was sampled, its
/// token ids; no ids of rows, no times: equal content, equal hash.
public final class Demonstrations {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// One line. `ids` are the sampled tokens, the end of turn included; empty for a written answer.
  public record Line(String promptKey, String prompt, String source, String answer, int[] ids) {}

  private Demonstrations() {}

  /// Keeps a dataset; doing it again with the same content gives the same one.
  static Dataset keep(
      JobRun run, String name, Dataset.Kind kind, List<Line> lines, List<DatasetRow> rows)
      throws IOException {
    Path work = run.stores().artifacts().temporary();
    var text = new StringBuilder();
    for (Line line : lines) {
      text.append(JSON.writeValueAsString(line)).append('\n');
    }
    Path file = Files.writeString(work.resolve("answers.jsonl"), text, StandardCharsets.UTF_8);
    Artifact kept = run.stores().artifacts().adopt(Artifact.Kind.DATASET, file);
    run.stores().artifacts().discard(work);
    return run.stores()
        .datasets()
        .create(new NewDataset(run.projectId(), name, kind, kept.sha256(), run.run().id()), rows);
  }

  /// Reads the lines of a kept dataset.
  public static List<Line> read(JobRun run, Dataset dataset) throws IOException {
    var lines = new ArrayList<Line>();
    for (String line :
        Files.readAllLines(run.stores().artifacts().open(dataset.artifactSha256()))) {
      lines.add(JSON.readValue(line, Line.class));
    }
    return lines;
  }

  /// A sampled answer is trained on as it was sampled, a written one as the template renders it; if
  /// it can be learnt at all.
  static Learnable row(OpenPolicy policy, Line line, int number, TooLongRule tooLong) {
    String key = line.promptKey() + "#" + number;
    int contextLength = policy.description().config().contextLength();
    if (line.ids().length > 0) {
      SupervisedRow row =
          SupervisedRow.of(key, policy.prompt(line.promptKey(), line.prompt()).ids(), line.ids());
      int last = line.ids()[line.ids().length - 1];
      return Learnable.of(row, policy.stopIds().contains(last), contextLength, tooLong);
    }
    RenderedConversation conversation =
        policy
            .template()
            .render(
                List.of(
                    new ChatMessage("user", line.prompt()),
                    new ChatMessage("assistant", line.answer())),
                false);
    return Learnable.of(
        new SupervisedRow(key, conversation.ids(), conversation.assistantMask()),
        conversation.unendedTurns() == 0,
        contextLength,
        tooLong);
  }
}
