package org.alignmentworkbench.sft.job;

import java.util.List;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/// Evaluates a model as a stage of its project.
///
/// One step, `evaluate`: answer the held-out prompts at the given temperature, with randomness
/// named by the prompt so that stages are paired; run the checks; measure true utility,
/// reward-model score and the log-ratio to the reference; keep the rows, and a summary with
/// intervals and the differences to earlier stages.
public final class EvaluationJob implements RunJob {
  /// What a run may set.
  ///
  /// @param stage what the evaluation stands for, model what is evaluated
  /// @param rewardModel what scores the answers, empty for none
  /// @param reference what the divergence is measured from, empty for none
  /// @param compareWith stages evaluated before
  /// @param prompts held-out prompts
  public record Settings(
      String stage,
      String model,
      String rewardModel,
      String reference,
      List<String> compareWith,
      int prompts,
      Sampling sampling) {
    /// The supervised policy on 500 prompts, compared with nothing.
    public static final Settings DEFAULT =
        new Settings("sft", "sft", "", "", List.of(), 500, Sampling.DEFAULT);

    /// Copies the list and checks the count.
    public Settings {
      compareWith = List.copyOf(compareWith);
      if (prompts < 1 || stage.isBlank()) {
        throw new IllegalArgumentException(
            "a stage needs a name and prompts >= 1, were '" + stage + "' and " + prompts);
      }
    }
  }

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;

  /// The job on these stores.
  public EvaluationJob(
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
    return "evaluation";
  }

  @Override
  public String configuration(String settings) {
    return SettingsJson.write(SettingsJson.read(settings, Settings.DEFAULT));
  }

  @Override
  public Job job() {
    var plan =
        new EvaluationPlan(
            stores,
            shelf,
            run -> {
              Settings s = run.settings(Settings.DEFAULT);
              return new EvaluationPlan.Inputs(
                  s.stage(),
                  s.model(),
                  s.rewardModel(),
                  s.reference(),
                  s.compareWith(),
                  s.prompts(),
                  s.sampling());
            });
    return new JobBuilder(name(), jobs)
        .start(
            new StepBuilder("evaluate", jobs)
                .tasklet(
                    new WorkStep("evaluation", plan, stores, progress, "prompts", run -> true),
                    transactions)
                .build())
        .build();
  }
}
