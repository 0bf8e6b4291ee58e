package org.alignmentworkbench.rlhf.job;

import java.util.List;
import java.util.function.Function;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.rlhf.training.PreferenceSettings;
import org.alignmentworkbench.rlhf.training.PreferenceTraining;
import org.alignmentworkbench.rlhf.training.ResumableWork;

/// How a step trains a policy on judged pairs (DPO or IPO) and keeps it.
public record PreferencePlan(Stores stores, ModelShelf shelf, Function<JobRun, Inputs> inputs)
    implements WorkSession.Plan {
  /// Names in the project: where to start (which is also the reference), what to train on, what to
  /// call the result.
  public record Inputs(String model, String dataset, String result, PreferenceSettings training) {}

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    Dataset dataset = stores.datasets().findByName(run.projectId(), in.dataset()).orElseThrow();
    OpenPolicy policy = shelf.policy(run.projectId(), in.model());
    var pairs = JudgedData.pairs(stores.datasets().preferences(dataset.id()), policy);
    var training = new PreferenceTraining(policy.model(), pairs, in.training(), run.seed());
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
            List.of(new Parent("judgements", dataset.artifactSha256())),
            SettingsJson.write(in.training()));
      }

      @Override
      public void close() {
        training.close();
        policy.close();
      }
    };
  }
}
