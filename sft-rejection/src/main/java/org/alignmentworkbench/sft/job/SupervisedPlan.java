package org.alignmentworkbench.sft.job;

import java.util.List;
import java.util.function.Function;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.Parent;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkSession;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.sft.training.SupervisedFineTuning;
import org.alignmentworkbench.sft.training.SupervisedSettings;
import org.jspecify.annotations.Nullable;

/// How a step fine-tunes a policy on a dataset of answers and keeps the weights with the lowest
/// held-out loss.
record SupervisedPlan(Stores stores, ModelShelf shelf, Function<JobRun, Inputs> inputs)
    implements WorkSession.Plan {
  /// Names in the project, and the share of the prompts kept back to measure the loss on.
  record Inputs(
      String start,
      String dataset,
      String model,
      double heldOutShare,
      SupervisedSettings training) {}

  /// What is kept with the model; the loss is null where nothing was held out.
  ///
  /// @param tooLong answers left out as longer than the context
  /// @param unended answers left out for want of a trained end of turn
  record Detail(
      int rows,
      int heldOutRows,
      int tooLong,
      int unended,
      @Nullable Double heldOutLoss,
      long bestStep) {}

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    Dataset dataset = stores.datasets().findByName(run.projectId(), in.dataset()).orElseThrow();
    OpenPolicy policy = shelf.policy(run.projectId(), in.start());
    SupervisedData data =
        SupervisedData.of(
            policy,
            Demonstrations.read(run, dataset),
            line ->
                CounterStream.named(run.seed(), "sft-held-out", line.promptKey()).uniform(0)
                    < in.heldOutShare());
    try {
      data.check(run, in.dataset());
    } catch (IllegalStateException e) {
      policy.close();
      throw e;
    }
    var training =
        new SupervisedFineTuning(
            policy.model(), data.rows(), data.heldOut(), in.training(), run.seed());
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
      public void finish() throws Exception {
        shelf.keepPolicy(
            run,
            in.model(),
            policy,
            training.result(),
            List.of(new Parent("answers", dataset.artifactSha256())),
            SettingsJson.write(
                new Detail(
                    data.rows().size(),
                    data.heldOut().size(),
                    data.tooLong().size(),
                    data.unended().size(),
                    training.best().isEmpty() ? null : training.best().loss(),
                    training.best().step())));
      }

      @Override
      public void close() {
        training.close();
        policy.close();
      }
    };
  }
}
