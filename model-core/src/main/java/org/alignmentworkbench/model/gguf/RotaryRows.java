package org.alignmentworkbench.model.gguf;

import org.alignmentworkbench.model.tensor.Tensor;

/// The two orders of the rows of queries and keys.
///
/// llama.cpp turns neighbouring pairs `(2 i, 2 i + 1)` of a head where transformers turns `(i, i +
/// d/2)`, so the rows change places:
///
/// ```
/// row h * d + 2 i + j of a GGUF file  =  row h * d + j * d / 2 + i of the model,   j in {0, 1}
/// ```
///
/// with `h` over the query heads for Q and over the key-value heads for K.
public final class RotaryRows {
  private RotaryRows() {}

  /// The rows of a model in the order of a file.
  public static Tensor interleaved(Tensor matrix, int headSize) {
    Tensor to = Tensor.zeros(matrix.shape());
    for (int row = 0; row < matrix.extent(0); row++) {
      copy(matrix, inModel(row, headSize), to, row);
    }
    return to;
  }

  /// The rows of a file in the order of the model.
  public static Tensor halves(Tensor matrix, int headSize) {
    Tensor to = Tensor.zeros(matrix.shape());
    for (int row = 0; row < matrix.extent(0); row++) {
      copy(matrix, row, to, inModel(row, headSize));
    }
    return to;
  }

  /// Where a row of a file stands in the model.
  private static int inModel(int row, int headSize) {
    int inHead = row % headSize;
    return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
  }

  private static void copy(Tensor from, int source, Tensor to, int target) {
    int columns = from.extent(1);
    System.arraycopy(from.data(), source * columns, to.data(), target * columns, columns);
  }
}
