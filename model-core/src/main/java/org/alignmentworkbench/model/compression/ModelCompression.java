package org.alignmentworkbench.model.compression;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.palette.HalfTensor;
import org.alignmentworkbench.model.palette.Int8Rows;
import org.alignmentworkbench.model.palette.LayerInputs;
import org.alignmentworkbench.model.palette.PackedWeight;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PaletteSettings;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.palette.Palettizer;
import org.alignmentworkbench.model.tensor.Tensor;

/// Stores every weight of a model in its compressed form: projections as indices into tables,
/// embedding and output matrix as 8-bit integers, norms as halves.
public final class ModelCompression {
  private ModelCompression() {}

  /// The compressed model.
  ///
  /// @param inputs what each projection reads
  /// @param widths how many bits an index of each projection takes
  public static PalettizedModel palettize(
      LlamaConfig config,
      Map<String, Tensor> weights,
      LayerInputs inputs,
      Map<String, PaletteBits> widths,
      PaletteSettings settings) {
    Palettizer palettizer = new Palettizer(settings);
    Map<String, PackedWeight> packed = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : config.checkWeights(weights).entrySet()) {
      String name = entry.getKey();
      Tensor weight = entry.getValue();
      if (weight.rank() == 1) {
        packed.put(name, HalfTensor.of(weight));
      } else if (name.equals(LlamaConfig.EMBEDDING) || name.equals(LlamaConfig.OUTPUT)) {
        packed.put(name, Int8Rows.of(weight));
      } else {
        PaletteBits width = widths.get(name);
        if (width == null) {
          throw new IllegalArgumentException("no width was chosen for " + name);
        }
        packed.put(name, palettizer.palettize(weight, inputs.of(name), width));
      }
    }
    return new PalettizedModel(config, packed);
  }
}
