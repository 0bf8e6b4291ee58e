package org.alignmentworkbench.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.ProductSpeed;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.alignmentworkbench.sft.loss.SupervisedLoss;
import tools.jackson.databind.json.JsonMapper;

/// Our side of `ragged`: conversations of all lengths, packed. Batches differ in size, so the speed
/// is all supervised tokens over all seconds.
final class RaggedWork {
  private RaggedWork() {}

  /// A step's loss, in nats a supervised token, and its sizes.
  private record Step(double loss, int supervised, int tokens) {}

  /// Trains on all batches, the first of them before the clock runs.
  static BenchWork.Measured measured(Bench bench, int threads, Precision precision, Path files)
      throws IOException {
    List<List<BenchFiles.Row>> batches =
        JsonMapper.shared()
            .readValue(
                Files.readString(files.resolve(BenchFiles.BATCHES)), BenchFiles.Batches.class)
            .batches();
    Path folder = files.resolve(BenchFiles.MODELS).resolve(BenchFiles.MODEL);
    try (Engine engine = Engine.start(EngineSettings.cpu(threads).in(precision));
        StoredModel stored = ModelRegistry.open(folder);
        LlamaModel base = stored.load(engine)) {
      ProductSpeed.requireGain(engine);
      LoraAdapter adapter =
          LoraAdapter.fresh(
              base.config(), LoraConfig.everywhere(16, 32), CounterStream.of(1, "adapter", 0, 0));
      try (LlamaModel model = base.withAdapter(adapter);
          Training training = Training.of(model, AdamW.withDecay(0.1))) {
        return trained(bench, training, batches);
      }
    }
  }

  private static BenchWork.Measured trained(
      Bench bench, Training training, List<List<BenchFiles.Row>> batches) throws IOException {
    double firstLoss = step(training, batches.getFirst()).loss();
    for (List<BenchFiles.Row> batch : batches.subList(1, BenchWork.WARM_UPS)) {
      Step _ = step(training, batch);
    }
    int supervised = 0;
    int tokens = 0;
    long start = System.nanoTime();
    for (List<BenchFiles.Row> batch : batches.subList(BenchWork.WARM_UPS, batches.size())) {
      Step done = step(training, batch);
      supervised += done.supervised();
      tokens += done.tokens();
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    var values = new LinkedHashMap<String, Double>();
    values.put(bench.speed().name(), supervised / seconds);
    values.put(Bench.ALL_TOKENS.name(), tokens / seconds);
    Double resident = BenchWork.peakMiB();
    if (resident != null) {
      values.put(Bench.MEMORY.name(), resident);
    }
    return new BenchWork.Measured(values, firstLoss);
  }

  private static Step step(Training training, List<BenchFiles.Row> batch) {
    List<boolean[]> masks = batch.stream().map(BenchFiles.Row::supervised).toList();
    int supervised = SupervisedLoss.tokens(masks);
    float[][] coefficients =
        masks.stream()
            .map(mask -> SupervisedLoss.coefficients(mask, supervised))
            .toArray(float[][]::new);
    float[][] logProbs =
        training.accumulate(
            batch.stream().map(row -> new TokenRow(row.ids(), row.supervised())).toList(),
            1.0,
            coefficients);
    double _ = training.step(BenchWork.LEARNING_RATE);
    double loss = 0;
    int tokens = 0;
    for (int row = 0; row < batch.size(); row++) {
      loss += SupervisedLoss.negativeLogLikelihood(logProbs[row], masks.get(row));
      tokens += batch.get(row).ids().length;
    }
    return new Step(loss / supervised, supervised, tokens);
  }
}
