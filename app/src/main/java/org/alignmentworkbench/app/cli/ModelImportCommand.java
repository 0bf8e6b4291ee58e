package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.registry.ImportReport;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `workbench model import PATH --name NAME`: a model from elsewhere becomes a registered one.
@Command(
    name = "import",
    description =
        "Register a model of the Llama architecture: a Hugging Face folder (safetensors, one file or"
            + " shards) or a GGUF file. Or a LoRA adapter in peft's layout.")
final class ModelImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", description = "The folder or the GGUF file.")
  private Path source = Path.of("");

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "What to call it: letters, digits, '.', '_' and '-'.")
  private String name = "";

  @Option(
      names = "--base",
      paramLabel = "NAME",
      description = "The model that an adapter belongs to; only for an adapter.")
  private @Nullable String base;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(source)) {
      throw new CommandRefused("there is no file or folder " + source);
    }
    if (ModelRegistry.isAdapter(source)) {
      importAdapter();
      return 0;
    }
    if (base != null) {
      throw new CommandRefused("--base is for an adapter, and " + source + " is none");
    }
    importModel();
    return 0;
  }

  private void importAdapter() throws IOException {
    String of = base;
    if (of == null) {
      throw new CommandRefused(source + " is an adapter: --base says to which model it belongs");
    }
    LlamaConfig config = ModelSource.of(of).describe().config();
    LoraAdapter adapter =
        ModelSource.readable(() -> ModelSource.registry().importAdapter(name, source, config, of));
    if (json) {
      ObjectNode report = JsonMapper.shared().createObjectNode();
      report.put("format", "peft");
      report.put("base", of);
      report.put("rank", adapter.config().rank());
      report.put("alpha", adapter.config().alpha());
      adapter.config().modules().forEach(m -> report.withArray("modules").add(m.shortName()));
      System.out.println(JsonMapper.shared().writeValueAsString(report));
    } else {
      System.out.printf(
          Locale.ROOT,
          "%s: an adapter for %s of rank %d and alpha %s on %s%n",
          name,
          of,
          adapter.config().rank(),
          adapter.config().alpha(),
          adapter.config().modules().stream().map(LinearModule::shortName).toList());
    }
  }

  private void importModel() {
    ModelRegistry registry = ModelSource.registry();
    ProgressLine line = new ProgressLine(System.err, Places.terminal(), Clock.systemUTC());
    long start = System.nanoTime();
    ImportReport report =
        ModelSource.readable(() ->
            registry.importModel(
                name,
                source,
                (_, done, of) -> {
                  double seconds = (System.nanoTime() - start) * 1e-9;
                  line.show(
                      new Progress(
                          "importing " + name,
                          done,
                          of,
                          done / seconds / 1e6,
                          "million parameters/s",
                          (of - done) * seconds / done));
                }));
    line.say(
        String.format(
            Locale.ROOT,
            "Imported %s in %.1f s into %s",
            name,
            (System.nanoTime() - start) * 1e-9,
            registry.folder().resolve(name)));
    System.out.print(json ? report.toJson() : text(name, report));
  }

  /// The report for people.
  static String text(String name, ImportReport report) {
    LlamaConfig config = report.config();
    StringBuilder text = new StringBuilder();
    line(
        text,
        name,
        String.format(
            Locale.ROOT, "%,d parameters, from %s", report.parameters(), report.format()));
    line(
        text,
        "shape",
        String.format(
            Locale.ROOT,
            "%d layers, hidden %d, feed-forward %d, %d query and %d key/value heads of %d",
            config.layers(),
            config.hiddenSize(),
            config.intermediateSize(),
            config.heads(),
            config.keyValueHeads(),
            config.headSize()));
    line(
        text,
        "embedding",
        String.format(
            Locale.ROOT,
            "%,d rows, %s; %,d tokens have a text",
            config.vocabularySize(),
            config.tiedEmbeddings() ? "also the output matrix" : "output matrix of its own",
            report.vocabulary()));
    line(
        text,
        "context",
        String.format(
            Locale.ROOT, "%,d tokens, rotary base %s", config.contextLength(), config.ropeTheta()));
    report
        .storedAs()
        .forEach((type, stored) ->
            line(
                text,
                "stored as " + type,
                String.format(
                    Locale.ROOT,
                    "%,d tensors, %,d parameters; kept as F32, value for value",
                    stored.tensors(),
                    stored.parameters())));
    line(text, "template", report.chatTemplate() ? "yes" : "none: prompts are plain text");
    line(
        text,
        "stops at",
        report.stopIds().isEmpty()
            ? "nothing: no end token is known"
            : String.join(
                ", ",
                report.stopIds().stream().map(stop -> stop.id() + " " + stop.text()).toList()));
    for (ImportReport.Source file : report.sources()) {
      line(text, file.file(), "SHA-256 " + file.sha256());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String is) {
    text.append(String.format(Locale.ROOT, "%-20s %s%n", what, is));
  }
}
