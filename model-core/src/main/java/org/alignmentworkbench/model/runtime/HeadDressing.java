package org.alignmentworkbench.model.runtime;

import java.util.function.Function;
import org.alignmentworkbench.model.llama.LinearModule;
import org.alignmentworkbench.model.llama.LlamaConfig;

/// What an architecture does to the queries, keys and values of a token before they are turned:
/// nothing, a bias, or a norm of every query and key head.
final class HeadDressing {
  private final LlamaConfig config;
  private final float[][] pieces;

  private HeadDressing(LlamaConfig config, float[][] pieces) {
    this.config = config;
    this.pieces = pieces;
  }

  /// That of a layer, with its vectors by name.
  static HeadDressing of(LlamaConfig config, int layer, Function<String, float[]> vectors) {
    return new HeadDressing(
        config, config.extraNames(layer).stream().map(vectors).toArray(float[][]::new));
  }

  /// Changes one token's queries, keys and values in place, from an index on in each array.
  void apply(float[] q, int queryAt, float[] k, int keyAt, float[] v, int valueAt) {
    switch (config.architecture()) {
      case LLAMA -> {}
      case QWEN2 -> {
        add(pieces[0], q, queryAt);
        add(pieces[1], k, keyAt);
        add(pieces[2], v, valueAt);
      }
      case QWEN3 -> {
        norm(pieces[0], q, queryAt, LinearModule.Q_PROJ.outputs(config));
        norm(pieces[1], k, keyAt, LinearModule.K_PROJ.outputs(config));
      }
    }
  }

  private static void add(float[] bias, float[] x, int at) {
    for (int i = 0; i < bias.length; i++) {
      x[at + i] += bias[i];
    }
  }

  private void norm(float[] weight, float[] x, int at, int width) {
    int size = weight.length;
    for (int from = at; from < at + width; from += size) {
      double squares = 0;
      for (int i = 0; i < size; i++) {
        squares += (double) x[from + i] * x[from + i];
      }
      float factor = (float) (1 / Math.sqrt(squares / size + config.rmsNormEps()));
      for (int i = 0; i < size; i++) {
        x[from + i] = weight[i] * (x[from + i] * factor);
      }
    }
  }
}
