package org.alignmentworkbench.model.engine;

import ai.djl.ndarray.NDArray;
import java.util.Locale;
import java.util.SplittableRandom;

/// How fast the machine multiplies matrices: what the work of a model is measured against.
public final class ProductSpeed {
  private static final int ATTEMPTS = 12;
  private static final double OPERATIONS_OF_AN_ATTEMPT = 4e9;

  private ProductSpeed() {}

  /// Refuses an engine whose products in bfloat16 are slower than in float32, as they are on a
  /// processor that has no instructions for them.
  ///
  /// @throws IllegalArgumentException with both rates
  public static void requireGain(Engine engine) {
    if (engine.settings().precision() == Precision.FP32) {
      return;
    }
    double full = best(engine, 512, 512, 512, Precision.FP32);
    double low = best(engine, 512, 512, 512, Precision.BF16);
    if (low < full) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "precision bf16 is slower than fp32 on this processor (%.0f against %.0f billion"
                  + " operations a second): use fp32",
              low / 1e9,
              full / 1e9));
    }
  }

  /// Operations a second of the product `[rows, inner] x [inner, columns]`, a multiply-add counted
  /// as two; the best of some attempts.
  public static double best(Engine engine, int rows, int inner, int columns, Precision precision) {
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
        float[] _ =
            call.tensor("products", a, b, precision == Precision.BF16, (long) products)
                .toFloatArray();
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
