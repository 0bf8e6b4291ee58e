package org.alignmentworkbench.model.runtime;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A low-rank adapter ready to run: `y = W x + scale * B (A x)` in each projection that has one.
///
/// It is kept apart from the base, which stays as it is stored, so that requests with different
/// adapters can share one base.
public final class RuntimeAdapter {
  private final Map<String, Pair> pairs;

  private RuntimeAdapter(Map<String, Pair> pairs) {
    this.pairs = Map.copyOf(pairs);
  }

  /// The two factors of a projection's correction.
  record Pair(int rank, int inputs, int outputs, float[] a, float[] b, float scale) {
    /// Adds `scale * B (A x)` to `y`.
    void addTo(float[] x, float[] y, float[] low) {
      for (int k = 0; k < rank; k++) {
        float sum = 0;
        for (int i = 0; i < inputs; i++) {
          sum += a[k * inputs + i] * x[i];
        }
        low[k] = scale * sum;
      }
      for (int r = 0; r < outputs; r++) {
        float sum = 0;
        for (int k = 0; k < rank; k++) {
          sum += b[r * rank + k] * low[k];
        }
        y[r] += sum;
      }
    }
  }

  /// An adapter for a model of this shape.
  public static RuntimeAdapter of(LlamaConfig config, LoraAdapter adapter) {
    Map<String, Pair> pairs = new HashMap<>();
    Map<String, int[]> shapes = adapter.config().weightShapes(config);
    if (!adapter.weights().keySet().equals(shapes.keySet())) {
      throw new IllegalArgumentException(
          "an adapter must hold just the pairs of its configuration for this model: "
              + shapes.size()
              + " tensors, has "
              + adapter.weights().size());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : adapter.config().modules()) {
        pairs.put(
            module.weightName(layer),
            new Pair(
                adapter.config().rank(),
                module.inputs(config),
                module.outputs(config),
                values(adapter, LoraConfig.nameA(layer, module), shapes),
                values(adapter, LoraConfig.nameB(layer, module), shapes),
                (float) adapter.config().scale()));
      }
    }
    return new RuntimeAdapter(pairs);
  }

  private static float[] values(LoraAdapter adapter, String name, Map<String, int[]> shapes) {
    Tensor tensor = adapter.weights().get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shapes.get(name))) {
      throw new IllegalArgumentException(
          name + " must have shape " + Arrays.toString(shapes.get(name)) + ", was " + tensor);
    }
    return tensor.data();
  }

  /// The corrections of one layer.
  EnumMap<LinearModule, Pair> layer(int layer) {
    EnumMap<LinearModule, Pair> own = new EnumMap<>(LinearModule.class);
    for (LinearModule module : LinearModule.values()) {
      @Nullable Pair pair = pairs.get(module.weightName(layer));
      if (pair != null) {
        own.put(module, pair);
      }
    }
    return own;
  }
}
