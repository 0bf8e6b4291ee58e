package org.alignmentworkbench.rlhf.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.Preference;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.reward.RewardScore;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;
import org.alignmentworkbench.rlhf.preference.PreferenceStrength;
import org.alignmentworkbench.rlhf.training.JudgedPair;
import org.alignmentworkbench.rlhf.training.MicroBatches;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.rlhf.training.RewardModelQuality;
import org.alignmentworkbench.rlhf.training.RewardModelSettings;
import org.alignmentworkbench.rlhf.training.RewardModelTraining;
import org.jspecify.annotations.Nullable;

/// How a step trains a reward model on a preference dataset and keeps it with what it is worth.
public record RewardModelPlan(Stores stores, ModelShelf shelf, Function<JobRun, Inputs> inputs)
    implements WorkSession.Plan {
  /// Names in the project: whose body to start from, what to train on, what to call the result.
  public record Inputs(String model, String dataset, String result, RewardModelSettings training) {}

  /// What is kept with a reward model.
  ///
  /// @param heldOut accuracy on pairs of prompts that it did not train on
  /// @param heldOutLoss their mean loss, null where there are none
  /// @param scoreOffset mean score of the training answers: reports subtract it, for scores of
  ///   different reward models have different zeros
  public record Detail(
      int trainingPairs,
      Accuracy heldOut,
      @Nullable Double heldOutLoss,
      Map<String, Accuracy> accuracyByStrength,
      double scoreOffset) {
    /// What was kept with a registered reward model.
    public static Detail of(Model model) {
      return SettingsJson.parse(model.detail(), Detail.class);
    }
  }

  /// A share of pairs with its 95 % Wilson interval; null where there is no pair. The interval
  /// takes judgements as independent, which several of one comparison are not.
  public record Accuracy(
      int n,
      int correct,
      @Nullable Double accuracy,
      @Nullable Double ciLow,
      @Nullable Double ciHigh) {
    static Accuracy of(int n, int correct) {
      Estimate share = new Proportion(correct, n).estimate();
      return new Accuracy(n, correct, share.valueOrNull(), share.lowOrNull(), share.highOrNull());
    }
  }

  @Override
  public WorkSession open(JobRun run) throws Exception {
    Inputs in = inputs.apply(run);
    Dataset dataset = dataset(run, in.dataset());
    List<Preference> rows = stores.datasets().preferences(dataset.id());
    OpenPolicy backbone = shelf.policy(run.projectId(), in.model());
    double share = in.training().heldOutShare();
    List<JudgedPair> pairs = JudgedData.judged(rows, backbone, false, share, run.seed());
    List<JudgedPair> heldOut = JudgedData.judged(rows, backbone, true, share, run.seed());
    int tooLong = rows.size() - pairs.size() - heldOut.size();
    if (tooLong > 0) {
      run.log("Left out " + tooLong + " judgements of conversations longer than the context.");
    }
    if (pairs.isEmpty()) {
      backbone.close();
      throw new IllegalStateException(
          "dataset '%s' leaves no pair to train on: of %d judgements %d are held out, %d too long"
              .formatted(in.dataset(), rows.size(), heldOut.size(), tooLong));
    }
    // The body's weights were copied; the policy itself is not needed on the engine.
    RewardModel model = shelf.freshRewardModel(backbone, run.seed());
    backbone.close();
    var training = new RewardModelTraining(model, pairs, heldOut, in.training(), run.seed());
    return new WorkSession() {
      @Override
      public ResumableWork work() {
        return training;
      }

      @Override
      public void finish() throws Exception {
        RewardModel best =
            training.best().isEmpty()
                ? model
                : shelf.rewardModel(backbone, training.best().weights());
        try {
          Detail detail = measure(best, in.training(), pairs, heldOut, run.seed());
          run.log(
              "Reward model: "
                  + detail.heldOut().correct()
                  + " of "
                  + detail.heldOut().n()
                  + " held-out pairs right.");
          shelf.keepRewardModel(
              run,
              in.result(),
              backbone,
              best,
              List.of(new Parent("judgements", dataset.artifactSha256())),
              SettingsJson.write(detail));
        } finally {
          if (best != model) {
            best.close();
          }
        }
      }

      @Override
      public void close() {
        training.close();
        model.close();
      }
    };
  }

  private Dataset dataset(JobRun run, String name) {
    return stores
        .datasets()
        .findByName(run.projectId(), name)
        .orElseThrow(() -> new IllegalStateException("the project has no dataset '" + name + "'"));
  }

  private static Detail measure(
      RewardModel model,
      RewardModelSettings settings,
      List<JudgedPair> pairs,
      List<JudgedPair> heldOut,
      long seed) {
    RewardModelQuality quality;
    try (var measured = new RewardModelTraining(model, pairs, heldOut, settings, seed)) {
      quality = measured.measure(heldOut);
    }
    var byStrength = new LinkedHashMap<String, Accuracy>();
    for (PreferenceStrength strength : PreferenceStrength.values()) {
      RewardModelQuality.Share share = quality.byStrength().get(strength);
      byStrength.put(
          strength.name(),
          share == null ? Accuracy.of(0, 0) : Accuracy.of(share.pairs(), share.correct()));
    }
    return new Detail(
        pairs.size(),
        Accuracy.of(quality.pairs(), quality.correct()),
        quality.pairs() == 0 ? null : (Double) quality.loss(),
        byStrength,
        meanScore(model, pairs, settings.microPairs()));
  }

  private static double meanScore(RewardModel model, List<JudgedPair> pairs, int microPairs) {
    double sum = 0;
    for (List<JudgedPair> part : MicroBatches.of(pairs, microPairs)) {
      var rows = new ArrayList<int[]>();
      for (JudgedPair pair : part) {
        rows.add(pair.chosen());
        rows.add(pair.rejected());
      }
      for (RewardScore score : model.scores(rows)) {
        sum += score.score();
      }
    }
    return sum / (2 * pairs.size());
  }
}
