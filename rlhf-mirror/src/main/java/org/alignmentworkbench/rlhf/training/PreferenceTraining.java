package org.alignmentworkbench.rlhf.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.training.Training;
import org.alignmentworkbench.model.training.TrainingState;
import org.alignmentworkbench.rlhf.preference.DpoLoss;
import org.alignmentworkbench.rlhf.preference.IpoLoss;
import org.alignmentworkbench.rlhf.preference.PairTerms;

/// Direct or identity preference optimisation of a policy on judged pairs.
///
/// 1. The log-probabilities of all responses under the reference are computed once, before the
///    first step: the reference is the policy as it was given.
/// 2. Each step takes the next pairs, sums the token log-probabilities of both responses, turns the
///    loss of a pair into one coefficient for every token of a response, and steps.
///
/// A restart makes the training from the same starting weights, so the reference is the same.
public final class PreferenceTraining implements ResumableWork {
  private static final String STATE = "training.safetensors";

  private final PreferenceSettings settings;
  private final List<PreferencePair> pairs;
  private final BatchOrder order;
  private final long steps;
  private final Training training;
  private final double[] refChosen;
  private final double[] refRejected;
  private final List<Metric> metrics = new ArrayList<>();

  /// A training of `policy`, whose present weights are the reference.
  public PreferenceTraining(
      LlamaModel policy, List<PreferencePair> pairs, PreferenceSettings settings, long seed) {
    this.settings = settings;
    this.pairs = List.copyOf(pairs);
    this.order = new BatchOrder(seed, "preference-pairs", pairs.size(), settings.pairsPerStep());
    this.steps = (long) settings.epochs() * order.stepsPerEpoch();
    this.refChosen = new double[pairs.size()];
    this.refRejected = new double[pairs.size()];
    int done = 0;
    for (List<PreferencePair> part : MicroBatches.of(this.pairs, settings.microPairs())) {
      float[][] logProbs = policy.tokenLogProbs(rows(part), 1);
      for (int i = 0; i < part.size(); i++) {
        refChosen[done] = sum(logProbs[2 * i]);
        refRejected[done] = sum(logProbs[2 * i + 1]);
        done++;
      }
    }
    policy.body().recompute(settings.recompute());
    this.training = Training.of(policy, settings.optimizer().adamW());
  }

  @Override
  public boolean advance() {
    if (training.steps() >= steps) {
      return false;
    }
    for (int i = 0; i < settings.stepsPerUnit() && training.steps() < steps; i++) {
      step(training.steps());
    }
    return true;
  }

  private void step(long step) {
    int[] batch = order.batch(step);
    List<String> keys = Arrays.stream(batch).mapToObj(i -> pairs.get(i).key()).toList();
    var sums = new Sums();
    for (List<Integer> part :
        MicroBatches.of(Arrays.stream(batch).boxed().toList(), settings.microPairs())) {
      List<TokenRow> rows = rows(part.stream().map(pairs::get).toList());
      training.accumulate(
          rows, 1, logProbs -> coefficients(part, rows, logProbs, batch.length, step, keys, sums));
    }
    double rate = settings.optimizer().rate(step, steps);
    double norm = NonFiniteLossException.checkStep(() -> training.step(rate), step, keys);
    metrics.add(new Metric("loss", step, sums.loss));
    metrics.add(new Metric("accuracy", step, sums.correct / batch.length));
    metrics.add(new Metric("margin", step, sums.margin / batch.length));
    metrics.add(new Metric("logRatioChosen", step, sums.chosen / batch.length));
    metrics.add(new Metric("logRatioRejected", step, sums.rejected / batch.length));
    metrics.add(new Metric("gradientNorm", step, norm));
    metrics.add(new Metric("learningRate", step, rate));
  }

  private float[][] coefficients(
      List<Integer> part,
      List<TokenRow> rows,
      float[][] logProbs,
      int pairsOfStep,
      long step,
      List<String> keys,
      Sums sums) {
    float[][] coefficients = new float[rows.size()][];
    for (int i = 0; i < part.size(); i++) {
      int pair = part.get(i);
      double chosen = sum(logProbs[2 * i]);
      double rejected = sum(logProbs[2 * i + 1]);
      NonFiniteLossException.check("a log-probability", chosen + rejected, step, keys);
      PairTerms terms = terms(pair, chosen, rejected);
      coefficients[2 * i] = spread(rows.get(2 * i), terms.gradChosen() / pairsOfStep);
      coefficients[2 * i + 1] = spread(rows.get(2 * i + 1), terms.gradRejected() / pairsOfStep);
      double margin = (chosen - refChosen[pair]) - (rejected - refRejected[pair]);
      sums.loss += terms.loss() / pairsOfStep;
      sums.margin += settings.beta() * margin;
      sums.correct += margin > 0 ? 1 : 0;
      sums.chosen += chosen - refChosen[pair];
      sums.rejected += rejected - refRejected[pair];
    }
    return coefficients;
  }

  private PairTerms terms(int pair, double chosen, double rejected) {
    return switch (settings.loss()) {
      case DPO ->
          new DpoLoss(settings.beta(), settings.labelSmoothing())
              .of(chosen, rejected, refChosen[pair], refRejected[pair]);
      case IPO ->
          new IpoLoss(settings.beta())
              .of(
                  chosen,
                  rejected,
                  refChosen[pair],
                  refRejected[pair],
                  pairs.get(pair).chosen().length,
                  pairs.get(pair).rejected().length);
    };
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
  }

  @Override
  public void restore(Path folder) throws IOException {
    training.restore(TrainingState.load(folder.resolve(STATE)));
    metrics.clear();
  }

  /// Frees the optimiser; the policy stays open and holds the trained weights.
  @Override
  public void close() {
    training.close();
  }

  private static List<TokenRow> rows(List<PreferencePair> pairs) {
    var rows = new ArrayList<TokenRow>();
    for (PreferencePair pair : pairs) {
      rows.add(TokenRow.response(pair.prompt(), pair.chosen()));
      rows.add(TokenRow.response(pair.prompt(), pair.rejected()));
    }
    return rows;
  }

  /// The summed log-probability of the scored tokens; the others hold 0.
  static double sum(float[] logProbs) {
    double sum = 0;
    for (float logProb : logProbs) {
      sum += logProb;
    }
    return sum;
  }

  /// The derivative with respect to a summed log-probability is that of each of its tokens.
  static float[] spread(TokenRow row, double coefficient) {
    float[] spread = new float[row.length()];
    for (int t = 0; t < spread.length; t++) {
      spread[t] = row.scored(t) ? (float) coefficient : 0;
    }
    return spread;
  }

  private static final class Sums {
    double loss;
    double correct;
    double margin;
    double chosen;
    double rejected;
  }
}
