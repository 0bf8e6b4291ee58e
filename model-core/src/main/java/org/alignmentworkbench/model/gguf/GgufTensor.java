package org.alignmentworkbench.model.gguf;

import java.util.List;

/// A tensor of a file, not yet read.
///
/// @param name its name in the file
/// @param type how its values are stored
/// @param shape its extents, outermost first: the reverse of the file's order
/// @param begin its first byte in the file
/// @param bytes how many bytes it takes
public record GgufTensor(String name, TensorType type, List<Long> shape, long begin, long bytes) {
  /// Copies the shape.
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /// The number of values.
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /// The byte after its last one.
  public long end() {
    return begin + bytes;
  }
}
