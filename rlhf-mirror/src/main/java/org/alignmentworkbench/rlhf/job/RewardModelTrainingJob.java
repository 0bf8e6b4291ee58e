package org.alignmentworkbench.rlhf.job;

import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.rlhf.training.RewardModelSettings;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/// Trains a reward model on the judgements of some rounds.
///
/// 1. `takeJudgements`: what has been judged becomes an immutable dataset.
/// 2. `trainRewardModel`: the body of a policy with a score and four grade heads learns from it;
///    the epoch with the lowest held-out loss is kept, with its accuracy by strength.
public final class RewardModelTrainingJob implements RunJob {
  /// What a run may set.
  public record Settings(
      @Setting(value = "the policy whose body the reward model starts from", names = Names.POLICY)
          String model,
      @Setting(value = "first round of judgements; 0 has those that came with files", atLeast = 0)
          int fromRound,
      @Setting(value = "last round of judgements", atLeast = 0) int toRound,
      @Setting("take scripted judgements instead of people's; they never mix") boolean scripted,
      @Setting(value = "what to call the reward model", names = Names.NEW_MODEL) String result,
      @Setting("how it is trained") RewardModelSettings training) {
    /// On the supervised policy, with people's judgements of the first round.
    public static final Settings DEFAULT =
        new Settings("sft", 1, 1, false, "reward-model", RewardModelSettings.DEFAULT);

    /// Checks the ranges.
    public Settings {
      SettingRule.require(fromRound >= 0, "fromRound", ">= 0", fromRound);
      SettingRule.require(toRound >= 0, "toRound", ">= 0", toRound);
      SettingRule.require(toRound >= fromRound, "toRound", ">= fromRound", toRound);
    }
  }

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;
  private final JudgementSnapshot snapshots;

  /// The job on these stores.
  public RewardModelTrainingJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf,
      JudgementSnapshot snapshots) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.stores = stores;
    this.progress = progress;
    this.shelf = shelf;
    this.snapshots = snapshots;
  }

  @Override
  public String name() {
    return "rewardModelTraining";
  }

  @Override
  public Settings defaults() {
    return Settings.DEFAULT;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs).start(takeJudgements()).next(trainRewardModel()).build();
  }

  private Step takeJudgements() {
    return new StepBuilder("takeJudgements", jobs)
        .tasklet(
            (contribution, chunk) -> {
              JobRun run = JobRun.of(chunk, stores, progress);
              Settings settings = run.settings(Settings.DEFAULT);
              Dataset dataset =
                  snapshots.take(
                      run.projectId(),
                      dataset(settings),
                      settings.fromRound(),
                      settings.toRound(),
                      settings.scripted(),
                      run.run().id());
              run.log("Took " + dataset.rowCount() + " judgements as " + dataset.name() + ".");
              return RepeatStatus.FINISHED;
            },
            transactions)
        .build();
  }

  private Step trainRewardModel() {
    var plan =
        new RewardModelPlan(
            stores,
            shelf,
            run -> {
              Settings settings = run.settings(Settings.DEFAULT);
              return new RewardModelPlan.Inputs(
                  settings.model(), dataset(settings), settings.result(), settings.training());
            });
    return new StepBuilder("trainRewardModel", jobs)
        .tasklet(new WorkStep("rewardModel", plan, stores, progress), transactions)
        .build();
  }

  private static String dataset(Settings settings) {
    return settings.result() + "/judgements";
  }
}
