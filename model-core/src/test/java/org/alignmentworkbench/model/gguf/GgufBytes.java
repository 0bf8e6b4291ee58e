package org.alignmentworkbench.model.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Builds files of the format byte by byte, sound ones and broken ones, apart from both the writer
/// and the reader.
final class GgufBytes {
  static final int STRING = 8;
  static final int ARRAY = 9;

  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final List<byte[]> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int pairCount;
  int version = 3;
  int alignment = 32;

  /// The low bytes of a number, little-endian.
  static byte[] number(int bytes, long value) {
    return Arrays.copyOf(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), bytes);
  }

  static byte[] string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return concat(number(8, utf8.length), utf8);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /// A pair of any kind, its value as bytes.
  GgufBytes pair(String key, int kind, byte[] value) {
    pairs.writeBytes(concat(string(key), number(4, kind), value));
    pairCount++;
    return this;
  }

  GgufBytes text(String key, String value) {
    return pair(key, STRING, string(value));
  }

  GgufBytes whole(String key, long value) {
    return pair(key, 4, number(4, value));
  }

  GgufBytes real(String key, float value) {
    return pair(key, 6, number(4, Float.floatToRawIntBits(value)));
  }

  GgufBytes flag(String key, boolean value) {
    return pair(key, 7, number(1, value ? 1 : 0));
  }

  GgufBytes texts(String key, List<String> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    values.forEach(value -> out.writeBytes(string(value)));
    return pair(key, ARRAY, concat(number(4, STRING), number(8, values.size()), out.toByteArray()));
  }

  GgufBytes wholes(String key, int... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : values) {
      out.writeBytes(number(4, value));
    }
    return pair(key, ARRAY, concat(number(4, 5), number(8, values.length), out.toByteArray()));
  }

  /// A tensor after the others; `extents` innermost first, as the file has them.
  GgufBytes tensor(String name, int type, byte[] values, long... extents) {
    data.writeBytes(new byte[(alignment - data.size() % alignment) % alignment]);
    entry(name, type, data.size(), extents);
    data.writeBytes(values);
    return this;
  }

  GgufBytes floats(String name, float[] values, long... extents) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, 0, bytes.array(), extents);
  }

  /// The entry alone: what it says need not be there.
  GgufBytes entry(String name, int type, long offset, long... extents) {
    byte[] entry = concat(string(name), number(4, extents.length));
    for (long extent : extents) {
      entry = concat(entry, number(8, extent));
    }
    entries.add(concat(entry, number(4, type), number(8, offset)));
    return this;
  }

  byte[] bytes() {
    byte[] head =
        concat(
            "GGUF".getBytes(StandardCharsets.US_ASCII),
            number(4, version),
            number(8, entries.size()),
            number(8, pairCount),
            pairs.toByteArray(),
            concat(entries.toArray(byte[][]::new)));
    return concat(
        head, new byte[(alignment - head.length % alignment) % alignment], data.toByteArray());
  }

  Path write(Path file) throws Exception {
    return Files.write(file, bytes());
  }
}
