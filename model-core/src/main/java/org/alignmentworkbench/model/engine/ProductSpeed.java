package org.alignmentworkbench.model.engine;

import ai.djl.ndarray.NDArray;
import java.util.SplittableRandom;

/// How fast the machine multiplies matrices: what the work of a model is measured against.
public final class ProductSpeed {
  private static final int ATTEMPTS = 12;
  private static final double OPERATIONS_OF_AN_ATTEMPT = 4e9;

  private ProductSpeed() {}

  /// Operations a second of the product `[rows, inner] x [inner, columns]` in float32, a
  /// multiply-add counted as two; the best of some attempts.
  public static double best(Engine engine, int rows, int inner, int columns) {
    float[] left = random(rows * inner);
    float[] right = random(inner * columns);
    double operations = 2.0 * rows * inner * columns;
    int products = (int) Math.max(3, OPERATIONS_OF_AN_ATTEMPT / operations);
    return engine.call(call -> {
      NDArray a = call.floats(left, rows, inner);
      NDArray b = call.floats(right, inner, columns);
      double best = 0;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long start = System.nanoTime();
        for (int i = 0; i < products; i++) {
          a.matMul(b).close();
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        best = Math.max(best, operations * products / seconds);
      }
      return best;
    });
  }

  private static float[] random(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
