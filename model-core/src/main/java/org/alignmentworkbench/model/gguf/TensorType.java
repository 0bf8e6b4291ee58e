package org.alignmentworkbench.model.gguf;

import java.util.Optional;

/// How a tensor's values are stored: in blocks of some values that share their scales.
///
/// | type | values in a block | bytes | bits a value |
/// |---|---|---|---|
/// | F32, F16, BF16 | 1 | 4, 2, 2 | 32, 16, 16 |
/// | Q8_0 | 32 | 34 | 8.5 |
/// | Q4_0, Q4_1 | 32 | 18, 20 | 4.5, 5 |
/// | Q5_0, Q5_1 | 32 | 22, 24 | 5.5, 6 |
/// | Q4_K | 256 | 144 | 4.5 |
/// | Q6_K | 256 | 210 | 6.5625 |
public enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q4_K(12, 256, 144),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  /// The format's names by number, for refusals; an empty one is not in use.
  private static final String[] NAMES = {
    "F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K",
    "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S",
    "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0", "",
    "", "", "MXFP4"
  };

  private final int number;
  private final int blockSize;
  private final int blockBytes;

  TensorType(int number, int blockSize, int blockBytes) {
    this.number = number;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /// The format's number for it.
  public int number() {
    return number;
  }

  /// Values in a block; divides the length of a row.
  public int blockSize() {
    return blockSize;
  }

  /// Bytes of a block.
  public int blockBytes() {
    return blockBytes;
  }

  /// The type of a number; empty if it is not read here.
  static Optional<TensorType> of(int number) {
    for (TensorType type : values()) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// What the format calls a number.
  static String nameOf(int number) {
    return number >= 0 && number < NAMES.length && !NAMES[number].isEmpty()
        ? NAMES[number] + " (" + number + ")"
        : "number " + Integer.toUnsignedString(number);
  }
}
