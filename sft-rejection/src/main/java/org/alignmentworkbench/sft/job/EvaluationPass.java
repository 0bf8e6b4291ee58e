package org.alignmentworkbench.sft.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.alignmentworkbench.model.generation.Finish;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.training.PromptRow;
import org.alignmentworkbench.rlhf.training.ResponseReward;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.synthetic.task.Checks;
import org.alignmentworkbench.synthetic.utility.TrueUtility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Answers held-out prompts, one sampled response each, a batch at a time, and judges every answer
/// by its checks and its true utility.
///
/// A response's randomness is named by its prompt alone, so all stages meet a prompt with the same
/// uniform numbers and their differences are paired.
final class EvaluationPass implements ResumableWork {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ITEMS = "items.jsonl";
  private static final String TIME = "time.json";

  /// One prompt's result, as kept and as hashed: no ids of rows, no times.
  record Item(
      String promptKey,
      String text,
      int[] ids,
      boolean passed,
      String checks,
      double utility,
      @Nullable Double reward,
      @Nullable Double logRatio,
      boolean stopped) {}

  private record Time(double seconds) {}

  private final OpenPolicy policy;
  private final @Nullable LlamaModel reference;
  private final @Nullable ResponseReward reward;
  private final List<ProjectPrompts.Entry> prompts;
  private final Sampling sampling;
  private final long seed;
  private final LongSupplier nanoTime;
  private final List<Item> items = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();
  private double seconds;

  /// @param reference what the log-ratio is measured from, or null
  /// @param reward what scores the answers, or null
  /// @param nanoTime a clock that only runs forward
  EvaluationPass(
      OpenPolicy policy,
      @Nullable LlamaModel reference,
      @Nullable ResponseReward reward,
      List<ProjectPrompts.Entry> prompts,
      Sampling sampling,
      long seed,
      LongSupplier nanoTime) {
    this.policy = policy;
    this.reference = reference;
    this.reward = reward;
    this.prompts = prompts;
    this.sampling = sampling;
    this.seed = seed;
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean advance() {
    if (items.size() >= prompts.size()) {
      return false;
    }
    int end = Math.min(prompts.size(), items.size() + sampling.rows());
    List<ProjectPrompts.Entry> batch = prompts.subList(items.size(), end);
    List<PromptRow> rows =
        batch.stream().map(e -> policy.prompt(e.row().key(), e.row().text())).toList();
    long begin = nanoTime.getAsLong();
    List<Generation> generations =
        Generator.generate(
            policy.model(),
            rows.stream().map(PromptRow::ids).toList(),
            new SamplingSettings(
                sampling.temperature(), sampling.maxNewTokens(), policy.stopIds(), false),
            batch.stream()
                .map(e -> CounterStream.named(seed, "evaluation", e.row().key()))
                .toList());
    seconds += (nanoTime.getAsLong() - begin) / 1e9;
    List<int[]> responses = generations.stream().map(Generation::ids).toList();
    double @Nullable [] rewards = reward == null ? null : reward.of(rows, responses);
    double @Nullable [] logRatios =
        reference == null ? null : logRatios(reference, rows, responses);
    for (int i = 0; i < batch.size(); i++) {
      String text = policy.text(responses.get(i));
      Checks checks = Checks.evaluate(batch.get(i).task(), text);
      items.add(
          new Item(
              batch.get(i).row().key(),
              text,
              responses.get(i),
              checks.passed(),
              checks.toJson(),
              TrueUtility.of(batch.get(i).task(), text),
              rewards == null || Double.isNaN(rewards[i]) ? null : rewards[i],
              logRatios == null ? null : logRatios[i],
              generations.get(i).finish() == Finish.STOP));
    }
    metrics.add(
        new Metric(
            "passRate",
            items.size(),
            (double) items.stream().filter(Item::passed).count() / items.size()));
    return true;
  }

  private double[] logRatios(LlamaModel reference, List<PromptRow> prompts, List<int[]> responses) {
    var rows = new ArrayList<TokenRow>();
    for (int i = 0; i < prompts.size(); i++) {
      rows.add(TokenRow.response(prompts.get(i).ids(), responses.get(i)));
    }
    float[][] own = policy.model().tokenLogProbs(rows, sampling.temperature());
    float[][] other = reference.tokenLogProbs(rows, sampling.temperature());
    double[] ratios = new double[rows.size()];
    for (int i = 0; i < ratios.length; i++) {
      for (int t = 0; t < own[i].length; t++) {
        ratios[i] += (double) own[i][t] - other[i][t];
      }
    }
    return ratios;
  }

  /// The results so far, in the order of the prompts.
  List<Item> items() {
    return List.copyOf(items);
  }

  /// The time that generating alone took.
  double seconds() {
    return seconds;
  }

  @Override
  public Progress progress() {
    return new Progress("evaluate", items.size(), prompts.size());
  }

  @Override
  public List<Metric> takeMetrics() {
    List<Metric> taken = List.copyOf(metrics);
    metrics.clear();
    return taken;
  }

  @Override
  public void save(Path folder) throws IOException {
    Files.createDirectories(folder);
    writeItems(folder.resolve(ITEMS));
    Files.writeString(folder.resolve(TIME), JSON.writeValueAsString(new Time(seconds)));
  }

  /// Writes the results as one JSON object a line.
  void writeItems(Path file) throws IOException {
    var lines = new StringBuilder();
    for (Item item : items) {
      lines.append(JSON.writeValueAsString(item)).append('\n');
    }
    Files.writeString(file, lines, StandardCharsets.UTF_8);
  }

  @Override
  public void restore(Path folder) throws IOException {
    items.clear();
    metrics.clear();
    for (String line : Files.readAllLines(folder.resolve(ITEMS), StandardCharsets.UTF_8)) {
      items.add(JSON.readValue(line, Item.class));
    }
    seconds = JSON.readValue(Files.readString(folder.resolve(TIME)), Time.class).seconds();
  }

  @Override
  public void close() {
    // Holds no native memory of its own.
  }
}
