package org.alignmentworkbench.sft.job;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.Parent;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkSession;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.sft.training.LoraSettings;
import org.alignmentworkbench.sft.training.SupervisedFineTuning;
import org.alignmentworkbench.sft.training.SupervisedSettings;
import org.alignmentworkbench.sft.training.TooLongRule;
import org.jspecify.annotations.Nullable;

/// How a step fine-tunes a policy on a dataset of answers and keeps the weights with the lowest
/// held-out loss.
record SupervisedPlan(Stores stores, ModelShelf shelf, Function<JobRun, Inputs> inputs)
    implements WorkSession.Plan {
  /// Names in the project, and the share of the prompts kept back to measure the loss on.
  record Inputs(
      String model,
      String dataset,
      String result,
      double heldOutShare,
      TooLongRule tooLong,
      LoraSettings lora,
      SupervisedSettings training) {}

  /// What is kept with the model; the loss is null where nothing was held out.
  ///
  /// @param cut answers of which only the beginning was learnt or measured
  /// @param tooLong answers left out as longer than the context
  /// @param unended answers left out for want of a trained end of turn
  /// @param unreadable conversations that the model's template refuses
  record Detail(
      int rows,
      int heldOutRows,
      int cut,
      int tooLong,
      int unended,
      int unreadable,
      @Nullable Double heldOutLoss,
      long bestStep) {}

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    Dataset dataset = stores.datasets().findByName(run.projectId(), in.dataset()).orElseThrow();
    OpenPolicy policy = trained(run, in);
    SupervisedData data;
    try {
      data = data(run, in, dataset, policy);
      data.check(run, in.dataset());
    } catch (IOException | RuntimeException e) {
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
        List<Parent> parents = List.of(new Parent("answers", dataset.artifactSha256()));
        String detail =
            SettingsJson.write(
                new Detail(
                    data.rows().size(),
                    data.heldOut().size(),
                    data.cut().size(),
                    data.tooLong().size(),
                    data.unended().size(),
                    data.unreadable().size(),
                    training.best().isEmpty() ? null : training.best().loss(),
                    training.best().step()));
        Optional<LoraAdapter> adapter = policy.model().adapter();
        if (adapter.isPresent()) {
          LoraAdapter result = new LoraAdapter(adapter.get().config(), training.result());
          shelf.keepAdapter(run, in.result(), policy, result, parents, detail);
        } else {
          shelf.keepPolicy(run, in.result(), policy, training.result(), parents, detail);
        }
      }

      @Override
      public void close() {
        training.close();
        policy.close();
      }
    };
  }

  /// The model with what is trained: a fresh adapter where one is asked for, an adapter's own
  /// weights where the model is one, else all weights.
  private OpenPolicy trained(JobRun run, Inputs in) throws IOException {
    OpenPolicy policy = shelf.policy(run.projectId(), in.model());
    if (in.lora().rank() == 0) {
      return policy;
    }
    try (policy) {
      if (policy.model().adapter().isPresent()) {
        throw new IllegalStateException(
            "'"
                + in.model()
                + "' is an adapter already: train it with lora.rank=0, or name its base");
      }
      LoraAdapter fresh =
          LoraAdapter.fresh(
              policy.description().config(),
              in.lora().config(),
              CounterStream.of(run.seed(), "sft-adapter", 0, 0));
      // The base's arrays live until the last model on them is closed.
      return OpenPolicy.of(policy.row(), policy.description(), policy.model().withAdapter(fresh));
    }
  }

  private SupervisedData data(JobRun run, Inputs in, Dataset dataset, OpenPolicy policy)
      throws IOException {
    Predicate<String> heldBack =
        key -> CounterStream.named(run.seed(), "sft-held-out", key).uniform(0) < in.heldOutShare();
    if (dataset.kind() == Dataset.Kind.CONVERSATIONS) {
      return SupervisedData.of(
          Conversations.read(stores, dataset).stream()
              .map(line ->
                  new SupervisedData.Candidate(
                      line.key(), Conversations.row(policy, line, in.tooLong())))
              .toList(),
          heldBack);
    }
    return SupervisedData.of(policy, Demonstrations.read(run, dataset), heldBack, in.tooLong());
  }
}
