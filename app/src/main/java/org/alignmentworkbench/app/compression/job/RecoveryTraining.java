package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.compression.DistillationLoss;
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
import org.alignmentworkbench.sft.training.SupervisedRow;

/// Trains a recovery adapter: the compressed model with it learns to predict as the uncompressed
/// one does, on answers that the latter sampled.
///
/// The loss of a step is the mean of `DistillationLoss` over its answer tokens. The divergence on
/// held-out answers is measured before the first step, every few steps and at the end; the result
/// is the adapter with the lowest one, so training can only help.
final class RecoveryTraining implements ResumableWork {
  private static final String STATE = "training.safetensors";

  /// An answer with the teacher's log-probabilities of its tokens.
  record Taught(SupervisedRow row, float[] teacher) {
    TokenRow tokens() {
      return new TokenRow(row.ids(), row.supervised());
    }
  }

  private final LlamaModel student;
  private final List<Taught> rows;
  private final List<Taught> heldOut;
  private final double temperature;
  private final RecoverySettings settings;
  private final BatchOrder order;
  private final long steps;
  private final Training training;
  private final BestWeights best = new BestWeights();
  private final List<Metric> metrics = new ArrayList<>();

  /// A training of the student's adapter.
  ///
  /// @param temperature at which the answers were sampled and teacher and student are compared
  RecoveryTraining(
      LlamaModel student,
      List<Taught> rows,
      List<Taught> heldOut,
      double temperature,
      RecoverySettings settings,
      long seed) {
    this.student = student;
    this.rows = List.copyOf(rows);
    this.heldOut = List.copyOf(heldOut);
    this.temperature = temperature;
    this.settings = settings;
    this.order = new BatchOrder(seed, "recovery-rows", rows.size(), settings.rowsPerStep());
    this.steps = (long) settings.epochs() * order.stepsPerEpoch();
    student.body().recompute(settings.recompute());
    this.training = Training.of(student, settings.optimizer().adamW());
  }

  /// Rows with the teacher's log-probabilities.
  static List<Taught> taught(
      LlamaModel teacher, List<SupervisedRow> rows, double temperature, int microRows) {
    var taught = new ArrayList<Taught>();
    for (List<SupervisedRow> part : MicroBatches.of(rows, microRows)) {
      float[][] logProbs =
          teacher.tokenLogProbs(
              part.stream().map(row -> new TokenRow(row.ids(), row.supervised())).toList(),
              temperature);
      for (int i = 0; i < part.size(); i++) {
        taught.add(new Taught(part.get(i), logProbs[i]));
      }
    }
    return taught;
  }

  @Override
  public boolean advance() {
    if (training.steps() == 0 && best.isEmpty()) {
      measure();
    }
    if (training.steps() >= steps) {
      return false;
    }
    for (int i = 0; i < settings.stepsPerUnit() && training.steps() < steps; i++) {
      step(training.steps());
      if (training.steps() % settings.evaluateEvery() == 0 || training.steps() == steps) {
        measure();
      }
    }
    return true;
  }

  private void step(long step) {
    List<Taught> batch = Arrays.stream(order.batch(step)).mapToObj(rows::get).toList();
    List<String> keys = batch.stream().map(taught -> taught.row().key()).toList();
    int tokens = tokens(batch);
    double sum = 0;
    for (List<Taught> part : MicroBatches.of(batch, settings.microRows())) {
      float[][] seen =
          training.accumulate(
              part.stream().map(Taught::tokens).toList(),
              temperature,
              logProbs -> coefficients(part, logProbs, tokens));
      sum += divergence(part, seen);
    }
    double loss = NonFiniteLossException.check("the divergence", sum / tokens, step, keys);
    double rate = settings.optimizer().rate(step, steps);
    double norm = NonFiniteLossException.checkStep(() -> training.step(rate), step, keys);
    metrics.add(new Metric("divergence", step, loss));
    metrics.add(new Metric("gradientNorm", step, norm));
    metrics.add(new Metric("learningRate", step, rate));
  }

  private static float[][] coefficients(List<Taught> part, float[][] logProbs, int tokens) {
    float[][] coefficients = new float[part.size()][];
    for (int i = 0; i < part.size(); i++) {
      Taught taught = part.get(i);
      coefficients[i] = new float[logProbs[i].length];
      for (int t = 0; t < logProbs[i].length; t++) {
        if (taught.row().supervised()[t]) {
          coefficients[i][t] =
              (float) (DistillationLoss.derivative(taught.teacher()[t], logProbs[i][t]) / tokens);
        }
      }
    }
    return coefficients;
  }

  private void measure() {
    double sum = 0;
    for (List<Taught> part : MicroBatches.of(heldOut, settings.microRows())) {
      sum +=
          divergence(
              part, student.tokenLogProbs(part.stream().map(Taught::tokens).toList(), temperature));
    }
    double mean = sum / tokens(heldOut);
    metrics.add(new Metric("heldOutDivergence", training.steps(), mean));
    best.offer(training.steps(), mean, adapter());
  }

  private static double divergence(List<Taught> part, float[][] logProbs) {
    double sum = 0;
    for (int i = 0; i < part.size(); i++) {
      Taught taught = part.get(i);
      for (int t = 0; t < logProbs[i].length; t++) {
        if (taught.row().supervised()[t]) {
          sum += DistillationLoss.of(taught.teacher()[t], logProbs[i][t]);
        }
      }
    }
    return sum;
  }

  private static int tokens(List<Taught> part) {
    int tokens = 0;
    for (Taught taught : part) {
      for (boolean supervised : taught.row().supervised()) {
        tokens += supervised ? 1 : 0;
      }
    }
    return tokens;
  }

  private SequencedMap<String, Tensor> adapter() {
    return student.adapter().orElseThrow().weights();
  }

  /// The adapter with the lowest held-out divergence.
  SequencedMap<String, Tensor> result() {
    return best.weights();
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

  @Override
  public void close() {
    training.close();
  }
}
