package org.alignmentworkbench.rlhf.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.rlhf.training.MirrorDescentRlhf;
import org.alignmentworkbench.rlhf.training.MirrorDescentSettings;
import org.alignmentworkbench.rlhf.training.PromptRow;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.rlhf.training.RewardModelScorer;
import org.alignmentworkbench.synthetic.task.Split;

/// How a step trains a policy by mirror descent against a reward model and keeps it.
public record MirrorDescentPlan(Stores stores, ModelShelf shelf, Function<JobRun, Inputs> inputs)
    implements WorkSession.Plan {
  /// Names in the project, and which training prompts to sample for.
  ///
  /// @param reference the policy that the divergence is measured from
  /// @param firstPrompt number of the first training prompt
  public record Inputs(
      String model,
      String reference,
      String rewardModel,
      String result,
      int firstPrompt,
      int prompts,
      MirrorDescentSettings training) {}

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    List<ProjectPrompts.Entry> entries =
        ProjectPrompts.of(run, Split.TRAIN, in.firstPrompt(), in.prompts());
    OpenPolicy policy = shelf.policy(run.projectId(), in.model());
    OpenPolicy reference = shelf.policy(run.projectId(), in.reference());
    RewardModel reward = shelf.rewardModel(run.projectId(), in.rewardModel());
    List<PromptRow> prompts =
        entries.stream().map(e -> policy.prompt(e.row().key(), e.row().text())).toList();
    var training =
        new MirrorDescentRlhf(
            policy.model(),
            reference.model(),
            new RewardModelScorer(reward, in.training().microRows()),
            prompts,
            policy.stopIds(),
            in.training(),
            run.seed());
    return new WorkSession() {
      @Override
      public ResumableWork work() {
        return training;
      }

      @Override
      public void finish() throws Exception {
        shelf.keepPolicy(
            run,
            in.result(),
            policy,
            policy.model().weights(),
            List.of(
                new Parent("reference", reference.row().artifactSha256()),
                new Parent("reward", shelf.row(run.projectId(), in.rewardModel()).artifactSha256()),
                new Parent("prompts", keepPrompts(run, in.result(), entries))),
            SettingsJson.write(in.training()));
      }

      @Override
      public void close() {
        training.close();
        reward.close();
        reference.close();
        policy.close();
      }
    };
  }

  /// The prompts as a dataset of their own, so that lineage reaches each of them.
  private String keepPrompts(JobRun run, String result, List<ProjectPrompts.Entry> entries)
      throws Exception {
    Path work = stores.artifacts().temporary();
    var lines = new StringBuilder();
    for (ProjectPrompts.Entry entry : entries) {
      lines.append(entry.task().toJson()).append('\n');
    }
    Path file = Files.writeString(work.resolve("prompts.jsonl"), lines, StandardCharsets.UTF_8);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.DATASET, file);
    stores.artifacts().discard(work);
    stores
        .datasets()
        .create(
            new NewDataset(
                run.projectId(),
                result + "/prompts",
                Dataset.Kind.PROMPTS,
                kept.sha256(),
                run.run().id()),
            entries.stream().map(e -> new DatasetRow(e.row().id(), null, null, null)).toList());
    return kept.sha256();
  }
}
