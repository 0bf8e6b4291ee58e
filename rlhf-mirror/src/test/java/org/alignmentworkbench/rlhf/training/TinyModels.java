package org.alignmentworkbench.rlhf.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;

/// Llama decoders with random weights, small enough to train in a test.
public final class TinyModels {
  /// One engine for all tests of a JVM: natives load once.
  private static final class Shared {
    static final Engine ENGINE = Engine.start(EngineSettings.cpu(1));
  }

  public static final LlamaConfig CONFIG =
      new LlamaConfig(16, 16, 32, 1, 2, 1, 8, 64, 10000, 1e-5, true, LlamaConfig.SpecialIds.NONE);

  private TinyModels() {}

  public static Engine engine() {
    return Shared.ENGINE;
  }

  public static LlamaModel policy(long seed) {
    return LlamaModel.load(engine(), CONFIG, weights(CONFIG, seed));
  }

  public static SequencedMap<String, Tensor> weights(LlamaConfig config, long seed) {
    var weights = new LinkedHashMap<String, Tensor>();
    for (Map.Entry<String, int[]> entry : shapes(config).entrySet()) {
      Tensor tensor = Tensor.zeros(entry.getValue());
      CounterStream stream = CounterStream.named(seed, "tiny-weights", entry.getKey());
      for (int i = 0; i < tensor.size(); i++) {
        tensor.data()[i] = entry.getKey().contains("norm") ? 1 : (float) (0.25 * stream.normal(i));
      }
      weights.put(entry.getKey(), tensor);
    }
    return weights;
  }

  private static Map<String, int[]> shapes(LlamaConfig config) {
    return config.weightShapes();
  }
}
