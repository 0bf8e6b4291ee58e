package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.alignmentworkbench.sft.training.SupervisedSettings;
import org.alignmentworkbench.synthetic.demonstration.DemonstrationWriter;
import org.alignmentworkbench.synthetic.task.Split;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/// Fine-tunes a policy on written demonstrations.
///
/// 1. `writeDemonstrations`: training prompts with an answer as a careless person writes it become
///    an immutable dataset.
/// 2. `fineTune`: the policy learns them; the weights with the lowest held-out loss are kept.
public final class SupervisedFineTuningJob implements RunJob {
  /// What a run may set.
  ///
  /// @param start the policy to train, model what to call the result
  /// @param firstPrompt number of the first training prompt, prompts how many
  /// @param heldOutShare share of the prompts kept back to measure the loss on
  public record Settings(
      String start,
      String model,
      int firstPrompt,
      int prompts,
      double heldOutShare,
      SupervisedSettings training) {
    /// From the base model, on 2000 demonstrations.
    public static final Settings DEFAULT =
        new Settings("base", "sft", 0, 2000, 0.1, SupervisedSettings.DEFAULT);

    /// Checks the ranges.
    public Settings {
      if (firstPrompt < 0 || prompts < 1 || !(heldOutShare >= 0 && heldOutShare < 1)) {
        throw new IllegalArgumentException(
            "firstPrompt must be >= 0, prompts >= 1 and heldOutShare in [0, 1), were "
                + firstPrompt
                + ", "
                + prompts
                + " and "
                + heldOutShare);
      }
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
  public String configuration(String settings) {
    return SettingsJson.write(SettingsJson.read(settings, Settings.DEFAULT));
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
                  settings.start(),
                  dataset(settings),
                  settings.model(),
                  settings.heldOutShare(),
                  settings.training());
            });
    return new StepBuilder("fineTune", jobs)
        .tasklet(new WorkStep("sft", plan, stores, progress), transactions)
        .build();
  }

  private static String dataset(Settings settings) {
    return settings.model() + "/demonstrations";
  }
}
