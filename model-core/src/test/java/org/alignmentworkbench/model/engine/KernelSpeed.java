package org.alignmentworkbench.model.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.training.AdamW;
import org.alignmentworkbench.model.training.Training;

/// Tokens a second of the base model's shape, printed; a program to run by hand, not a test. Beside
/// the median by the clock stands the kernel thread's own processor time, which other work on the
/// machine disturbs less; with one thread it is what a quiet machine would need.
///
/// ```
/// java -cp <test class path> org.alignmentworkbench.model.engine.KernelSpeed THREADS [ROUNDS]
/// ```
public final class KernelSpeed {
  private static final LlamaConfig NANO =
      new LlamaConfig(
          1024, 128, 384, 6, 4, 2, 32, 512, 10000, 1e-5, true, LlamaConfig.SpecialIds.NONE);

  private static double processorSeconds;

  private KernelSpeed() {}

  public static void main(String[] arguments) {
    int threads = Integer.parseInt(arguments[0]);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    try (Engine engine = Engine.start(EngineSettings.cpu(threads));
        LlamaModel model = LlamaModel.load(engine, NANO, weights());
        LlamaModel adapted =
            model.withAdapter(
                LoraAdapter.fresh(
                    NANO, LoraConfig.everywhere(16, 32), CounterStream.of(1, "a", 0, 0)));
        Training full = Training.of(model, AdamW.withDecay(0.1));
        Training lora = Training.of(adapted, AdamW.withDecay(0.1))) {
      List<TokenRow> even = rows(16, 128, 128);
      List<TokenRow> ragged = rows(32, 40, 128);
      float[][] c = Fixture.constant(even, -1e-3);
      float[][] raggedC = Fixture.constant(ragged, -1e-3);
      report("full training 16 x 128", rounds, tokens(even), () -> step(full, even, c));
      report("full training ragged 32", rounds, tokens(ragged), () -> step(full, ragged, raggedC));
      report(
          "coefficients from log-probs, ragged 32",
          rounds,
          tokens(ragged),
          () -> {
            full.accumulate(ragged, 1.0, logProbs -> raggedC);
            return full.step(1e-4);
          });
      report("adapter training 16 x 128", rounds, tokens(even), () -> step(lora, even, c));
      report("scoring 16 x 128", rounds, tokens(even), () -> model.tokenLogProbs(even, 1.0));
      for (int batch : new int[] {16, 64, 256}) {
        List<int[]> prompts = new ArrayList<>();
        List<CounterStream> streams = new ArrayList<>();
        for (int r = 0; r < batch; r++) {
          prompts.add(ids(r, 40 + r % 32));
          streams.add(CounterStream.of(1, "rollout", 0, r));
        }
        long[] made = new long[1];
        double seconds =
            median(
                Math.max(3, rounds / 2),
                () -> {
                  List<Generation> out =
                      Generator.generate(
                          model, prompts, SamplingSettings.sampled(1.0, 64, Set.of()), streams);
                  made[0] = out.stream().mapToInt(Generation::length).sum();
                  return out;
                });
        System.out.printf(
            "sampling %d prompts, 64 new: %.0f tokens/s (%.1f ms, processor %.1f ms)%n",
            batch, made[0] / seconds, seconds * 1e3, processorSeconds * 1e3);
      }
    }
  }

  private static double step(Training training, List<TokenRow> rows, float[][] c) {
    training.accumulate(rows, 1.0, c);
    return training.step(1e-4);
  }

  private static void report(String what, int rounds, int tokens, Supplier<Object> work) {
    double seconds = median(rounds, work);
    System.out.printf(
        "%s: %.0f tokens/s (%.1f ms; processor %.1f ms, %.0f tokens/s)%n",
        what, tokens / seconds, seconds * 1e3, processorSeconds * 1e3, tokens / processorSeconds);
  }

  private static double median(int rounds, Supplier<Object> work) {
    double[] seconds = new double[rounds];
    double[] processor = new double[rounds];
    work.get();
    work.get();
    for (int i = 0; i < rounds; i++) {
      long before = processorNanos();
      long start = System.nanoTime();
      if (work.get() == null) {
        throw new IllegalStateException("no result");
      }
      seconds[i] = (System.nanoTime() - start) * 1e-9;
      processor[i] = (processorNanos() - before) * 1e-9;
    }
    Arrays.sort(seconds);
    Arrays.sort(processor);
    processorSeconds = processor[rounds / 4];
    return seconds[rounds / 2];
  }

  private static long processorNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().equals("kernels")) {
        return threads.getThreadCpuTime(id);
      }
    }
    throw new IllegalStateException("no kernel thread");
  }

  private static int tokens(List<TokenRow> rows) {
    return rows.stream().mapToInt(TokenRow::length).sum();
  }

  private static int[] ids(int row, int length) {
    int[] ids = new int[length];
    for (int t = 0; t < length; t++) {
      ids[t] = (row * 131 + t * 17) % 1024;
    }
    return ids;
  }

  private static List<TokenRow> rows(int count, int shortest, int longest) {
    List<TokenRow> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      int length = shortest + (longest - shortest) * r / Math.max(1, count - 1);
      rows.add(TokenRow.of(ids(r, length)));
    }
    return rows;
  }

  private static Map<String, Tensor> weights() {
    CounterStream stream = CounterStream.of(1, "weights", 0, 0);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    int drawn = 0;
    for (var entry : NANO.weightShapes().entrySet()) {
      Tensor weight = Tensor.zeros(entry.getValue());
      boolean norm = entry.getValue().length == 1;
      for (int i = 0; i < weight.size(); i++) {
        weight.data()[i] = norm ? 1 : (float) (0.05 * stream.normal(drawn++));
      }
      weights.put(entry.getKey(), weight);
    }
    return weights;
  }
}
