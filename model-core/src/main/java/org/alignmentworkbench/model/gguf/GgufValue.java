package org.alignmentworkbench.model.gguf;

import java.util.List;

/// A value of the metadata.
public sealed interface GgufValue {

  /// What kind it is, in the format's own words.
  Kind kind();

  /// The format's kinds of values, in the order of their numbers.
  enum Kind {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int leastBytes;

    Kind(int leastBytes) {
      this.leastBytes = leastBytes;
    }

    /// The fewest bytes that a value takes in a file: an array cannot be longer than its file.
    int leastBytes() {
      return leastBytes;
    }
  }

  /// A whole number of any width; a UINT64 above 2^63 - 1 is kept as its bits.
  record Whole(Kind kind, long value) implements GgufValue {
    @Override
    public String toString() {
      return kind == Kind.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
  }

  /// A number with a fraction. A FLOAT32 is kept as the float it is.
  record Real(Kind kind, double value) implements GgufValue {
    @Override
    public String toString() {
      return Double.toString(shortest());
    }

    /// The number that was meant: of a FLOAT32 the shortest decimal that reads back as it, so that
    /// 1e-5 is 1e-5 and not 9.99999974e-6.
    public double shortest() {
      return kind == Kind.FLOAT32 ? Double.parseDouble(Float.toString((float) value)) : value;
    }
  }

  /// True or false.
  record Flag(boolean value) implements GgufValue {
    @Override
    public Kind kind() {
      return Kind.BOOL;
    }

    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /// A text.
  record Text(String value) implements GgufValue {
    @Override
    public Kind kind() {
      return Kind.STRING;
    }

    @Override
    public String toString() {
      return '"' + value + '"';
    }
  }

  /// Values of one kind.
  record Many(Kind of, List<GgufValue> values) implements GgufValue {
    /// Copies the list.
    public Many {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.ARRAY;
    }

    @Override
    public String toString() {
      return values.size() + " values of " + of;
    }
  }
}
