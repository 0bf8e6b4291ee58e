package org.alignmentworkbench.model.palette;

/// What the inputs of a projection look like: `H = (1 / n) * sum over inputs of x x^T`.
///
/// | symbol | shape | unit |
/// |---|---|---|
/// | `x` | `[size]` | one token's input to the projection |
/// | `H` | `[size, size]` | mean products; the diagonal holds the mean squares |
///
/// `H` is half the Hessian of the projection's mean squared output error in any row of its weights,
/// which is all that rounding those weights needs to know of the data. Sums run in double in the
/// order of the inputs.
public final class SecondMoments {
  private final int size;
  private final double[] sums;
  private long count;

  /// No inputs yet, for a projection of so many input features.
  public SecondMoments(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1, was " + size);
    }
    this.size = size;
    this.sums = new double[Math.multiplyExact(size, size)];
  }

  /// Moments known from elsewhere: the mean products of so many inputs.
  public static SecondMoments of(int size, double[] matrix, long count) {
    SecondMoments moments = new SecondMoments(size);
    if (matrix.length != moments.sums.length || count < 1) {
      throw new IllegalArgumentException(
          "moments of "
              + size
              + " features need "
              + moments.sums.length
              + " products and at least one input, were "
              + matrix.length
              + " and "
              + count);
    }
    for (int i = 0; i < matrix.length; i++) {
      moments.sums[i] = matrix[i] * count;
    }
    moments.count = count;
    return moments;
  }

  /// Takes in one input, which begins at `offset`.
  public void add(float[] values, int offset) {
    for (int i = 0; i < size; i++) {
      double x = values[offset + i];
      int row = i * size;
      // Only the lower triangle; the matrix is symmetric.
      for (int j = 0; j <= i; j++) {
        sums[row + j] += x * values[offset + j];
      }
    }
    count++;
  }

  /// Input features.
  public int size() {
    return size;
  }

  /// Inputs taken in.
  public long count() {
    return count;
  }

  /// The mean square of each input feature.
  public double[] meanSquares() {
    requireInputs();
    double[] squares = new double[size];
    for (int i = 0; i < size; i++) {
      squares[i] = sums[i * size + i] / count;
    }
    return squares;
  }

  /// `H`, row-major.
  public double[] matrix() {
    requireInputs();
    double[] h = new double[sums.length];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        h[i * size + j] = sums[i * size + j] / count;
        h[j * size + i] = h[i * size + j];
      }
    }
    return h;
  }

  private void requireInputs() {
    if (count == 0) {
      throw new IllegalStateException("no inputs were collected, so their moments are undefined");
    }
  }
}
