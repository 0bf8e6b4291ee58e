package org.alignmentworkbench.app.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.alignmentworkbench.model.dataset.DatasetReader;
import org.alignmentworkbench.model.dataset.Example;
import org.alignmentworkbench.model.dataset.RowOutcome;
import org.alignmentworkbench.model.export.GgufExport;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.rlhf.training.BatchOrder;
import org.alignmentworkbench.sft.training.SupervisedRow;
import tools.jackson.databind.json.JsonMapper;

/// What the benches on a real model read, made in a temporary folder that is removed at the end.
///
/// | file | for | holds |
/// |---|---|---|
/// | `model.gguf` | `import` | SmolLM2 as our own exporter writes it |
/// | `models/smol` | `ragged` | SmolLM2 as a registered model: both sides open this folder |
/// | `batches.json` | `ragged` | the same token ids and masks for both sides |
/// | `ragged_peer.py` | `ragged` | the peer's program |
record BenchFiles(Path folder) implements AutoCloseable {
  /// The peer's program, a resource beside this class.
  static final String RAGGED_PEER = "ragged_peer.py";

  static final String GGUF = "model.gguf";
  static final String MODELS = "models";
  static final String MODEL = "smol";
  static final String BATCHES = "batches.json";
  private static final String SOURCE = "SmolLM2-135M-Instruct.Q4_1.gguf";
  private static final String CONVERSATIONS = "datasets/sft.jsonl";

  /// A row of a batch.
  ///
  /// @param supervised which tokens carry loss
  record Row(int[] ids, boolean[] supervised) {}

  /// What is trained on: warm-ups first.
  record Batches(List<List<Row>> batches) {}

  /// Makes what a bench needs.
  ///
  /// @throws IllegalArgumentException when a variable does not name a folder with the source
  static BenchFiles prepare(Bench bench) throws IOException {
    Path source = named("WORKBENCH_MODELS", SOURCE);
    BenchFiles files = new BenchFiles(Files.createTempDirectory("workbench-bench"));
    try {
      if (bench.kind() == Bench.Kind.IMPORT) {
        files.exportGguf(source);
      } else {
        files.registerModel(source);
        files.writeBatches(bench, named("WORKBENCH_FIXTURES", CONVERSATIONS));
        files.writePeer();
      }
      return files;
    } catch (Throwable failure) {
      files.close();
      throw failure;
    }
  }

  private static Path named(String variable, String file) {
    String folder = System.getenv(variable);
    if (folder == null || !Files.isRegularFile(Path.of(folder, file))) {
      throw new IllegalArgumentException(
          variable + " must name a folder that holds " + file + ", was " + folder);
    }
    return Path.of(folder, file);
  }

  private void exportGguf(Path source) throws IOException {
    try (StoredModel stored = ModelRegistry.open(source)) {
      ModelFolder model = stored.read();
      GgufExport.writeModel(
          folder.resolve(GGUF),
          MODEL,
          model.config(),
          model.weights(),
          model.tokenizer(),
          model.tokenizerConfig());
    }
  }

  private void registerModel(Path source) throws IOException {
    var _ =
        new ModelRegistry(folder.resolve(MODELS))
            .importModel(MODEL, source, (name, done, of) -> {});
  }

  private void writeBatches(Bench bench, Path conversations) throws IOException {
    List<SupervisedRow> rows;
    try (StoredModel model = ModelRegistry.open(folder.resolve(MODELS).resolve(MODEL))) {
      rows = rows(conversations, model.description().chatTemplate());
    }
    Files.writeString(
        folder.resolve(BATCHES),
        JsonMapper.shared().writeValueAsString(new Batches(batches(bench, rows))));
  }

  /// The conversations of a file as a template renders them.
  static List<SupervisedRow> rows(Path file, ChatTemplate template) throws IOException {
    var rows = new ArrayList<SupervisedRow>();
    try (InputStream in = Files.newInputStream(file);
        DatasetReader reader =
            DatasetReader.open(in, new DatasetReader.Settings(file.getFileName().toString()))) {
      for (RowOutcome outcome = reader.next(); outcome != null; outcome = reader.next()) {
        if (!(outcome instanceof RowOutcome.Accepted accepted
            && accepted.example() instanceof Example.Conversation conversation)) {
          throw new IllegalArgumentException(
              file + ": every row must be a conversation, was " + outcome);
        }
        RenderedConversation rendered =
            template.render(
                conversation.turns().stream()
                    .map(turn ->
                        new ChatMessage(
                            turn.role().name().toLowerCase(Locale.ROOT), turn.content()))
                    .toList(),
                false);
        rows.add(
            new SupervisedRow("row-" + accepted.row(), rendered.ids(), rendered.assistantMask()));
      }
    }
    return rows;
  }

  /// Batches of random rows, as many as a process of either side trains on.
  static List<List<Row>> batches(Bench bench, List<SupervisedRow> rows) {
    BatchOrder order = new BatchOrder(1, "bench-rows", rows.size(), bench.batch());
    var batches = new ArrayList<List<Row>>();
    // An epoch's last step may be smaller and is passed over.
    for (long step = 0; batches.size() < BenchWork.WARM_UPS + bench.repetitions(); step++) {
      int[] chosen = order.batch(step);
      if (chosen.length == bench.batch()) {
        batches.add(
            Arrays.stream(chosen)
                .mapToObj(rows::get)
                .map(row -> new Row(row.ids(), row.supervised()))
                .toList());
      }
    }
    return batches;
  }

  private void writePeer() throws IOException {
    try (InputStream program =
        Objects.requireNonNull(BenchFiles.class.getResourceAsStream(RAGGED_PEER))) {
      long _ = Files.copy(program, folder.resolve(RAGGED_PEER));
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.toList().reversed()) {
        Files.delete(path);
      }
    }
  }
}
