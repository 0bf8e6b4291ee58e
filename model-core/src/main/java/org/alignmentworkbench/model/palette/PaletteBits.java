package org.alignmentworkbench.model.palette;

/// How many bits an index takes, and so how long its table is.
public enum PaletteBits {
  /// 2-bit indices into a table of 4 values.
  TWO(2),
  /// 4-bit indices into a table of 16 values.
  FOUR(4);

  private final int bits;

  PaletteBits(int bits) {
    this.bits = bits;
  }

  /// Bits of an index.
  public int bits() {
    return bits;
  }

  /// Values in a table.
  public int tableSize() {
    return 1 << bits;
  }

  /// The width of that many bits; others are refused.
  public static PaletteBits of(int bits) {
    return switch (bits) {
      case 2 -> TWO;
      case 4 -> FOUR;
      default -> throw new IllegalArgumentException("an index takes 2 or 4 bits, was " + bits);
    };
  }
}
