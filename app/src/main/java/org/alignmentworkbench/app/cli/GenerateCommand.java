package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.app.terminal.ProgressLine.Progress;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.generation.Decoder;
import org.alignmentworkbench.model.generation.Decoding;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.generation.Truncation;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.model.tokenizer.TextStream;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/// `workbench generate NAME ...`: lets a model continue prompts.
///
/// Sample `j` of prompt `i` is drawn from the stream (seed, i, j), so it does not depend on the
/// other prompts but through rounding, and a call repeated gives the same answer.
@Command(
    name = "generate",
    description =
        "Continue prompts; text as it comes, or with --json"
            + " [{\"ids\":[new tokens],\"text\":...,\"logProbs\":[...],\"finish\":\"stop|length\"}],"
            + " prompt by prompt and sample by sample.")
final class GenerateCommand implements Callable<Integer> {
  private static final int DEFAULT_TOKENS = 256;

  @Mixin private ModelSource source = new ModelSource();
  @Mixin private EngineOptions engine = new EngineOptions();

  @ArgGroup(multiplicity = "1")
  private Prompts prompts = new Prompts();

  /// One way of giving prompts.
  static final class Prompts {
    @Option(
        names = "--ids",
        paramLabel = "FILE",
        description = "A JSON list of lists of token ids.")
    private @Nullable Path ids;

    @Option(
        names = "--conversations",
        paramLabel = "FILE",
        description = "A JSON list of conversations, each a list of {role, content}.")
    private @Nullable Path conversations;

    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        description = "What a user says; plain text where the model has no chat template.")
    private @Nullable String prompt;
  }

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system message before --prompt.")
  private @Nullable String system;

  @Option(names = "--greedy", description = "The likeliest token each time instead of drawing.")
  private boolean greedy;

  @Option(
      names = "--temperature",
      description = "What logits are divided by (default: ${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(names = "--top-k", description = "Draw from the K likeliest tokens; 0 for all.")
  private int topK;

  @Option(
      names = "--top-p",
      description = "Draw from the fewest likeliest tokens that have P together (default: 1, all).")
  private double topP = 1;

  @Option(
      names = "--min-p",
      description = "Draw from tokens at least P times as likely as the likeliest (default: 0).")
  private double minP;

  @Option(names = "--seed", description = "Of the draws (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Longest continuation (default: " + DEFAULT_TOKENS + ", less at the context's end).")
  private @Nullable Integer maxTokens;

  @Option(names = "--n", description = "Samples of each prompt (default: ${DEFAULT-VALUE}).")
  private int samples = 1;

  @Option(names = "--ignore-eos", description = "Go on after tokens that end a text.")
  private boolean ignoreEos;

  @Option(
      names = "--adapter",
      paramLabel = "NAME",
      description = "A LoRA adapter: a registered one, or a folder as peft keeps it.")
  private @Nullable String adapter;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (samples < 1) {
      throw new CommandRefused("--n must be >= 1, was " + samples);
    }
    if (system != null && prompts.prompt == null) {
      throw new CommandRefused("--system goes with --prompt");
    }
    if (temperature == 0) {
      throw new CommandRefused("--temperature must be > 0; --greedy takes the likeliest token");
    }
    ProgressLine line = new ProgressLine(System.err, Places.terminal(), Clock.systemUTC());
    try (StoredModel stored = source.open()) {
      List<int[]> starts = starts(stored.description());
      SamplingSettings settings = settings(stored.description(), starts);
      LoraAdapter lowRank = adapter(stored.description().config());
      List<int[]> rows = new ArrayList<>();
      List<CounterStream> streams = new ArrayList<>();
      for (int i = 0; i < starts.size(); i++) {
        for (int j = 0; j < samples; j++) {
          rows.add(starts.get(i));
          streams.add(CounterStream.of(seed, "generate", i, j));
        }
      }
      Tokenizer tokenizer = stored.description().tokenizer();
      try (OpenModel open = OpenModel.load(stored, source, engine, line);
          LlamaModel adapted = lowRank == null ? null : open.model().withAdapter(lowRank);
          Decoder decoder = Decoder.of(adapted == null ? open.model() : adapted)) {
        if (!json && rows.size() == 1) {
          stream(decoder, tokenizer, rows, settings, streams, line);
        } else {
          answer(decoder, tokenizer, rows, settings, streams, line);
        }
      }
    }
    return 0;
  }

  private @Nullable LoraAdapter adapter(LlamaConfig config) {
    String name = adapter;
    if (name == null) {
      return null;
    }
    Path folder = ModelSource.registry().findAdapter(name).orElse(Path.of(name));
    if (!Files.isDirectory(folder)) {
      throw new CommandRefused("'" + name + "' is neither a registered adapter nor a folder");
    }
    return ModelSource.readable(() -> PeftFolder.load(folder, config));
  }

  private SamplingSettings settings(ModelDescription description, List<int[]> starts) {
    int context = description.config().contextLength();
    int tokens = maxTokens == null ? DEFAULT_TOKENS : maxTokens;
    for (int i = 0; i < starts.size(); i++) {
      int room = context - starts.get(i).length;
      if (room < 1 || (maxTokens != null && maxTokens > room)) {
        throw new CommandRefused(
            "prompt "
                + i
                + " has "
                + starts.get(i).length
                + " tokens and is to be continued by "
                + (maxTokens == null ? "at least 1" : maxTokens)
                + ", the context holds "
                + context);
      }
      tokens = Math.min(tokens, room);
    }
    Set<Integer> stops = ignoreEos ? Set.of() : Set.copyOf(description.stopIds());
    return new SamplingSettings(
        temperature, tokens, stops, greedy, new Truncation(topK, topP, minP));
  }

  private List<int[]> starts(ModelDescription description) {
    if (prompts.ids != null) {
      return JsonFile.read(prompts.ids).ids(description.config().vocabularySize(), 1);
    }
    if (prompts.conversations != null) {
      List<List<ChatMessage>> conversations = JsonFile.read(prompts.conversations).conversations();
      ChatTemplate template = template(description);
      List<int[]> starts = new ArrayList<>();
      for (int i = 0; i < conversations.size(); i++) {
        try {
          starts.add(template.render(conversations.get(i), true).ids());
        } catch (TemplateException refused) {
          throw new CommandRefused(
              prompts.conversations + ", entry " + i + ": " + refused.getMessage());
        }
        if (starts.getLast().length == 0) {
          throw new CommandRefused(prompts.conversations + ", entry " + i + ": an empty prompt");
        }
      }
      return starts;
    }
    return List.of(start(description, prompts.prompt == null ? "" : prompts.prompt));
  }

  private int[] start(ModelDescription description, String text) {
    if (description.hasChatTemplate()) {
      List<ChatMessage> messages = new ArrayList<>();
      if (system != null) {
        messages.add(ChatMessage.system(system));
      }
      messages.add(ChatMessage.user(text));
      return template(description).render(messages, true).ids();
    }
    if (system != null) {
      throw new CommandRefused("--system needs a chat template, and the model has none");
    }
    // What a person typed stays text: no control token is read from it.
    Tokenizer tokenizer = description.tokenizer();
    List<Integer> ids = new ArrayList<>(tokenizer.beginning());
    for (int id : tokenizer.encode(text)) {
      ids.add(id);
    }
    if (ids.isEmpty()) {
      throw new CommandRefused("--prompt must not be empty where the model has no chat template");
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static ChatTemplate template(ModelDescription description) {
    if (!description.hasChatTemplate()) {
      throw new CommandRefused("the model has no chat template");
    }
    return description.chatTemplate();
  }

  /// Text as it comes.
  private static void stream(
      Decoder decoder,
      Tokenizer tokenizer,
      List<int[]> rows,
      SamplingSettings settings,
      List<CounterStream> streams,
      ProgressLine line) {
    long start = System.nanoTime();
    long first = start;
    int tokens = 0;
    TextStream text = new TextStream(tokenizer, true);
    try (Decoding decoding = decoder.begin(rows, settings, streams)) {
      while (decoding.next()) {
        first = tokens == 0 ? System.nanoTime() : first;
        tokens++;
        System.out.print(text.accept(decoding.id(0)));
        System.out.flush();
      }
    }
    System.out.println(text.end());
    double wait = (first - start) * 1e-9;
    double rest = (System.nanoTime() - first) * 1e-9;
    line.say(
        String.format(
            Locale.ROOT,
            "%d prompt tokens in %.2f s (%.0f tokens/s), %d new ones%s",
            rows.getFirst().length,
            wait,
            rows.getFirst().length / wait,
            tokens,
            tokens < 2
                ? ""
                : String.format(Locale.ROOT, " at %.1f tokens/s", (tokens - 1) / rest)));
  }

  private void answer(
      Decoder decoder,
      Tokenizer tokenizer,
      List<int[]> rows,
      SamplingSettings settings,
      List<CounterStream> streams,
      ProgressLine line)
      throws IOException {
    long start = System.nanoTime();
    long[] drawn = new long[1];
    List<Generation> all =
        decoder.generate(
            rows,
            settings,
            streams,
            (done, tokens) -> {
              drawn[0] = tokens;
              double rate = tokens / ((System.nanoTime() - start) * 1e-9);
              line.show(
                  new Progress("generating", done, (long) rows.size(), rate, "new tokens/s", null));
            });
    double seconds = (System.nanoTime() - start) * 1e-9;
    line.say(
        String.format(
            Locale.ROOT,
            "%d continuations, %,d new tokens in %.2f s (%.1f tokens/s)",
            all.size(),
            drawn[0],
            seconds,
            drawn[0] / seconds));
    if (json) {
      JsonAnswer.print(out -> write(out, tokenizer, all));
      return;
    }
    for (int row = 0; row < all.size(); row++) {
      System.out.printf(
          Locale.ROOT,
          "--- prompt %d, sample %d%n%s%n",
          row / samples,
          row % samples,
          TextStream.of(tokenizer, all.get(row).ids(), true));
    }
  }

  private static void write(JsonGenerator out, Tokenizer tokenizer, List<Generation> all) {
    out.writeStartArray();
    for (Generation one : all) {
      int[] ids = one.ids();
      out.writeStartObject();
      out.writeName("ids");
      out.writeArray(ids, 0, ids.length);
      out.writeStringProperty("text", TextStream.of(tokenizer, ids, true));
      out.writeName("logProbs");
      out.writeStartArray();
      for (float logProb : one.logProbs()) {
        out.writeNumber(logProb);
      }
      out.writeEndArray();
      out.writeStringProperty("finish", one.finish().name().toLowerCase(Locale.ROOT));
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
