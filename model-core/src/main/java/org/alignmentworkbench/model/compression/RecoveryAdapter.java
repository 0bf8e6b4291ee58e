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
        Tensor before = checked.get(name);
        if (before == null) {
          throw new IllegalArgumentException("weight missing: " + name);
        }
        LowRankCorrection pair =
            LowRankCorrection.of(
                before, packed.weight(name).dense(), inputs.of(name), lora.rank(), lora.scale());
        weights.put(LoraConfig.nameA(layer, module), pair.a());
        weights.put(LoraConfig.nameB(layer, module), pair.b());
      }
    }
    return new LoraAdapter(lora, weights);
  }
}
