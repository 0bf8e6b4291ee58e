package org.alignmentworkbench.rlhf.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.reward.RewardGradient;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.reward.RewardScore;
import org.alignmentworkbench.model.reward.RewardTraining;
import org.alignmentworkbench.model.training.TrainingState;
import org.alignmentworkbench.rlhf.preference.RewardModelLoss;

/// Training of a reward model on judged pairs: rank them with a label softened by the strength of
/// the preference, and predict the grades of both answers.
///
/// After every epoch the held-out pairs are measured; the weights of the epoch with the lowest
/// held-out loss are the result. Without held-out pairs the last weights are.
public final class RewardModelTraining implements ResumableWork {
  private static final String STATE = "training.safetensors";

  private final RewardModelSettings settings;
  private final RewardModelLoss loss;
  private final RewardModel model;
  private final List<JudgedPair> pairs;
  private final List<JudgedPair> heldOut;
  private final BatchOrder order;
  private final long steps;
  private final RewardTraining training;
  private final BestWeights best = new BestWeights();
  private final List<Metric> metrics = new ArrayList<>();

  /// A training of `model`, measured on pairs that it does not train on.
  public RewardModelTraining(
      RewardModel model,
      List<JudgedPair> pairs,
      List<JudgedPair> heldOut,
      RewardModelSettings settings,
      long seed) {
    this.settings = settings;
    this.loss = new RewardModelLoss(settings.lambda(), settings.centring());
    this.model = model;
    this.pairs = List.copyOf(pairs);
    this.heldOut = List.copyOf(heldOut);
    this.order = new BatchOrder(seed, "reward-pairs", pairs.size(), settings.pairsPerStep());
    this.steps = (long) settings.epochs() * order.stepsPerEpoch();
    model.body().recompute(settings.recompute());
    this.training = RewardTraining.of(model, settings.optimizer().adamW());
  }

  @Override
  public boolean advance() {
    if (training.steps() >= steps) {
      return false;
    }
    for (int i = 0; i < settings.stepsPerUnit() && training.steps() < steps; i++) {
      step(training.steps());
      if (training.steps() % order.stepsPerEpoch() == 0 && !heldOut.isEmpty()) {
        RewardModelQuality quality = measure(heldOut);
        metrics.add(new Metric("heldOutLoss", training.steps() - 1, quality.loss()));
        metrics.add(new Metric("heldOutAccuracy", training.steps() - 1, quality.accuracy()));
        best.offer(training.steps(), quality.loss(), model.weights());
      }
    }
    return true;
  }

  private void step(long step) {
    List<JudgedPair> batch = Arrays.stream(order.batch(step)).mapToObj(pairs::get).toList();
    List<String> keys = batch.stream().map(JudgedPair::key).toList();
    var sums = new double[3];
    var tally = new RewardModelQuality.Tally();
    for (List<JudgedPair> part : MicroBatches.of(batch, settings.microPairs())) {
      training.accumulate(
          rows(part), scores -> gradients(part, scores, batch.size(), step, keys, sums, tally));
    }
    double rate = settings.optimizer().rate(step, steps);
    double norm = NonFiniteLossException.checkStep(() -> training.step(rate), step, keys);
    metrics.add(new Metric("loss", step, sums[0] / batch.size()));
    metrics.add(new Metric("rankLoss", step, sums[1] / batch.size()));
    metrics.add(new Metric("gradeLoss", step, sums[2] / batch.size()));
    metrics.add(new Metric("accuracy", step, tally.quality().accuracy()));
    metrics.add(new Metric("gradientNorm", step, norm));
    metrics.add(new Metric("learningRate", step, rate));
  }

  private List<RewardGradient> gradients(
      List<JudgedPair> part,
      List<RewardScore> scores,
      int pairsOfStep,
      long step,
      List<String> keys,
      double[] sums,
      RewardModelQuality.Tally tally) {
    var gradients = new ArrayList<RewardGradient>();
    for (int i = 0; i < part.size(); i++) {
      RewardScore chosen = scores.get(2 * i);
      RewardScore rejected = scores.get(2 * i + 1);
      NonFiniteLossException.check("a score", chosen.score() - rejected.score(), step, keys);
      RewardModelLoss.Terms terms = terms(part.get(i), chosen, rejected);
      NonFiniteLossException.check("the loss", terms.loss(), step, keys);
      gradients.add(
          new RewardGradient(
              terms.gradChosen() / pairsOfStep, scaled(terms.gradChosenGrades(), pairsOfStep)));
      gradients.add(
          new RewardGradient(
              terms.gradRejected() / pairsOfStep, scaled(terms.gradRejectedGrades(), pairsOfStep)));
      sums[0] += terms.loss();
      sums[1] += terms.rank();
      sums[2] += terms.grade();
      tally.add(part.get(i).strength(), chosen.score() - rejected.score(), terms.loss());
    }
    return gradients;
  }

  private RewardModelLoss.Terms terms(JudgedPair pair, RewardScore chosen, RewardScore rejected) {
    return loss.of(
        chosen.score(),
        rejected.score(),
        pair.strength(),
        doubles(chosen.gradeLogits()),
        doubles(rejected.gradeLogits()),
        pair.chosenGrades(),
        pair.rejectedGrades());
  }

  /// Accuracy and loss of the model as it is now.
  public RewardModelQuality measure(List<JudgedPair> measured) {
    var tally = new RewardModelQuality.Tally();
    for (List<JudgedPair> part : MicroBatches.of(measured, settings.microPairs())) {
      List<RewardScore> scores = model.scores(rows(part));
      for (int i = 0; i < part.size(); i++) {
        RewardScore chosen = scores.get(2 * i);
        RewardScore rejected = scores.get(2 * i + 1);
        tally.add(
            part.get(i).strength(),
            chosen.score() - rejected.score(),
            terms(part.get(i), chosen, rejected).loss());
      }
    }
    return tally.quality();
  }

  /// The weights with the lowest held-out loss; empty where nothing was held out.
  public BestWeights best() {
    return best;
  }

  @Override
  public long trainedTokens() {
    return training.tokens();
  }

  @Override
  public Progress progress() {
    return new Progress("train", training.steps(), steps);
  }

  @Override
  public List<Metric> takeMetrics() {
    List<Metric> taken = List.copyOf(metrics);
    metrics.clear();
    return taken;
  }

  @Override
  public void save(Path folder) throws IOException {
    Files.createDirectories(folder);
    training.state().save(folder.resolve(STATE));
    best.save(folder);
  }

  @Override
  public void restore(Path folder) throws IOException {
    training.restore(TrainingState.load(folder.resolve(STATE)));
    best.restore(folder);
    metrics.clear();
  }

  /// Frees the optimiser; the model stays open and holds the trained weights.
  @Override
  public void close() {
    training.close();
  }

  private static List<int[]> rows(List<JudgedPair> pairs) {
    var rows = new ArrayList<int[]>();
    for (JudgedPair pair : pairs) {
      rows.add(pair.chosen());
      rows.add(pair.rejected());
    }
    return rows;
  }

  private static double[][] doubles(float[][] values) {
    double[][] copy = new double[values.length][];
    for (int d = 0; d < values.length; d++) {
      copy[d] = new double[values[d].length];
      for (int k = 0; k < values[d].length; k++) {
        copy[d][k] = values[d][k];
      }
    }
    return copy;
  }

  private static float[][] scaled(double[][] gradient, int pairsOfStep) {
    float[][] scaled = new float[gradient.length][];
    for (int d = 0; d < gradient.length; d++) {
      scaled[d] = new float[gradient[d].length];
      for (int k = 0; k < gradient[d].length; k++) {
        scaled[d][k] = (float) (gradient[d][k] / pairsOfStep);
      }
    }
    return scaled;
  }
}
