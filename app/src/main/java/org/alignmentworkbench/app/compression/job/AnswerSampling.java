package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.training.PromptRow;
import org.alignmentworkbench.rlhf.training.ResumableWork;

/// Lets a policy answer prompts, one answer each, a batch at a time.
final class AnswerSampling implements ResumableWork {
  private static final String FILE = "answers.jsonl";

  private final OpenPolicy policy;
  private final List<ProjectPrompts.Entry> prompts;
  private final CompressionSettings settings;
  private final long seed;
  private final List<Answers.Answer> answers = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();

  AnswerSampling(
      OpenPolicy policy,
      List<ProjectPrompts.Entry> prompts,
      CompressionSettings settings,
      long seed) {
    this.policy = policy;
    this.prompts = prompts;
    this.settings = settings;
    this.seed = seed;
  }

  @Override
  public boolean advance() {
    if (answers.size() >= prompts.size()) {
      return false;
    }
    int end = Math.min(prompts.size(), answers.size() + settings.generationRows());
    List<ProjectPrompts.Entry> batch = prompts.subList(answers.size(), end);
    List<PromptRow> rows =
        batch.stream().map(e -> policy.prompt(e.row().key(), e.row().text())).toList();
    List<Generation> generations =
        Generator.generate(
            policy.model(),
            rows.stream().map(PromptRow::ids).toList(),
            new SamplingSettings(
                settings.temperature(), settings.maxNewTokens(), policy.stopIds(), false),
            rows.stream().map(r -> CounterStream.named(seed, "compression", r.key())).toList());
    long tokens = 0;
    for (int i = 0; i < rows.size(); i++) {
      int[] ids = generations.get(i).ids();
      tokens += ids.length;
      answers.add(
          new Answers.Answer(
              rows.get(i).key(),
              batch.get(i).row().text(),
              policy.text(ids),
              rows.get(i).ids(),
              ids));
    }
    metrics.add(new Metric("meanTokens", answers.size(), (double) tokens / rows.size()));
    return true;
  }

  Answers answers() {
    return new Answers(List.copyOf(answers));
  }

  @Override
  public Progress progress() {
    return new Progress("sample", answers.size(), prompts.size());
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
    answers().write(folder.resolve(FILE));
  }

  @Override
  public void restore(Path folder) throws IOException {
    answers.clear();
    answers.addAll(Answers.read(folder.resolve(FILE)).rows());
    metrics.clear();
  }

  @Override
  public void close() {
    // The policy is closed by the session that opened it.
  }
}
