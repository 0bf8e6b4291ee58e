package org.alignmentworkbench.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.registry.ModelRegistry;

/// `import`: a GGUF file becomes a registered model, and that is loaded again and again in the same
/// process, each time from its files alone. They are in the page cache: they were just written.
final class ImportWork {
  private ImportWork() {}

  /// Times of one load, in milliseconds.
  private record Load(double loaded, double withLogits) {}

  /// Imports once and loads as often as the bench repeats.
  static BenchWork.Measured measured(Bench bench, int threads, Precision precision, Path files)
      throws IOException {
    ModelRegistry registry = new ModelRegistry(files.resolve(BenchFiles.MODELS));
    try (Engine engine = Engine.start(EngineSettings.cpu(threads).in(precision))) {
      long start = System.nanoTime();
      var _ =
          registry.importModel(
              BenchFiles.MODEL, files.resolve(BenchFiles.GGUF), (name, done, of) -> {});
      double imported = (System.nanoTime() - start) * 1e-9;
      Load[] loads = new Load[bench.repetitions()];
      for (int i = 0; i < loads.length; i++) {
        loads[i] = load(registry, engine);
      }
      var values = new LinkedHashMap<String, Double>();
      values.put(Bench.LOAD.name(), Median.of(column(loads, false)));
      values.put(Bench.FIRST_LOAD.name(), loads[0].loaded());
      values.put(Bench.LOAD_AND_LOGITS.name(), Median.of(column(loads, true)));
      values.put(Bench.IMPORT_TIME.name(), imported);
      Double resident = BenchWork.peakMiB();
      if (resident != null) {
        values.put(Bench.MEMORY.name(), resident);
      }
      return new BenchWork.Measured(values, null);
    } finally {
      // The next process imports it anew.
      boolean _ = registry.remove(BenchFiles.MODEL);
    }
  }

  private static double[] column(Load[] loads, boolean withLogits) {
    return Arrays.stream(loads)
        .mapToDouble(load -> withLogits ? load.withLogits() : load.loaded())
        .toArray();
  }

  private static Load load(ModelRegistry registry, Engine engine) throws IOException {
    long start = System.nanoTime();
    Path folder = registry.find(BenchFiles.MODEL).orElseThrow();
    try (StoredModel stored = ModelRegistry.open(folder);
        LlamaModel model = stored.load(engine)) {
      double loaded = (System.nanoTime() - start) * 1e-6;
      model.logits(new int[] {1}, 0, (at, logits) -> {});
      return new Load(loaded, (System.nanoTime() - start) * 1e-6);
    }
  }
}
