package org.alignmentworkbench.app.labelling;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.exchange.WorkRow;
import org.alignmentworkbench.db.exchange.WorkRows;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.sft.job.Conversations;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Makes what people wrote into conversations that a supervised fine-tuning can learn: the prompt,
/// and the ideal or edited answer to it.
///
/// The rows come in order of tasks and slots and say nothing of persons or times, so the same texts
/// are the same dataset. Scripts' texts are left out. Where a lead decided of a task, the text that
/// counts is its only one, and none where no answer can be had. Models whose answers were edited,
/// and files that brought prompts or answers, are its parents.
@Component
public class WorkDatasets {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final WorkRows rows;
  private final Stores stores;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;

  WorkDatasets(
      WorkRows rows, Stores stores, AuditRepository audit, TransactionTemplate transaction) {
    this.rows = rows;
    this.stores = stores;
    this.audit = audit;
    this.transaction = transaction;
  }

  /// The dataset of what is there now; empty when nobody has written anything yet.
  public Optional<Dataset> make(Setup setup, long personId) throws IOException {
    Path work = stores.artifacts().temporary();
    try {
      Path file = work.resolve("written.jsonl");
      return transaction.execute(_ ->
          write(setup, file) == 0 ? Optional.empty() : Optional.of(take(setup, file, personId)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      stores.artifacts().discard(work);
    }
  }

  private int write(Setup setup, Path file) {
    int written = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file);
        Stream<WorkRow> all = rows.of(setup.id())) {
      String decided = "";
      for (WorkRow row : (Iterable<WorkRow>) all::iterator) {
        WorkRow.@Nullable Decided decision = row.decided();
        @Nullable String text;
        String number;
        if (decision == null) {
          text = row.scripted() ? null : text(row.answer());
          number = String.valueOf(row.ordinal());
        } else {
          // Once for the task, by the first of its rows: the text is the decision's own, whatever
          // became of the answer that it was taken from.
          text = decided.equals(row.taskKey()) ? null : text(decision.answer());
          number = "decided";
          decided = row.taskKey();
        }
        if (text != null) {
          out.write(JSON.writeValueAsString(conversation(row, number, text)));
          out.write('\n');
          written++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return written;
  }

  /// What was written, or null for a skip and for answers that are no text.
  private static @Nullable String text(@Nullable String answer) {
    if (answer == null) {
      return null;
    }
    return switch (KindJson.answer(answer)) {
      case Answer.Written(String text) -> text;
      case Answer.Edited(String text) -> text;
      case Answer.Chosen _, Answer.Graded _, Answer.Ranked _, Answer.Marked _, Answer.Attacked _ ->
          null;
    };
  }

  private static Map<String, Object> conversation(WorkRow row, String number, String text) {
    return Map.of(
        "id",
        row.taskKey() + "#" + number,
        "messages",
        List.of(turn("user", row.prompt()), turn("assistant", text)));
  }

  private static Map<String, String> turn(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private Dataset take(Setup setup, Path file, long personId) {
    String kind = setup.question().kind().name().toLowerCase(Locale.ROOT);
    try (InputStream in = Files.newInputStream(file)) {
      Dataset dataset =
          Conversations.take(
                  stores, setup.projectId(), in, "%s-%d.jsonl".formatted(kind, setup.id()))
              .dataset();
      for (String model : rows.models(setup.id())) {
        stores.lineage().edge(model, dataset.artifactSha256(), "responses", null);
      }
      for (String brought : rows.files(setup.id())) {
        stores.lineage().edge(brought, dataset.artifactSha256(), "imported", null);
      }
      audit.record(
          personId,
          "labelling.dataset",
          "project " + setup.projectId(),
          JSON.writeValueAsString(Map.of("dataset", dataset.name(), "rows", dataset.rowCount())));
      return dataset;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
