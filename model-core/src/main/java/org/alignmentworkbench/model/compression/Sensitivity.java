package org.alignmentworkbench.model.compression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.palette.BitAllocation.Candidate;
import org.alignmentworkbench.model.palette.LayerInputs;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PaletteSettings;
import org.alignmentworkbench.model.palette.Palettizer;
import org.alignmentworkbench.model.tensor.Tensor;

/// Measures what storing one projection at 2 or at 4 bits costs: the divergence of the model's
/// output when that projection alone is palettized, with the very method that will store it.
public final class Sensitivity {
  private final LlamaConfig config;
  private final LayerInputs inputs;
  private final OutputDivergence divergence;
  private final PaletteSettings settings;

  /// A measurement with these inputs and on the texts of `divergence`.
  public Sensitivity(
      LlamaConfig config,
      LayerInputs inputs,
      OutputDivergence divergence,
      PaletteSettings settings) {
    this.config = config;
    this.inputs = inputs;
    this.divergence = divergence;
    this.settings = settings;
  }

  /// What one projection costs.
  public Candidate measure(int layer, LinearModule module, Tensor weight) {
    String name = module.weightName(layer);
    return Candidate.of(
        name,
        module.outputs(config),
        module.inputs(config),
        settings.groupRows(),
        loss(name, layer, weight, PaletteBits.TWO),
        loss(name, layer, weight, PaletteBits.FOUR));
  }

  private double loss(String name, int layer, Tensor weight, PaletteBits width) {
    Tensor changed = new Palettizer(settings).palettize(weight, inputs.of(name), width).dense();
    return divergence.with(name, layer, changed);
  }

  /// Every projection of one layer, in the order of the computation.
  public List<Candidate> layer(int layer, Map<String, Tensor> weights) {
    List<Candidate> candidates = new ArrayList<>();
    for (LinearModule module : LinearModule.values()) {
      String name = module.weightName(layer);
      Tensor weight = weights.get(name);
      if (weight == null) {
        throw new IllegalArgumentException("weight missing: " + name);
      }
      candidates.add(measure(layer, module, weight));
    }
    return candidates;
  }
}
