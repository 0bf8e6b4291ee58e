package org.alignmentworkbench.sft.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.evaluation.NewEvaluation;
import org.alignmentworkbench.db.evaluation.NewItem;
import org.alignmentworkbench.db.evaluation.PairedPasses;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Mean;
import org.alignmentworkbench.model.statistics.PairedDifference;
import org.alignmentworkbench.model.statistics.Proportion;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.job.RewardModelPlan;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkSession;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.rlhf.training.RewardModelScorer;
import org.alignmentworkbench.synthetic.task.Split;
import org.jspecify.annotations.Nullable;

/// How a step evaluates a policy on held-out prompts and keeps rows, file and summary.
record EvaluationPlan(Stores stores, ModelShelf shelf, Function<JobRun, Inputs> inputs)
    implements WorkSession.Plan {
  /// Names in the project. An empty reward model or reference leaves that figure undefined.
  ///
  /// @param compareWith stages that were evaluated before, on the same prompts
  record Inputs(
      String stage,
      String model,
      String rewardModel,
      String reference,
      List<String> compareWith,
      int prompts,
      Sampling sampling) {}

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    List<ProjectPrompts.Entry> prompts = ProjectPrompts.of(run, Split.HELD_OUT, 0, in.prompts());
    OpenPolicy policy = shelf.policy(run.projectId(), in.model());
    OpenPolicy reference =
        in.reference().isEmpty() ? null : shelf.policy(run.projectId(), in.reference());
    RewardModel reward =
        in.rewardModel().isEmpty() ? null : shelf.rewardModel(run.projectId(), in.rewardModel());
    var pass =
        new EvaluationPass(
            policy,
            reference == null ? null : reference.model(),
            reward == null ? null : new RewardModelScorer(reward, in.sampling().rows()),
            prompts,
            in.sampling(),
            // The project's seed, not the run's: every stage meets the same uniform numbers.
            run.project().seed(),
            System::nanoTime);
    return new WorkSession() {
      @Override
      public ResumableWork work() {
        return pass;
      }

      @Override
      public void finish() throws Exception {
        keep(run, in, policy.row(), prompts, pass);
      }

      @Override
      public void close() {
        if (reward != null) {
          reward.close();
        }
        if (reference != null) {
          reference.close();
        }
        policy.close();
      }
    };
  }

  private void keep(
      JobRun run, Inputs in, Model model, List<ProjectPrompts.Entry> prompts, EvaluationPass pass)
      throws Exception {
    Path work = stores.artifacts().temporary();
    Path file = work.resolve("evaluation.jsonl");
    pass.writeItems(file);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.EVALUATION, file);
    stores.artifacts().discard(work);
    stores.lineage().edge(model.artifactSha256(), kept.sha256(), "evaluated", run.run().id());
    @Nullable Double offset = null;
    if (!in.rewardModel().isEmpty()) {
      Model reward = shelf.row(run.projectId(), in.rewardModel());
      offset = RewardModelPlan.Detail.of(reward).scoreOffset();
      stores.lineage().edge(reward.artifactSha256(), kept.sha256(), "reward", run.run().id());
    }
    var rows = new ArrayList<NewItem>();
    for (int i = 0; i < prompts.size(); i++) {
      EvaluationPass.Item item = pass.items().get(i);
      rows.add(
          new NewItem(
              prompts.get(i).row().id(),
              item.text(),
              item.passed(),
              item.checks(),
              item.utility(),
              item.reward(),
              item.logRatio(),
              item.ids().length));
    }
    EvaluationSummary alone = summary(in, pass, offset, List.of());
    long id = stores.evaluations().save(evaluation(run, in, model, alone), rows);
    var comparisons = new ArrayList<EvaluationSummary.Comparison>();
    for (String stage : in.compareWith()) {
      comparisons.add(comparison(run, id, stage));
    }
    EvaluationSummary whole = summary(in, pass, offset, comparisons);
    stores.evaluations().save(evaluation(run, in, model, whole), rows);
    run.log(
        "Stage %s: %d of %d held-out prompts passed."
            .formatted(in.stage(), whole.passed(), whole.n()));
  }

  private NewEvaluation evaluation(JobRun run, Inputs in, Model model, EvaluationSummary summary) {
    return new NewEvaluation(
        run.projectId(),
        in.stage(),
        model.id(),
        run.run().id(),
        SettingsJson.write(in),
        SettingsJson.write(summary));
  }

  private EvaluationSummary.Comparison comparison(JobRun run, long id, String stage) {
    Evaluation other =
        stores
            .evaluations()
            .findByStage(run.projectId(), stage)
            .orElseThrow(
                () -> new IllegalStateException("stage '" + stage + "' was not evaluated yet"));
    PairedPasses passes = stores.evaluations().paired(id, other.id());
    // This stage is `after`: what only it passed is gained.
    Estimate difference =
        new PairedDifference(
                passes.both(), passes.onlyFirst(), passes.onlySecond(), passes.neither())
            .estimate();
    return new EvaluationSummary.Comparison(
        stage,
        passes.n(),
        passes.onlyFirst(),
        passes.onlySecond(),
        difference.valueOrNull(),
        difference.lowOrNull(),
        difference.highOrNull());
  }

  private static EvaluationSummary summary(
      Inputs in,
      EvaluationPass pass,
      @Nullable Double offset,
      List<EvaluationSummary.Comparison> comparisons) {
    List<EvaluationPass.Item> items = pass.items();
    int passed = (int) items.stream().filter(EvaluationPass.Item::passed).count();
    Estimate rate = new Proportion(passed, items.size()).estimate();
    Estimate utility =
        Mean.of(items.stream().mapToDouble(EvaluationPass.Item::utility).toArray()).estimate();
    double tokens = items.stream().mapToInt(item -> item.ids().length).sum();
    return new EvaluationSummary(
        items.size(),
        passed,
        rate.valueOrNull(),
        rate.lowOrNull(),
        rate.highOrNull(),
        utility.valueOrNull(),
        utility.lowOrNull(),
        utility.highOrNull(),
        in.rewardModel().isEmpty() ? null : in.rewardModel(),
        offset == null ? null : mean(items, EvaluationPass.Item::reward, offset),
        in.reference().isEmpty() ? null : in.reference(),
        mean(items, EvaluationPass.Item::logRatio, 0),
        tokens / items.size(),
        (double) items.stream().filter(EvaluationPass.Item::stopped).count() / items.size(),
        tokens / pass.seconds(),
        comparisons);
  }

  private static @Nullable Double mean(
      List<EvaluationPass.Item> items,
      Function<EvaluationPass.Item, @Nullable Double> figure,
      double offset) {
    double sum = 0;
    int n = 0;
    for (EvaluationPass.Item item : items) {
      Double value = figure.apply(item);
      if (value != null) {
        sum += value - offset;
        n++;
      }
    }
    return n == 0 ? null : sum / n;
  }
}
