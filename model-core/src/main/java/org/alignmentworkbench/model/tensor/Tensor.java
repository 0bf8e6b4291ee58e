package org.alignmentworkbench.model.tensor;

import java.util.Arrays;

/// A dense float32 array in row-major order.
///
/// Mutable on purpose and compared by identity: weights are large and training changes them in
/// place. `shape` is copied on the way in and out; `data` is shared.
public final class Tensor {
  private final int[] shape;
  private final float[] data;

  private Tensor(int[] shape, float[] data) {
    this.shape = shape;
    this.data = data;
  }

  /// A tensor over `data` (shared, not copied), whose length must be the product of `shape`.
  public static Tensor of(float[] data, int... shape) {
    long size = size(shape);
    if (size != data.length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " holds " + size + " values, was " + data.length);
    }
    return new Tensor(shape.clone(), data);
  }

  /// A tensor of zeros.
  public static Tensor zeros(int... shape) {
    return new Tensor(shape.clone(), new float[Math.toIntExact(size(shape))]);
  }

  private static long size(int[] shape) {
    long size = 1;
    for (int extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException("shape must not be negative: " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  /// The extents, outermost first.
  public int[] shape() {
    return shape.clone();
  }

  /// The number of axes.
  public int rank() {
    return shape.length;
  }

  /// The extent of one axis.
  public int extent(int axis) {
    return shape[axis];
  }

  /// The values themselves, row-major; shared with this tensor.
  public float[] data() {
    return data;
  }

  /// The number of values.
  public int size() {
    return data.length;
  }

  /// A tensor of the same shape with its own copy of the values.
  public Tensor copy() {
    return new Tensor(shape.clone(), data.clone());
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape);
  }
}
