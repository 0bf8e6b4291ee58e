package org.alignmentworkbench.app.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.tensor.Tensor;

/// The shapes that benches run on, with random weights: speed does not depend on their values.
enum BenchShape {
  /// SmolLM2-135M.
  SMOL("smollm2", 49_152, 576, 1_536, 30, 9, 3, 64),
  /// Four layers of width 128.
  NANO("nano", 1_024, 128, 352, 4, 4, 2, 32);

  private final String peerName;
  private final int vocabulary;
  private final int width;
  private final int feedForward;
  private final int layers;
  private final int heads;
  private final int keyValueHeads;
  private final int headSize;

  BenchShape(
      String peerName,
      int vocabulary,
      int width,
      int feedForward,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize) {
    this.peerName = peerName;
    this.vocabulary = vocabulary;
    this.width = width;
    this.feedForward = feedForward;
    this.layers = layers;
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
  }

  /// What the peer programs call it.
  String peerName() {
    return peerName;
  }

  LlamaConfig config() {
    return new LlamaConfig(
        vocabulary,
        width,
        feedForward,
        layers,
        heads,
        keyValueHeads,
        headSize,
        2_048,
        10_000,
        1e-5,
        true,
        LlamaConfig.SpecialIds.NONE);
  }

  /// Uniform weights of deviation 0.02; norms are 1.
  Map<String, Tensor> weights() {
    SplittableRandom random = new SplittableRandom(1);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    config()
        .weightShapes()
        .forEach((name, shape) -> {
          Tensor weight = Tensor.zeros(shape);
          float[] data = weight.data();
          for (int i = 0; i < data.length; i++) {
            data[i] = shape.length == 1 ? 1 : (random.nextFloat() - 0.5f) * 0.07f;
          }
          weights.put(name, weight);
        });
    return weights;
  }

  /// Multiply-adds of the linear maps for one token, counted as two operations each, without the
  /// output layer.
  double linearOperations() {
    double weights = 0;
    for (Map.Entry<String, int[]> entry : config().weightShapes().entrySet()) {
      if (entry.getKey().endsWith("_proj.weight")) {
        weights += (double) entry.getValue()[0] * entry.getValue()[1];
      }
    }
    return 2 * weights;
  }

  /// The same for the output layer.
  double outputOperations() {
    return 2.0 * vocabulary * width;
  }

  /// The same for the two products of causal attention, averaged over a row of this length.
  double attentionOperations(int length) {
    double seen = (length + 1) / 2.0;
    return 2 * 2 * seen * layers * heads * headSize;
  }
}
