package org.alignmentworkbench.model.llama;

import java.util.List;

/// The seven linear maps of a decoder layer, in the order of the computation.
///
/// Their names are those of transformers; an adapter may sit on each of them.
public enum LinearModule {
  /// Queries, `[heads * headSize, hidden]`.
  Q_PROJ("self_attn.q_proj"),
  /// Keys, `[keyValueHeads * headSize, hidden]`.
  K_PROJ("self_attn.k_proj"),
  /// Values, `[keyValueHeads * headSize, hidden]`.
  V_PROJ("self_attn.v_proj"),
  /// The way back from the heads, `[hidden, heads * headSize]`.
  O_PROJ("self_attn.o_proj"),
  /// The gate of the feed-forward part, `[intermediate, hidden]`.
  GATE_PROJ("mlp.gate_proj"),
  /// What the gate is multiplied with, `[intermediate, hidden]`.
  UP_PROJ("mlp.up_proj"),
  /// The way back from the feed-forward part, `[hidden, intermediate]`.
  DOWN_PROJ("mlp.down_proj");

  /// The three whose results turn with the position or are mixed by attention.
  public static final List<LinearModule> BEFORE_ATTENTION = List.of(Q_PROJ, K_PROJ, V_PROJ);

  private final String path;

  LinearModule(String path) {
    this.path = path;
  }

  /// The path inside a layer, such as `self_attn.q_proj`.
  public String path() {
    return path;
  }

  /// The last part of the path, such as `q_proj`, as adapter configurations name it.
  public String shortName() {
    return path.substring(path.indexOf('.') + 1);
  }

  /// The weight's full name in a layer, such as `model.layers.0.self_attn.q_proj.weight`.
  public String weightName(int layer) {
    return "model.layers." + layer + "." + path + ".weight";
  }

  /// The bias's full name in a layer of an architecture that has it.
  public String biasName(int layer) {
    return "model.layers." + layer + "." + path + ".bias";
  }

  /// Rows: the number of outputs.
  public int outputs(LlamaConfig config) {
    return switch (this) {
      case Q_PROJ -> config.heads() * config.headSize();
      case K_PROJ, V_PROJ -> config.keyValueHeads() * config.headSize();
      case O_PROJ, DOWN_PROJ -> config.hiddenSize();
      case GATE_PROJ, UP_PROJ -> config.intermediateSize();
    };
  }

  /// Columns: the number of inputs.
  public int inputs(LlamaConfig config) {
    return switch (this) {
      case Q_PROJ, K_PROJ, V_PROJ, GATE_PROJ, UP_PROJ -> config.hiddenSize();
      case O_PROJ -> config.heads() * config.headSize();
      case DOWN_PROJ -> config.intermediateSize();
    };
  }

  /// The module with this short name (`q_proj`) or path (`self_attn.q_proj`).
  public static LinearModule named(String name) {
    for (LinearModule module : values()) {
      if (module.path.equals(name) || module.shortName().equals(name)) {
        return module;
      }
    }
    throw new IllegalArgumentException(
        "an adapter's module must be one of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj,"
            + " down_proj, was "
            + name);
  }
}
