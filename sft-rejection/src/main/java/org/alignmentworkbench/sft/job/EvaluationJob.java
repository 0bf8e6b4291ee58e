package org.alignmentworkbench.sft.job;

import java.util.List;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
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
  public record Settings(
      @Setting("what the evaluation stands for; a stage of this name is measured anew")
          String stage,
      @Setting(value = "what is evaluated", names = Names.POLICY) String model,
      @Setting(
              value = "what scores the answers; empty for nothing",
              names = Names.REWARD_MODEL,
              optional = true)
          String rewardModel,
      @Setting(
              value = "the policy that the divergence is measured from; empty for none",
              names = Names.POLICY,
              optional = true)
          String reference,
      @Setting(
              value = "stages evaluated before, to take the paired difference to",
              names = Names.STAGE,
              optional = true)
          List<String> compareWith,
      @Setting(value = "held-out prompts", unit = "prompts", atLeast = 1) int prompts,
      @Setting("how the answers are sampled") Sampling sampling) {
    /// The supervised policy on 500 prompts, compared with nothing.
    public static final Settings DEFAULT =
        new Settings("sft", "sft", "", "", List.of(), 500, Sampling.DEFAULT);

    /// Copies the list and checks the count.
    public Settings {
      compareWith = List.copyOf(compareWith);
      SettingRule.require(!stage.isBlank(), "stage", "a name", "'" + stage + "'");
      SettingRule.require(prompts >= 1, "prompts", ">= 1", prompts);
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
  public Settings defaults() {
    return Settings.DEFAULT;
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
