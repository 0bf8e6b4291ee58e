package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import java.util.Locale;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.sft.training.LoraSettings;
import org.alignmentworkbench.sft.training.SupervisedSettings;
import org.alignmentworkbench.sft.training.TooLongRule;
import org.alignmentworkbench.synthetic.demonstration.DemonstrationWriter;
import org.alignmentworkbench.synthetic.task.Split;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/// Fine-tunes a policy on a dataset of answers, or on written demonstrations.
///
/// 1. `writeDemonstrations`: where no dataset is named, training prompts with an answer as a
///    careless person writes it become one.
/// 2. `fineTune`: the policy, or an adapter on it, learns them; the weights with the lowest
///    held-out loss are kept.
public final class SupervisedFineTuningJob implements RunJob {
  /// What a run may set.
  public record Settings(
      @Setting(value = "the policy to train", names = Names.POLICY) String model,
      @Setting(value = "what to call the result", names = Names.NEW_MODEL) String result,
      @Setting(
              value = "the dataset to learn; empty writes demonstrations for training prompts",
              names = Names.DATASET,
              optional = true)
          String data,
      @Setting(value = "number of the first training prompt", atLeast = 0) int firstPrompt,
      @Setting(value = "how many of them", unit = "prompts", atLeast = 1) int prompts,
      @Setting(
              value = "share of the prompts kept back to measure the loss on",
              atLeast = 0,
              below = 1)
          double heldOutShare,
      @Setting(
              value =
                  "what becomes of an answer that is with its prompt longer than the model's"
                      + " context: left out, or cut to its beginning",
              oneOf = {"drop", "cut"})
          String tooLong,
      @Setting("an adapter in place of all weights") LoraSettings lora,
      @Setting("how it is trained") SupervisedSettings training) {
    /// From the base model, on 2000 demonstrations.
    public static final Settings DEFAULT =
        new Settings(
            "base", "sft", "", 0, 2000, 0.1, "drop", LoraSettings.NONE, SupervisedSettings.DEFAULT);

    /// Checks the ranges.
    public Settings {
      SettingRule.require(firstPrompt >= 0, "firstPrompt", ">= 0", firstPrompt);
      SettingRule.require(prompts >= 1, "prompts", ">= 1", prompts);
      SettingRule.require(
          heldOutShare >= 0 && heldOutShare < 1, "heldOutShare", "in [0, 1)", heldOutShare);
      SettingRule.require(
          tooLong.equals("drop") || tooLong.equals("cut"), "tooLong", "drop or cut", tooLong);
    }
  }

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;

  /// The job on these stores.
  public SupervisedFineTuningJob(
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
    return "supervisedFineTuning";
  }

  @Override
  public Settings defaults() {
    return Settings.DEFAULT;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs).start(writeDemonstrations()).next(fineTune()).build();
  }

  private Step writeDemonstrations() {
    return new StepBuilder("writeDemonstrations", jobs)
        .tasklet(
            (contribution, chunk) -> {
              JobRun run = JobRun.of(chunk, stores, progress);
              Settings settings = run.settings(Settings.DEFAULT);
              if (!settings.data().isBlank()) {
                Dataset given = given(run, settings.data());
                run.log("Learns dataset '" + given.name() + "' of " + given.rowCount() + " rows.");
                return RepeatStatus.FINISHED;
              }
              var writer = new DemonstrationWriter(run.project().seed());
              var lines = new ArrayList<Demonstrations.Line>();
              var rows = new ArrayList<DatasetRow>();
              for (ProjectPrompts.Entry entry :
                  ProjectPrompts.of(run, Split.TRAIN, settings.firstPrompt(), settings.prompts())) {
                lines.add(
                    new Demonstrations.Line(
                        entry.row().key(),
                        entry.row().text(),
                        "demonstration",
                        writer.write(entry.task()),
                        new int[0]));
                rows.add(new DatasetRow(entry.row().id(), null, null, null));
              }
              Demonstrations.keep(run, dataset(settings), Dataset.Kind.DEMONSTRATIONS, lines, rows);
              run.log("Wrote " + lines.size() + " demonstrations.");
              return RepeatStatus.FINISHED;
            },
            transactions)
        .build();
  }

  private Step fineTune() {
    var plan =
        new SupervisedPlan(
            stores,
            shelf,
            run -> {
              Settings settings = run.settings(Settings.DEFAULT);
              return new SupervisedPlan.Inputs(
                  settings.model(),
                  dataset(settings),
                  settings.result(),
                  settings.heldOutShare(),
                  TooLongRule.named(settings.tooLong()),
                  settings.lora(),
                  settings.training());
            });
    return new StepBuilder("fineTune", jobs)
        .tasklet(new WorkStep("sft", plan, stores, progress), transactions)
        .build();
  }

  private static Dataset given(JobRun run, String name) {
    Dataset dataset =
        run.stores()
            .datasets()
            .findByName(run.projectId(), name)
            .orElseThrow(
                () -> new IllegalStateException("the project has no dataset '" + name + "'"));
    return switch (dataset.kind()) {
      case CONVERSATIONS, DEMONSTRATIONS, SELECTED -> dataset;
      case PREFERENCES, PROMPTS ->
          throw new IllegalStateException(
              "dataset '"
                  + name
                  + "' holds "
                  + dataset.kind().name().toLowerCase(Locale.ROOT)
                  + "; supervised fine-tuning needs answers");
    };
  }

  private static String dataset(Settings settings) {
    return settings.data().isBlank() ? settings.result() + "/demonstrations" : settings.data();
  }
}
