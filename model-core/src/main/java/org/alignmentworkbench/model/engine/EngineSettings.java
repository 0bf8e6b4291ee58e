package org.alignmentworkbench.model.engine;

import java.util.regex.Pattern;

/// Where and how wide the kernels run.
///
/// @param device `auto` (the first GPU if the natives see one, else the CPU), `cpu` or `cuda:N`
/// @param threads native threads of one kernel. More threads than idle cores is several times
///   slower than one thread, because the natives' threads wait by spinning
/// @param precision of the large products
/// @param products whose large products in float32 are taken on a CPU
public record EngineSettings(String device, int threads, Precision precision, Products products) {
  private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda:\\d{1,3}");

  /// Checks both.
  public EngineSettings {
    if (!DEVICE.matcher(device).matches()) {
      throw new IllegalArgumentException("device must be auto, cpu or cuda:N, was " + device);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be >= 1, was " + threads);
    }
  }

  /// A device with some threads, in float32.
  public EngineSettings(String device, int threads) {
    this(device, threads, Precision.FP32, Products.AUTO);
  }

  /// The CPU with some threads, in float32.
  public static EngineSettings cpu(int threads) {
    return new EngineSettings("cpu", threads);
  }

  /// The same with products in another precision.
  public EngineSettings in(Precision other) {
    return new EngineSettings(device, threads, other, products);
  }

  /// The same with large products taken by another library.
  public EngineSettings by(Products other) {
    return new EngineSettings(device, threads, precision, other);
  }
}
