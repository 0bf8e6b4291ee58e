package org.alignmentworkbench.model.safetensors;

/// The two 16-bit floating-point forms of weight files.
///
/// | form | sign | exponent | fraction | largest finite |
/// |---|---|---|---|---|
/// | F16 (IEEE 754 binary16) | 1 | 5 | 10 | 65504 |
/// | BF16 (upper half of binary32) | 1 | 8 | 7 | about 3.39e38 |
///
/// Narrowing rounds to nearest, ties to even; infinities stay, a NaN stays a NaN.
public final class Half {
  private Half() {}

  /// The value of binary16 bits; exact.
  public static float fromF16(short bits) {
    return Float.float16ToFloat(bits);
  }

  /// The binary16 bits nearest to a value.
  public static short toF16(float value) {
    return Float.floatToFloat16(value);
  }

  /// The value of bfloat16 bits; exact.
  public static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /// The bfloat16 bits nearest to a value.
  public static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // Rounding could carry a NaN's fraction over to infinity: cut it and set the quiet bit.
      return (short) ((bits >>> 16) | 0x0040);
    }
    int roundUp = 0x7FFF + ((bits >>> 16) & 1);
    return (short) ((bits + roundUp) >>> 16);
  }
}
