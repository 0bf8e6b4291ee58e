package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
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
import org.alignmentworkbench.sft.training.SupervisedRow;
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
  record Detail(int rows, int heldOutRows, @Nullable Double heldOutLoss, long bestStep) {}

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    Dataset dataset = stores.datasets().findByName(run.projectId(), in.dataset()).orElseThrow();
    OpenPolicy policy = shelf.policy(run.projectId(), in.start());
    var rows = new ArrayList<SupervisedRow>();
    var heldOut = new ArrayList<SupervisedRow>();
    int number = 0;
    for (Demonstrations.Line line : Demonstrations.read(run, dataset)) {
      SupervisedRow row = Demonstrations.row(policy, line, number++);
      double draw = CounterStream.named(run.seed(), "sft-held-out", line.promptKey()).uniform(0);
      (draw < in.heldOutShare() ? heldOut : rows).add(row);
    }
    if (rows.isEmpty()) {
      policy.close();
      throw new IllegalStateException(
          "dataset '%s' leaves no row to train on: of %d answers %d are held out"
              .formatted(in.dataset(), dataset.rowCount(), heldOut.size()));
    }
    var training =
        new SupervisedFineTuning(policy.model(), rows, heldOut, in.training(), run.seed());
    return new WorkSession() {
      @Override
      public ResumableWork work() {
        return training;
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
                    rows.size(),
                    heldOut.size(),
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
