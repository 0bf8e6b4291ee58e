package org.alignmentworkbench.model.engine;

import java.util.Locale;

/// In what the large products are taken. Parameters, residuals, norms, softmax, losses, adapters,
/// gradients and moments are float32 in both.
public enum Precision {
  /// float32 throughout.
  FP32,
  /// Products of activations with weights in bfloat16: both are rounded to 8 significant bits
  /// before, and each result after. On a CPU what stands between gate, up and down and what
  /// attention reads and gives stays in bfloat16 too. Twice as fast on a processor that has it,
  /// slower on others.
  BF16;

  /// The precision that is called so: `fp32` or `bf16`.
  ///
  /// @throws IllegalArgumentException for another name
  public static Precision labelled(String label) {
    for (Precision one : values()) {
      if (one.label().equals(label)) {
        return one;
      }
    }
    throw new IllegalArgumentException("precision must be fp32 or bf16, was " + label);
  }

  /// Its name in settings.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
