package org.alignmentworkbench.model.safetensors;

import java.util.List;

/// What the header says about one tensor.
///
/// @param name its name
/// @param dtype its element type
/// @param shape its extents, outermost first; empty for a single value
/// @param begin first byte, counted from the start of the file
/// @param end first byte after it
public record TensorInfo(String name, Dtype dtype, List<Long> shape, long begin, long end) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /// The number of bytes it takes.
  public long bytes() {
    return end - begin;
  }

  /// The number of elements, the product of the shape.
  public long elements() {
    return bytes() * 8 / dtype.bits();
  }
}
