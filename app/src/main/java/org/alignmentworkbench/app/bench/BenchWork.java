package org.alignmentworkbench.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.ProductSpeed;
import org.alignmentworkbench.model.engine.ResidentMemory;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;
import org.jspecify.annotations.Nullable;

/// Our side of a bench, alone in its process.
final class BenchWork {
  /// Repetitions before the clock runs.
  static final int WARM_UPS = 2;

  /// Every training's.
  static final double LEARNING_RATE = 1e-4;

  private BenchWork() {}

  /// What one process measured.
  ///
  /// @param values by the names of the bench's quantities; one that could not be measured is left
  ///   out
  /// @param firstLoss the loss before the first step, null where there is none to compare
  record Measured(SequencedMap<String, Double> values, @Nullable Double firstLoss) {
    /// Of a quantity; NaN where it was not measured.
    double of(Bench.Quantity quantity) {
      return values.getOrDefault(quantity.name(), Double.NaN);
    }
  }

  /// What is done with a work that can be repeated.
  @FunctionalInterface
  interface Use<T> {
    /// @param work does it once and tells its tokens
    T of(Bench bench, Engine engine, IntSupplier work) throws IOException;
  }

  /// Makes the bench's work ready on an engine of its own and uses it.
  static <T> T run(Bench bench, int threads, Precision precision, Use<T> use) throws IOException {
    try (Engine engine = Engine.start(EngineSettings.cpu(threads).in(precision));
        LlamaModel model =
            LlamaModel.load(engine, bench.shape().config(), bench.shape().weights())) {
      return switch (bench.kind()) {
        case ADAPTER_TRAINING -> {
          LoraAdapter adapter =
              LoraAdapter.fresh(
                  bench.shape().config(),
                  LoraConfig.everywhere(16, 32),
                  CounterStream.of(1, "adapter", 0, 0));
          try (LlamaModel adapted = model.withAdapter(adapter)) {
            yield training(bench, engine, adapted, use);
          }
        }
        case FULL_TRAINING -> training(bench, engine, model, use);
        case ROLLOUT -> use.of(bench, engine, () -> rollout(bench, model));
        case SCORING -> {
          List<TokenRow> rows = rows(bench);
          yield use.of(
              bench,
              engine,
              () -> {
                model.tokenLogProbs(rows, 1.0);
                return tokens(bench);
              });
        }
        case RAGGED_TRAINING, IMPORT ->
            throw new IllegalArgumentException(
                "bench '"
                    + bench.label()
                    + "' has no profile: it works on files that are prepared for it");
      };
    }
  }

  private static <T> T training(Bench bench, Engine engine, LlamaModel model, Use<T> use)
      throws IOException {
    model.body().recompute(bench.recomputes());
    try (Training training = Training.of(model, AdamW.withDecay(0.1))) {
      List<TokenRow> rows = rows(bench);
      float[][] coefficients = new float[bench.batch()][bench.length()];
      for (float[] row : coefficients) {
        Arrays.fill(row, 1, row.length, -1f / (bench.batch() * (bench.length() - 1)));
      }
      return use.of(
          bench,
          engine,
          () -> {
            training.accumulate(rows, 1.0, coefficients);
            training.step(LEARNING_RATE);
            return tokens(bench);
          });
    }
  }

  private static int rollout(Bench bench, LlamaModel model) {
    List<int[]> prompts = new ArrayList<>();
    List<CounterStream> streams = new ArrayList<>();
    for (int row = 0; row < bench.batch(); row++) {
      prompts.add(ids(bench, row));
      streams.add(CounterStream.of(1, "rollout", 0, row));
    }
    return Generator.generate(
            model, prompts, SamplingSettings.sampled(1.0, Bench.NEW_TOKENS, Set.of()), streams)
        .stream()
        .mapToInt(Generation::length)
        .sum();
  }

  /// The table of where the time of one repetition goes.
  static String profiled(Bench bench, Engine engine, IntSupplier work) throws IOException {
    for (int i = 0; i < WARM_UPS; i++) {
      int _ = work.getAsInt();
    }
    Path trace = Files.createTempFile("workbench-profile", ".json");
    try {
      engine.profile(work, trace);
      return KernelProfile.read(trace).table(peak(bench, engine));
    } finally {
      Files.delete(trace);
    }
  }

  private static double peak(Bench bench, Engine engine) {
    return ProductSpeed.best(
        engine,
        tokens(bench),
        bench.shape().config().hiddenSize(),
        bench.shape().config().intermediateSize(),
        engine.settings().precision());
  }

  /// Speed, memory and share of the peak.
  static Measured measured(Bench bench, Engine engine, IntSupplier work) throws IOException {
    ProductSpeed.requireGain(engine);
    int tokens = 0;
    for (int i = 0; i < WARM_UPS; i++) {
      tokens = work.getAsInt();
    }
    double[] seconds = new double[bench.repetitions()];
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      tokens = work.getAsInt();
      seconds[i] = (System.nanoTime() - start) * 1e-9;
    }
    double rate = tokens / Median.of(seconds);
    // Before the peak is measured: its arrays are no part of the work.
    Double resident = peakMiB();
    var values = new LinkedHashMap<String, Double>();
    values.put(bench.speed().name(), rate);
    if (resident != null) {
      values.put(Bench.MEMORY.name(), resident);
    }
    if (bench.kind() != Bench.Kind.ROLLOUT) {
      values.put(Bench.SHARE_OF_PEAK.name(), rate * operations(bench) / peak(bench, engine));
    }
    return new Measured(values, null);
  }

  /// Operations of matrix products for one token. A frozen map costs its product forward and the
  /// one that passes the gradient on; a trained one a third, for its own gradient.
  private static double operations(Bench bench) {
    BenchShape shape = bench.shape();
    double linear = shape.linearOperations();
    double output = shape.outputOperations();
    double attention = shape.attentionOperations(bench.length());
    return switch (bench.kind()) {
      case ADAPTER_TRAINING -> 2 * (linear + output) + 3 * attention;
      case FULL_TRAINING -> 3 * (linear + output + attention);
      case SCORING -> linear + output + attention;
      case ROLLOUT, RAGGED_TRAINING, IMPORT ->
          throw new IllegalArgumentException(bench.label() + " is not measured by its products");
    };
  }

  private static int tokens(Bench bench) {
    return bench.batch() * bench.length();
  }

  private static List<TokenRow> rows(Bench bench) {
    List<TokenRow> rows = new ArrayList<>();
    for (int row = 0; row < bench.batch(); row++) {
      rows.add(TokenRow.of(ids(bench, row)));
    }
    return rows;
  }

  /// Random tokens: no two rows begin alike, so none share work.
  private static int[] ids(Bench bench, int row) {
    return new SplittableRandom(row + 3L)
        .ints(bench.length(), 5, bench.shape().config().vocabularySize())
        .toArray();
  }

  /// Resident set at its highest, null where the system does not tell.
  static @Nullable Double peakMiB() throws IOException {
    OptionalLong peak = ResidentMemory.peak();
    return peak.isEmpty() ? null : (Double) (peak.getAsLong() / (double) (1 << 20));
  }
}
