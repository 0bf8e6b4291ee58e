package org.alignmentworkbench.sft.job;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.BroughtFile;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.db.exchange.Refusal;
import org.alignmentworkbench.model.dataset.DatasetReader;
import org.alignmentworkbench.model.dataset.Example;
import org.alignmentworkbench.model.dataset.RowOutcome;
import org.alignmentworkbench.model.dataset.SheetWriter;
import org.alignmentworkbench.model.dataset.Turn;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.sft.training.Learnable;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.alignmentworkbench.sft.training.TooLongRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Datasets of whole conversations, from files that people bring.
///
/// The kept file has one JSON object a line, with a key and the turns: equal content, equal hash.
/// The file that was brought is kept as it is beside it, under its own hash and name, as its parent
/// in the lineage.
public final class Conversations {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int NAME_LENGTH = 60;
  private static final int LONGEST_FILE_NAME = 255;

  /// Rows left out that are told one by one.
  public static final int TOLD = 50;

  /// One line.
  ///
  /// @param key the row's id in the file, or its number
  public record Line(String key, List<ChatMessage> messages) {
    /// Copies the list.
    public Line {
      messages = List.copyOf(messages);
    }
  }

  /// What became of a file.
  ///
  /// @param sha256 of the file itself
  /// @param refused how many rows were left out
  /// @param first the first of them, each with its rule; the whole list is a file
  public record Taken(Dataset dataset, String sha256, int refused, List<Refusal> first) {
    /// Copies the list.
    public Taken {
      first = List.copyOf(first);
    }
  }

  /// What is left out goes into a file as it is found: ten million rows may be.
  private static final class LeftOut implements Closeable {
    private final List<Refusal> first = new ArrayList<>();
    private final SheetWriter sheet;
    private int number;

    LeftOut(Path file) throws IOException {
      sheet = SheetWriter.open(Files.newOutputStream(file), Refusal.HEADER);
    }

    void add(Refusal refusal) {
      sheet.row(refusal.cells());
      number++;
      if (first.size() < TOLD) {
        first.add(refusal);
      }
    }

    @Override
    public void close() throws IOException {
      sheet.close();
    }
  }

  private Conversations() {}

  /// Takes a file into a project. Rows that cannot be used are left out and told; a file without
  /// any that can is refused. The same file again gives the dataset that is there.
  ///
  /// @param fileName names the dataset, and tells CSV from JSON
  /// @throws IllegalArgumentException when the file cannot be used, with the line and the rule
  public static Taken take(Stores stores, long projectId, InputStream file, String fileName)
      throws IOException {
    Path work = stores.artifacts().temporary();
    try {
      Path brought = work.resolve("brought");
      long _ = Files.copy(file, brought);
      Path kept = work.resolve("conversations.jsonl");
      Path list = work.resolve("refused.csv");
      int rows;
      int refused;
      List<Refusal> first;
      try (InputStream in = Files.newInputStream(brought);
          LeftOut leftOut = new LeftOut(list)) {
        rows = copy(in, fileName, kept, leftOut);
        refused = leftOut.number;
        first = leftOut.first;
      }
      if (rows == 0) {
        throw new IllegalArgumentException(
            fileName + " holds no conversation to learn: " + told(first));
      }
      Artifact artifact = stores.artifacts().adopt(Artifact.Kind.DATASET, kept);
      String name = freeName(stores, projectId, stem(fileName), artifact.sha256());
      Dataset dataset =
          stores
              .datasets()
              .create(
                  new NewDataset(
                      projectId, name, Dataset.Kind.CONVERSATIONS, artifact.sha256(), null),
                  rows);
      Artifact source = stores.artifacts().adopt(Artifact.Kind.DATASET, brought);
      // A file that is already as we keep them is the dataset itself.
      if (!source.sha256().equals(artifact.sha256())) {
        stores.lineage().edge(source.sha256(), artifact.sha256(), "file", null);
      }
      stores
          .datasets()
          .brought(
              dataset.id(),
              new BroughtFile(
                  source.sha256(),
                  plainName(fileName),
                  refused,
                  refused == 0
                      ? null
                      : stores.artifacts().adopt(Artifact.Kind.DATASET, list).sha256()));
      return new Taken(dataset, source.sha256(), refused, first);
    } finally {
      stores.artifacts().discard(work);
    }
  }

  private static String told(List<Refusal> refused) {
    return refused.stream().limit(3).map(Refusal::sentence).collect(Collectors.joining("; "));
  }

  private static int copy(InputStream file, String fileName, Path kept, LeftOut refused)
      throws IOException {
    int rows = 0;
    try (DatasetReader reader = DatasetReader.open(file, new DatasetReader.Settings(fileName));
        BufferedWriter out = Files.newBufferedWriter(kept)) {
      for (RowOutcome outcome = reader.next(); outcome != null; outcome = reader.next()) {
        switch (outcome) {
          case RowOutcome.Accepted row -> {
            List<Turn> turns = turns(row.example());
            if (turns == null) {
              refused.add(
                  new Refusal(
                      row.row(),
                      "NO_ANSWER",
                      "neither a conversation nor a prompt with its answer"));
            } else {
              String id = row.id();
              Line line = new Line(id == null ? "row-" + row.row() : id, messages(turns));
              out.write(JSON.writeValueAsString(line));
              out.write('\n');
              rows++;
            }
          }
          case RowOutcome.Refused row ->
              refused.add(new Refusal(row.row(), row.code().name(), row.reason()));
          case RowOutcome.Skipped _ -> {}
          case RowOutcome.FileRefused whole ->
              throw new IllegalArgumentException(
                  fileName
                      + ", line "
                      + whole.line()
                      + ": "
                      + whole.code()
                      + ", "
                      + whole.reason());
        }
      }
    }
    return rows;
  }

  /// What is said, or null for an example that is no conversation.
  private static @Nullable List<Turn> turns(Example example) {
    return switch (example) {
      case Example.Conversation conversation -> conversation.turns();
      case Example.Demonstration demonstration -> {
        var turns = new ArrayList<>(demonstration.prompt());
        turns.addAll(demonstration.completion());
        yield turns;
      }
      default -> null;
    };
  }

  private static List<ChatMessage> messages(List<Turn> turns) {
    return turns.stream()
        .map(turn -> new ChatMessage(turn.role().name().toLowerCase(Locale.ROOT), turn.content()))
        .toList();
  }

  /// The file's name without folders.
  private static String plainName(String fileName) {
    String name = String.valueOf(Path.of(fileName).getFileName());
    return name.substring(0, Math.min(LONGEST_FILE_NAME, name.length()));
  }

  /// The same without endings.
  private static String stem(String fileName) {
    String name = plainName(fileName);
    String stem = name.replaceFirst("(?i)\\.(jsonl|json|csv|tsv)(\\.gz)?$", "");
    String plain = stem.replaceAll("[^\\p{L}\\p{N}._-]+", "-");
    return plain.isBlank() ? "data" : plain.substring(0, Math.min(NAME_LENGTH, plain.length()));
  }

  /// The name itself where it is free or belongs to the same content, else with a number.
  private static String freeName(Stores stores, long projectId, String stem, String sha256) {
    for (int number = 1; ; number++) {
      String name = number == 1 ? stem : stem + "-" + number;
      var there = stores.datasets().findByName(projectId, name);
      if (there.isEmpty() || there.get().artifactSha256().equals(sha256)) {
        return name;
      }
    }
  }

  /// Reads the lines of a kept dataset.
  static List<Line> read(Stores stores, Dataset dataset) throws IOException {
    var lines = new ArrayList<Line>();
    try (var all = Files.lines(stores.artifacts().open(dataset.artifactSha256()))) {
      all.forEach(line -> lines.add(JSON.readValue(line, Line.class)));
    }
    return lines;
  }

  /// A conversation as the policy's template renders it, if it can be learnt at all.
  static Learnable row(OpenPolicy policy, Line line, TooLongRule tooLong) {
    RenderedConversation conversation;
    try {
      conversation = policy.template().render(line.messages(), false);
    } catch (TemplateException e) {
      return new Learnable.Unreadable(line.key(), String.valueOf(e.getMessage()));
    }
    return Learnable.of(
        new SupervisedRow(line.key(), conversation.ids(), conversation.assistantMask()),
        conversation.unendedTurns() == 0,
        policy.description().config().contextLength(),
        tooLong);
  }
}
