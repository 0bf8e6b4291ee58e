package org.alignmentworkbench.sft.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.Training;
import org.alignmentworkbench.model.training.TrainingState;
import org.alignmentworkbench.rlhf.training.BatchOrder;
import org.alignmentworkbench.rlhf.training.BestWeights;
import org.alignmentworkbench.rlhf.training.MicroBatches;
import org.alignmentworkbench.rlhf.training.NonFiniteLossException;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.sft.loss.SupervisedLoss;

/// Supervised fine-tuning: raise the probability of the supervised tokens, a mean over all of them
/// in the step.
///
/// With held-out rows the loss on them is measured every few steps and at the end; the result is
/// the weights with the lowest one, and training ends early when it stops falling. Without, the
/// result is the last weights.
public final class SupervisedFineTuning implements ResumableWork {
  private static final String STATE = "training.safetensors";

  private final SupervisedSettings settings;
  private final LlamaModel model;
  private final List<SupervisedRow> rows;
  private final List<SupervisedRow> heldOut;
  private final BatchOrder order;
  private final long steps;
  private final Training training;
  private final BestWeights best = new BestWeights();
  private final List<Metric> metrics = new ArrayList<>();

  /// A training of `model` (of its adapter, if it has one), measured on rows it does not train on.
  public SupervisedFineTuning(
      LlamaModel model,
      List<SupervisedRow> rows,
      List<SupervisedRow> heldOut,
      SupervisedSettings settings,
      long seed) {
    this.settings = settings;
    this.model = model;
    this.rows = List.copyOf(rows);
    this.heldOut = List.copyOf(heldOut);
    this.order = new BatchOrder(seed, "supervised-rows", rows.size(), settings.rowsPerStep());
    this.steps = steps();
    model.body().recompute(settings.recompute());
    this.training = Training.of(model, settings.optimizer().adamW());
  }

  @Override
  public boolean advance() {
    if (finished()) {
      return false;
    }
    for (int i = 0; i < settings.stepsPerUnit() && !finished(); i++) {
      step(training.steps());
      long done = training.steps();
      if (!heldOut.isEmpty() && (done % settings.evaluateEvery() == 0 || done == steps)) {
        double loss = heldOutLoss();
        metrics.add(new Metric("heldOutLoss", done - 1, loss));
        best.offer(done, loss, current());
      }
    }
    return true;
  }

  /// After the last step, or when the last `patience` measurements brought no new best.
  private boolean finished() {
    long done = training.steps();
    boolean stale =
        settings.patience() > 0
            && !best.isEmpty()
            && done % settings.evaluateEvery() == 0
            && done - best.step() >= (long) settings.patience() * settings.evaluateEvery();
    return done >= steps || stale;
  }

  /// All epochs, or fewer where the budget of supervised tokens is used up before.
  private long steps() {
    long all = (long) settings.epochs() * order.stepsPerEpoch();
    if (settings.maxSupervisedTokens() == 0) {
      return all;
    }
    long tokens = 0;
    long step = 0;
    while (step < all && tokens < settings.maxSupervisedTokens()) {
      for (int row : order.batch(step)) {
        tokens += SupervisedLoss.tokens(List.of(rows.get(row).supervised()));
      }
      step++;
    }
    return step;
  }

  private void step(long step) {
    List<SupervisedRow> batch = Arrays.stream(order.batch(step)).mapToObj(rows::get).toList();
    List<String> keys = batch.stream().map(SupervisedRow::key).toList();
    int tokens = SupervisedLoss.tokens(batch.stream().map(SupervisedRow::supervised).toList());
    double nll = 0;
    for (List<SupervisedRow> part : MicroBatches.of(batch, settings.microRows())) {
      float[][] coefficients =
          part.stream()
              .map(row -> SupervisedLoss.coefficients(row.supervised(), tokens))
              .toArray(float[][]::new);
      nll += sum(part, training.accumulate(tokenRows(part), 1, coefficients));
    }
    double loss = NonFiniteLossException.check("the loss", nll / tokens, step, keys);
    double rate = settings.optimizer().rate(step, steps);
    double norm = NonFiniteLossException.checkStep(() -> training.step(rate), step, keys);
    metrics.add(new Metric("loss", step, loss));
    metrics.add(new Metric("gradientNorm", step, norm));
    metrics.add(new Metric("learningRate", step, rate));
    metrics.add(new Metric("supervisedTokens", step, tokens));
  }

  /// The mean negative log-probability of the held-out supervised tokens, in nats; NaN without
  /// rows.
  public double heldOutLoss() {
    double nll = 0;
    for (List<SupervisedRow> part : MicroBatches.of(heldOut, settings.microRows())) {
      nll += sum(part, model.tokenLogProbs(tokenRows(part), 1));
    }
    return nll / SupervisedLoss.tokens(heldOut.stream().map(SupervisedRow::supervised).toList());
  }

  /// The weights that are the result: those with the lowest held-out loss, else the present ones.
  public SequencedMap<String, Tensor> result() {
    return best.isEmpty() ? current() : best.weights();
  }

  /// What the held-out loss selected so far.
  public BestWeights best() {
    return best;
  }

  private SequencedMap<String, Tensor> current() {
    return model.adapter().map(adapter -> adapter.weights()).orElseGet(model::weights);
  }

  @Override
  public long trainedTokens() {
    return training.tokens();
  }

  @Override
  public Progress progress() {
    return new Progress("train", finished() ? steps : training.steps(), steps);
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

  /// Frees the optimiser; the model stays open and holds the last weights.
  @Override
  public void close() {
    training.close();
  }

  private static List<TokenRow> tokenRows(List<SupervisedRow> rows) {
    return rows.stream().map(row -> new TokenRow(row.ids(), row.supervised())).toList();
  }

  private static double sum(List<SupervisedRow> rows, float[][] logProbs) {
    double nll = 0;
    for (int i = 0; i < rows.size(); i++) {
      nll += SupervisedLoss.negativeLogLikelihood(logProbs[i], rows.get(i).supervised());
    }
    return nll;
  }
}
