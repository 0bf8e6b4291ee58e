package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.Parent;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkSession;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.rlhf.training.OptimizerSettings;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.sft.job.Demonstrations;
import org.alignmentworkbench.sft.job.SupervisedData;
import org.alignmentworkbench.sft.training.SupervisedFineTuning;
import org.alignmentworkbench.sft.training.SupervisedSettings;
import org.alignmentworkbench.synthetic.task.TaskKind;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/// Trains the adapter of one feature on the frozen compressed model.
///
/// One step, `trainAdapter`: the adapter starts from the recovery adapter and learns the
/// committee's best answers to the feature's kinds of task; the weights with the lowest held-out
/// loss are kept. The base is not touched, so adapters can be swapped on it.
///
/// Source: 2024 Apple foundation-model article, adapters initialised from the accuracy-recovery
/// one.
public final class FeatureAdapterJob implements RunJob {
  /// What a run may set.
  public record Settings(
      @Setting(value = "the adapter to start from", names = Names.ADAPTER) String model,
      @Setting(value = "what to call the result", names = Names.NEW_MODEL) String result,
      @Setting(value = "whose answers are learnt", names = Names.DATASET) String dataset,
      @Setting(
              value = "the kinds of task that make up the feature",
              oneOf = {
                "SUMMARISE_NOTIFICATION",
                "SUMMARISE_THREAD",
                "REPLY",
                "REWRITE",
                "EXTRACT_JSON",
                "LIST_ITEMS",
                "ARITHMETIC"
              })
          List<String> kinds,
      @Setting(
              value = "share of the prompts kept back to measure the loss on",
              above = 0,
              below = 1)
          double heldOutShare,
      @Setting("how it is trained") SupervisedSettings training) {
    private static final List<String> KINDS =
        Arrays.stream(TaskKind.values()).map(Enum::name).toList();

    /// Summaries, from the committee's best of the second round.
    public static final Settings DEFAULT =
        new Settings(
            "recovered",
            "summaries",
            "itec-2/selected",
            List.of("SUMMARISE_NOTIFICATION", "SUMMARISE_THREAD"),
            0.1,
            new SupervisedSettings(
                3, 32, 32, false, 10, 5, 0, 0, new OptimizerSettings(3e-4, 5, 0.1, 0, 1)));

    /// Checks the ranges.
    public Settings {
      kinds = List.copyOf(kinds);
      SettingRule.require(!kinds.isEmpty(), "kinds", "at least one kind", kinds);
      for (String kind : kinds) {
        SettingRule.require(KINDS.contains(kind), "kinds", "of " + KINDS, kind);
      }
      SettingRule.require(
          heldOutShare > 0 && heldOutShare < 1, "heldOutShare", "in (0, 1)", heldOutShare);
    }
  }

  /// What is kept with the adapter.
  ///
  /// @param tooLong answers left out as longer than the context
  /// @param unended answers left out for want of a trained end of turn
  /// @param heldOutLoss nats a supervised token on held-out rows, lowest seen
  public record Detail(
      List<String> kinds,
      int rows,
      int heldOutRows,
      int tooLong,
      int unended,
      @Nullable Double heldOutLoss) {}

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;

  /// The job on these stores.
  public FeatureAdapterJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.stores = stores;
    this.progress = progress;
    this.shelf = shelf;
  }

  @Override
  public String name() {
    return "featureAdapter";
  }

  @Override
  public Settings defaults() {
    return Settings.DEFAULT;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs)
        .start(
            new StepBuilder("trainAdapter", jobs)
                .tasklet(new WorkStep("adapter", this::open, stores, progress), transactions)
                .build())
        .build();
  }

  private WorkSession open(JobRun run) throws IOException {
    Settings settings = run.settings(Settings.DEFAULT);
    Dataset dataset =
        stores
            .datasets()
            .findByName(run.projectId(), settings.dataset())
            .orElseThrow(() ->
                new IllegalStateException(
                    "the project has no dataset '" + settings.dataset() + "'"));
    OpenPolicy start = shelf.policy(run.projectId(), settings.model());
    try {
      return open(run, settings, dataset, start);
    } catch (IOException | RuntimeException e) {
      start.close();
      throw e;
    }
  }

  private WorkSession open(JobRun run, Settings settings, Dataset dataset, OpenPolicy start)
      throws IOException {
    LoraAdapter adapter =
        start
            .model()
            .adapter()
            .orElseThrow(() ->
                new IllegalStateException(
                    "'" + settings.model() + "' is no adapter; a feature starts from one"));
    Map<String, String> kinds =
        stores.prompts().ofSplit(run.projectId(), Split.TRAIN).stream()
            .collect(Collectors.toMap(Prompt::key, Prompt::kind, (a, b) -> a));
    List<Demonstrations.Line> lines =
        Demonstrations.read(run, dataset).stream()
            .filter(line -> settings.kinds().contains(kinds.getOrDefault(line.promptKey(), "")))
            .toList();
    if (lines.isEmpty()) {
      throw new IllegalStateException(
          "dataset '" + settings.dataset() + "' has no answer of the kinds " + settings.kinds());
    }
    SupervisedData data =
        SupervisedData.of(
            start,
            lines,
            key ->
                CounterStream.named(run.seed(), "adapter-held-out", key).uniform(0)
                    < settings.heldOutShare());
    data.check(run, settings.dataset());
    var training =
        new SupervisedFineTuning(
            start.model(), data.rows(), data.heldOut(), settings.training(), run.seed());
    return new WorkSession() {
      @Override
      public ResumableWork work() {
        return training;
      }

      @Override
      public List<ResumableWork.Metric> figures() {
        return data.figures();
      }

      @Override
      public void finish() throws IOException {
        Detail detail =
            new Detail(
                settings.kinds(),
                data.rows().size(),
                data.heldOut().size(),
                data.tooLong().size(),
                data.unended().size(),
                training.best().isEmpty() ? null : training.best().loss());
        keep(run, settings, dataset, new LoraAdapter(adapter.config(), training.result()), detail);
      }

      @Override
      public void close() {
        training.close();
        start.close();
      }
    };
  }

  private void keep(
      JobRun run, Settings settings, Dataset dataset, LoraAdapter trained, Detail detail)
      throws IOException {
    Model start = shelf.row(run.projectId(), settings.model());
    Model base = CompressedPolicies.baseOf(stores.models(), start);
    Path work = stores.artifacts().temporary();
    PeftFolder.save(work, trained, base.name(), Dtype.F16);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.ADAPTER, work);
    stores
        .models()
        .register(
            new NewModel(
                run.projectId(),
                settings.result(),
                Model.Kind.ADAPTER,
                kept.sha256(),
                base.id(),
                run.run().id(),
                SettingsJson.write(detail)));
    for (Parent parent :
        List.of(
            new Parent("base", base.artifactSha256()),
            new Parent("start", start.artifactSha256()),
            new Parent("answers", dataset.artifactSha256()))) {
      // Steps too small for 16 bits give the start again; an artefact is not its own parent.
      if (!parent.sha256().equals(kept.sha256())) {
        stores.lineage().edge(parent.sha256(), kept.sha256(), parent.role(), run.run().id());
      }
    }
    run.log(
        "Kept adapter '%s' of %d answers as %s."
            .formatted(settings.result(), detail.rows(), kept.sha256()));
  }
}
