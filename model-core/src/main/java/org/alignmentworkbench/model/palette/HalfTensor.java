package org.alignmentworkbench.model.palette;

import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;

/// A small weight kept as 16-bit floating point (IEEE binary16): the norms.
///
/// @param shape extents, outermost first
/// @param halves the values, row-major, in binary16
public record HalfTensor(int[] shape, short[] halves) implements PackedWeight {
  /// Checks that shape and values agree.
  public HalfTensor {
    long size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    if (size != halves.length) {
      throw new IllegalArgumentException(
          "shape holds " + size + " values, there were " + halves.length);
    }
    shape = shape.clone();
  }

  /// The nearest halves of a tensor; a value beyond the range of binary16 is refused.
  public static HalfTensor of(Tensor tensor) {
    return new HalfTensor(tensor.shape(), halves(tensor.data()));
  }

  static short[] halves(float[] values) {
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = half(values[i]);
    }
    return halves;
  }

  static short half(float value) {
    short half = Half.toF16(value);
    if (!Float.isFinite(Half.fromF16(half))) {
      throw new IllegalArgumentException(
          "a stored value must be finite and below 65520 in size, was " + value);
    }
    return half;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public Tensor dense() {
    float[] values = new float[halves.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Half.fromF16(halves[i]);
    }
    return Tensor.of(values, shape);
  }

  @Override
  public long parameters() {
    return halves.length;
  }

  @Override
  public long bytes() {
    return 2L * halves.length;
  }
}
