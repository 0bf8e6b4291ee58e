package org.alignmentworkbench.model.runtime;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.tensor.Tensor;

/// A model's weights laid out for decoding in plain Java. Immutable; sessions share it.
public final class RuntimeModel {
  private final LlamaConfig config;
  private final Projection embedding;
  private final Projection output;
  private final float[] finalNorm;
  private final Layer[] layers;

  record Layer(
      float[] inputNorm,
      float[] postAttentionNorm,
      HeadDressing dressing,
      EnumMap<LinearModule, Projection> linear) {
    Projection of(LinearModule module) {
      Projection projection = linear.get(module);
      if (projection == null) {
        throw new IllegalStateException("a layer has all seven projections, not " + module);
      }
      return projection;
    }
  }

  private RuntimeModel(
      LlamaConfig config, Function<String, Projection> projection, Function<String, float[]> norm) {
    this.config = config;
    this.embedding = projection.apply(LlamaConfig.EMBEDDING);
    this.output = config.tiedEmbeddings() ? embedding : projection.apply(LlamaConfig.OUTPUT);
    this.finalNorm = norm.apply(LlamaConfig.FINAL_NORM);
    this.layers = new Layer[config.layers()];
    for (int l = 0; l < layers.length; l++) {
      EnumMap<LinearModule, Projection> linear = new EnumMap<>(LinearModule.class);
      for (LinearModule module : LinearModule.values()) {
        linear.put(module, projection.apply(module.weightName(l)));
      }
      layers[l] =
          new Layer(
              norm.apply(LlamaConfig.inputNormName(l)),
              norm.apply(LlamaConfig.postAttentionNormName(l)),
              HeadDressing.of(config, l, norm),
              linear);
    }
  }

  /// A model of full-precision weights.
  public static RuntimeModel dense(LlamaConfig config, Map<String, Tensor> weights) {
    Map<String, Tensor> checked = config.checkWeights(weights);
    return new RuntimeModel(
        config, name -> Projection.of(find(checked, name)), name -> find(checked, name).data());
  }

  /// A compressed model; its indices stay packed.
  public static RuntimeModel palettized(PalettizedModel model) {
    return new RuntimeModel(
        model.config(),
        name -> Projection.of(model.weight(name)),
        name -> model.weight(name).dense().data());
  }

  private static Tensor find(Map<String, Tensor> weights, String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("weight missing: " + name);
    }
    return tensor;
  }

  /// The shape of the model.
  public LlamaConfig config() {
    return config;
  }

  /// A new, empty session without an adapter.
  public DecodeSession session() {
    return new DecodeSession(this, Optional.empty());
  }

  /// A new, empty session that runs with an adapter.
  public DecodeSession session(RuntimeAdapter adapter) {
    return new DecodeSession(this, Optional.of(adapter));
  }

  Projection embedding() {
    return embedding;
  }

  Projection output() {
    return output;
  }

  float[] finalNorm() {
    return finalNorm;
  }

  Layer layer(int layer) {
    return layers[layer];
  }
}
