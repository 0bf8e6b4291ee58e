package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.model.folder.StoredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/// `workbench model perplexity NAME --ids FILE`: how well a model predicts texts.
///
/// ```
/// perplexity = exp(-(1 / (n - 1)) sum_{t = 1}^{n - 1} log p(x_t | x_<t))     for n tokens x_0 ...
/// ```
///
/// in natural logarithms; the first token has no prefix and is not counted.
@Command(
    name = "perplexity",
    description =
        "Print log-probabilities and perplexity of each list; with --json"
            + " [{\"logProbs\":[...],\"sum\":...,\"perplexity\":...}].")
final class ModelPerplexityCommand implements Callable<Integer> {
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--ids",
      required = true,
      paramLabel = "FILE",
      description = "A JSON list of lists of at least two token ids.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ProgressLine line = new ProgressLine(System.err, Places.terminal(), Clock.systemUTC());
    try (StoredModel stored = source.open()) {
      List<int[]> all = JsonFile.read(file).ids(stored.description().config().vocabularySize(), 2);
      try (OpenModel open = OpenModel.load(stored, source, engine, line)) {
        if (json) {
          JsonAnswer.print(out -> write(out, open, all, line));
        } else {
          show(open, all);
        }
      }
    }
    return 0;
  }

  private static void show(OpenModel open, List<int[]> all) {
    for (int i = 0; i < all.size(); i++) {
      double[] logProbs = open.model().textLogProbs(all.get(i));
      System.out.printf(
          Locale.ROOT,
          "list %d: perplexity %.6g over %d tokens%n",
          i,
          perplexity(logProbs),
          logProbs.length);
    }
  }

  private static void write(JsonGenerator out, OpenModel open, List<int[]> all, ProgressLine line) {
    long start = System.nanoTime();
    long tokens = 0;
    out.writeStartArray();
    for (int i = 0; i < all.size(); i++) {
      double[] logProbs = open.model().textLogProbs(all.get(i));
      tokens += all.get(i).length;
      out.writeStartObject();
      out.writeName("logProbs");
      out.writeArray(logProbs, 0, logProbs.length);
      out.writeNumberProperty("sum", Arrays.stream(logProbs).sum());
      out.writeNumberProperty("perplexity", perplexity(logProbs));
      out.writeEndObject();
      double rate = tokens / ((System.nanoTime() - start) * 1e-9);
      line.show(new Progress("perplexity", i + 1, (long) all.size(), rate, "tokens/s", null));
    }
    out.writeEndArray();
    line.say(
        String.format(
            Locale.ROOT,
            "perplexity of %d lists, %,d tokens at %.0f tokens/s",
            all.size(),
            tokens,
            tokens / ((System.nanoTime() - start) * 1e-9)));
  }

  private static double perplexity(double[] logProbs) {
    return Math.exp(-Arrays.stream(logProbs).sum() / logProbs.length);
  }
}
