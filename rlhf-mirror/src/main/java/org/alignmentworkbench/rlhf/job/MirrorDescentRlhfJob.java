package org.alignmentworkbench.rlhf.job;

import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.rlhf.training.MirrorDescentSettings;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/// Trains a policy by mirror descent with leave-one-out advantages.
///
/// One step, `descend`: sample responses, score them with the reward model, fold in the divergence
/// to the reference, subtract the siblings' mean, and take several inner steps; over and over.
/// Every phase of every iteration is committed with its state and its figures.
public final class MirrorDescentRlhfJob implements RunJob {
  /// What a run may set.
  public record Settings(
      @Setting(value = "the policy to train", names = Names.POLICY) String model,
      @Setting(value = "the policy that the divergence is measured from", names = Names.POLICY)
          String reference,
      @Setting(value = "what scores the responses", names = Names.REWARD_MODEL) String rewardModel,
      @Setting(value = "what to call the result", names = Names.NEW_MODEL) String result,
      @Setting(value = "number of the first training prompt", atLeast = 0) int firstPrompt,
      @Setting(value = "how many of them", unit = "prompts", atLeast = 1) int prompts,
      @Setting("how it is trained") MirrorDescentSettings training) {
    /// From the supervised policy, on 600 prompts.
    public static final Settings DEFAULT =
        new Settings("sft", "sft", "reward-model", "mdloo", 0, 600, MirrorDescentSettings.DEFAULT);

    /// Checks the counts.
    public Settings {
      SettingRule.require(firstPrompt >= 0, "firstPrompt", ">= 0", firstPrompt);
      SettingRule.require(prompts >= 1, "prompts", ">= 1", prompts);
    }
  }

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;

  /// The job on these stores.
  public MirrorDescentRlhfJob(
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
    return "mirrorDescentRlhf";
  }

  @Override
  public Settings defaults() {
    return Settings.DEFAULT;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs).start(descend()).build();
  }

  private Step descend() {
    var plan =
        new MirrorDescentPlan(
            stores,
            shelf,
            run -> {
              Settings s = run.settings(Settings.DEFAULT);
              return new MirrorDescentPlan.Inputs(
                  s.model(),
                  s.reference(),
                  s.rewardModel(),
                  s.result(),
                  s.firstPrompt(),
                  s.prompts(),
                  s.training());
            });
    return new StepBuilder("descend", jobs)
        .tasklet(new WorkStep("mdloo", plan, stores, progress), transactions)
        .build();
  }
}
