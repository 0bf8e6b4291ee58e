package org.alignmentworkbench.model.llama;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/// A low-rank adapter's shape (Hu et al., "LoRA", 2021).
///
/// ```
/// W' = W + (alpha / rank) * B A
/// ```
///
/// | symbol | shape |
/// |---|---|
/// | A | `[rank, inputs]` |
/// | B | `[outputs, rank]` |
///
/// @param rank inner width of every pair
/// @param alpha numerator of the scale
/// @param modules the linear maps that carry a pair, the same in every layer
public record LoraConfig(int rank, double alpha, Set<LinearModule> modules) {
  private static final String PREFIX = "base_model.model.";

  /// Checks the numbers and orders the modules.
  public LoraConfig {
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be >= 1, was " + rank);
    }
    if (!(alpha > 0 && Double.isFinite(alpha))) {
      throw new IllegalArgumentException("alpha must be finite and > 0, was " + alpha);
    }
    if (modules.isEmpty()) {
      throw new IllegalArgumentException("an adapter must sit on at least one module");
    }
    modules = Collections.unmodifiableSet(EnumSet.copyOf(modules));
  }

  /// On all seven linear maps.
  public static LoraConfig everywhere(int rank, double alpha) {
    return new LoraConfig(rank, alpha, EnumSet.allOf(LinearModule.class));
  }

  /// What B A is multiplied with.
  public double scale() {
    return alpha / rank;
  }

  /// The name of A in peft's files.
  public static String nameA(int layer, LinearModule module) {
    return name(layer, module, "lora_A");
  }

  /// The name of B in peft's files.
  public static String nameB(int layer, LinearModule module) {
    return name(layer, module, "lora_B");
  }

  private static String name(int layer, LinearModule module, String part) {
    return PREFIX + "model.layers." + layer + "." + module.path() + "." + part + ".weight";
  }

  /// Every pair's names and shapes: for each layer and module A, then B.
  public SequencedMap<String, int[]> weightShapes(LlamaConfig config) {
    SequencedMap<String, int[]> shapes = new LinkedHashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearModule module : modules) {
        shapes.put(nameA(layer, module), new int[] {rank, module.inputs(config)});
        shapes.put(nameB(layer, module), new int[] {module.outputs(config), rank});
      }
    }
    return shapes;
  }
}
