package org.alignmentworkbench.model.compression;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.palette.LayerInputs;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.tensor.Tensor;

/// The accuracy-recovery adapter before it is trained: each pair is the `LowRankCorrection` of its
/// projection, so training goes on from a model that is already nearer to the uncompressed one.
public final class RecoveryAdapter {
  private RecoveryAdapter() {}

  /// The adapter for a compressed model.
  ///
  /// @param dense the weights before compression
  /// @param inputs what each projection reads
  public static LoraAdapter start(
      Map<String, Tensor> dense, PalettizedModel packed, LayerInputs inputs, LoraConfig lora) {
    LlamaConfig config = packed.config();
    Map<String, Tensor> checked = config.checkWeights(dense);
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : lora.modules()) {
        String name = module.weightName(layer);
        Tensor before = find(checked, name);
        LowRankCorrection pair =
            LowRankCorrection.of(
                before, packed.weight(name).dense(), inputs.of(name), lora.rank(), lora.scale());
        weights.put(LoraConfig.nameA(layer, module), pair.a());
        weights.put(LoraConfig.nameB(layer, module), pair.b());
      }
    }
    return new LoraAdapter(lora, weights);
  }

  /// The weights with an adapter worked in: `W + scale * B A` in each adapted projection.
  public static SequencedMap<String, Tensor> merged(
      LlamaConfig config, Map<String, Tensor> base, LoraAdapter adapter) {
    SequencedMap<String, Tensor> merged = new LinkedHashMap<>(config.checkWeights(base));
    int rank = adapter.config().rank();
    float scale = (float) adapter.config().scale();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : adapter.config().modules()) {
        String name = module.weightName(layer);
        float[] a = find(adapter.weights(), LoraConfig.nameA(layer, module)).data();
        float[] b = find(adapter.weights(), LoraConfig.nameB(layer, module)).data();
        Tensor weight = find(merged, name).copy();
        int columns = weight.extent(1);
        for (int r = 0; r < weight.extent(0); r++) {
          for (int k = 0; k < rank; k++) {
            float factor = scale * b[r * rank + k];
            for (int c = 0; c < columns; c++) {
              weight.data()[r * columns + c] += factor * a[k * columns + c];
            }
          }
        }
        merged.put(name, weight);
      }
    }
    return merged;
  }

  private static Tensor find(Map<String, Tensor> weights, String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("weight missing: " + name);
    }
    return tensor;
  }
}
