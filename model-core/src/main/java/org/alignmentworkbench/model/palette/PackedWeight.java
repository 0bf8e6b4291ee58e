package org.alignmentworkbench.model.palette;

import org.alignmentworkbench.model.tensor.Tensor;

/// One weight of a compressed model, as it is stored.
public sealed interface PackedWeight permits PalettizedMatrix, Int8Rows, HalfTensor {
  /// The extents of the weight it stands for.
  int[] shape();

  /// The values it stands for.
  Tensor dense();

  /// How many values it stands for.
  long parameters();

  /// Bytes of everything stored for it: indices and tables, integers and scales, or halves.
  long bytes();
}
