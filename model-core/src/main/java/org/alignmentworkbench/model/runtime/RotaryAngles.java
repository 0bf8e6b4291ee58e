package org.alignmentworkbench.model.runtime;

import java.util.Arrays;
import org.alignmentworkbench.model.llama.LlamaConfig;

/// Rotary position embedding in the half-split layout of transformers: in a head of size `d` at
/// position `m`, the pair `(x[i], x[i + d/2])` turns by the angle `m * theta^(-2 i / d)`.
///
/// Angles are computed in double with `StrictMath`, so they are the same everywhere.
final class RotaryAngles {
  private final int half;
  private final double[] frequency;
  private float[] cos = new float[0];
  private float[] sin = new float[0];

  RotaryAngles(LlamaConfig config) {
    this.half = config.headSize() / 2;
    this.frequency = new double[half];
    for (int i = 0; i < half; i++) {
      frequency[i] =
          config.frequency(StrictMath.pow(config.ropeTheta(), -2.0 * i / config.headSize()));
    }
  }

  /// Makes the angles of positions below `length` ready.
  void reach(int length) {
    int known = cos.length / half;
    if (length <= known) {
      return;
    }
    int until = Math.max(length, 2 * known);
    float[] c = Arrays.copyOf(cos, until * half);
    float[] s = Arrays.copyOf(sin, until * half);
    for (int m = known; m < until; m++) {
      for (int i = 0; i < half; i++) {
        c[m * half + i] = (float) StrictMath.cos(m * frequency[i]);
        s[m * half + i] = (float) StrictMath.sin(m * frequency[i]);
      }
    }
    cos = c;
    sin = s;
  }

  /// Turns the heads that lie one after the other from `offset`.
  void turn(float[] values, int offset, int heads, int position) {
    int angle = position * half;
    for (int h = 0; h < heads; h++) {
      int head = offset + h * 2 * half;
      for (int i = 0; i < half; i++) {
        float a = values[head + i];
        float b = values[head + half + i];
        float c = cos[angle + i];
        float s = sin[angle + i];
        values[head + i] = a * c - b * s;
        values[head + half + i] = b * c + a * s;
      }
    }
  }
}
