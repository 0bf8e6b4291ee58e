package org.alignmentworkbench.app.bench;

import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignmentworkbench.model.engine.NativeFloats;
import org.alignmentworkbench.model.llama.LlamaConfig;

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

  /// Uniform weights of deviation 0.02; norms are 1. Outside the heap, as those of a registered
  /// model are.
  NativeFloats weights() {
    SplittableRandom random = new SplittableRandom(1);
    long size = 0;
    for (int[] shape : config().weightShapes().values()) {
      size += size(shape);
    }
    NativeFloats weights = NativeFloats.allocate(size);
    long at = 0;
    for (int[] shape : config().weightShapes().values()) {
      for (long i = 0; i < size(shape); i++) {
        float value = shape.length == 1 ? 1 : (random.nextFloat() - 0.5f) * 0.07f;
        weights.segment().setAtIndex(ValueLayout.JAVA_FLOAT, at++, value);
      }
    }
    return weights;
  }

  private static long size(int[] shape) {
    long size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    return size;
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
