package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.tokenizer.TextStream;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/// `workbench model logits NAME --ids FILE`: what a model predicts after each token.
@Command(
    name = "logits",
    description =
        "Print the logits after every token of each list; with --json"
            + " [{\"ids\":[...],\"logits\":[[vocabulary] per position]}].")
final class ModelLogitsCommand implements Callable<Integer> {
  private static final int SHOWN = 10;

  @Mixin private ModelSource source = new ModelSource();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--ids",
      required = true,
      paramLabel = "FILE",
      description = "A JSON list of lists of token ids.")
  private Path file = Path.of("");

  @Option(names = "--last", description = "Only those after the last token.")
  private boolean last;

  @Option(
      names = "--top",
      paramLabel = "N",
      description =
          "Only the N highest of each position, highest first; topIds beside logits says whose.")
  private int top;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (top < 0) {
      throw new CommandRefused("--top must be > 0, was " + top);
    }
    ProgressLine line = new ProgressLine(System.err, Places.terminal(), Clock.systemUTC());
    try (StoredModel stored = source.open()) {
      List<int[]> all = JsonFile.read(file).ids(stored.description().config().vocabularySize(), 1);
      try (OpenModel open = OpenModel.load(stored, source, engine, line)) {
        if (json) {
          JsonAnswer.print(out -> write(out, open, all, line));
        } else {
          all.forEach(ids -> show(stored.description().tokenizer(), open, ids));
        }
      }
    }
    return 0;
  }

  private void write(JsonGenerator out, OpenModel open, List<int[]> all, ProgressLine line) {
    out.writeStartArray();
    for (int i = 0; i < all.size(); i++) {
      int[] ids = all.get(i);
      out.writeStartObject();
      out.writeName("ids");
      out.writeArray(ids, 0, ids.length);
      if (top > 0) {
        writeTop(out, open, ids);
      } else {
        out.writeName("logits");
        out.writeStartArray();
        open.model()
            .logits(
                ids,
                first(ids),
                (_, logits) -> {
                  out.writeStartArray();
                  for (float logit : logits) {
                    out.writeNumber(logit);
                  }
                  out.writeEndArray();
                });
        out.writeEndArray();
      }
      out.writeEndObject();
      line.show(new Progress("logits", i + 1, (long) all.size(), null, null, null));
    }
    out.writeEndArray();
    line.say(String.format(Locale.ROOT, "logits of %d lists", all.size()));
  }

  private void writeTop(JsonGenerator out, OpenModel open, int[] ids) {
    List<int[]> topIds = new ArrayList<>();
    out.writeName("logits");
    out.writeStartArray();
    open.model()
        .logits(
            ids,
            first(ids),
            (_, logits) -> {
              int[] best = Highest.of(logits, top);
              topIds.add(best);
              out.writeStartArray();
              for (int id : best) {
                out.writeNumber(logits[id]);
              }
              out.writeEndArray();
            });
    out.writeEndArray();
    out.writeName("topIds");
    out.writeStartArray();
    topIds.forEach(best -> out.writeArray(best, 0, best.length));
    out.writeEndArray();
  }

  private int first(int[] ids) {
    return last ? ids.length - 1 : 0;
  }

  /// The highest after the last token (or after every one), for people.
  private void show(Tokenizer tokenizer, OpenModel open, int[] ids) {
    int count = top > 0 ? top : SHOWN;
    open.model()
        .logits(
            ids,
            top > 0 ? first(ids) : ids.length - 1,
            (position, logits) -> {
              System.out.printf(
                  Locale.ROOT, "after token %d, %s%n", position, spelled(tokenizer, ids[position]));
              for (int id : Highest.of(logits, count)) {
                System.out.printf(
                    Locale.ROOT, "%8d %12.5f  %s%n", id, logits[id], spelled(tokenizer, id));
              }
            });
  }

  private static String spelled(Tokenizer tokenizer, int id) {
    return "'" + TextStream.of(tokenizer, new int[] {id}, false).replace("\n", "\\n") + "'";
  }
}
