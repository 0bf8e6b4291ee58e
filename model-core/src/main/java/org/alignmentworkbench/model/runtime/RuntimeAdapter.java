package org.alignmentworkbench.model.runtime;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A low-rank adapter ready to run: `y = W x + scale * B (A x)` in each projection that has one.
///
/// It is kept apart from the base, which stays as it is stored, so that requests with different
/// adapters can share one base.
public final class RuntimeAdapter {
  private static final String PREFIX = "base_model.model.";

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

  /// The adapter of these tensors, named as PEFT does
  /// (`base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`, ...).
  ///
  /// @param scale alpha divided by the rank
  public static RuntimeAdapter of(LlamaConfig config, Map<String, Tensor> tensors, double scale) {
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be finite, was " + scale);
    }
    Map<String, Pair> pairs = new HashMap<>();
    int used = 0;
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : LinearModule.values()) {
        String weight = module.weightName(layer);
        String path = PREFIX + weight.substring(0, weight.length() - ".weight".length());
        Tensor a = tensors.get(path + ".lora_A.weight");
        Tensor b = tensors.get(path + ".lora_B.weight");
        if (a == null && b == null) {
          continue;
        }
        if (a == null || b == null) {
          throw new IllegalArgumentException(path + ": an adapter needs both lora_A and lora_B");
        }
        int rank = a.extent(0);
        int inputs = module.inputs(config);
        int outputs = module.outputs(config);
        if (a.rank() != 2
            || b.rank() != 2
            || a.extent(1) != inputs
            || b.extent(0) != outputs
            || b.extent(1) != rank) {
          throw new IllegalArgumentException(
              path + ": must be [r, " + inputs + "] and [" + outputs + ", r], was " + a + ", " + b);
        }
        pairs.put(weight, new Pair(rank, inputs, outputs, a.data(), b.data(), (float) scale));
        used += 2;
      }
    }
    if (used != tensors.size()) {
      throw new IllegalArgumentException(
          "an adapter must hold only pairs for this model's projections: "
              + tensors.size()
              + " tensors, "
              + used
              + " of them known");
    }
    return new RuntimeAdapter(pairs);
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
