package org.alignmentworkbench.model.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;

/// The container format GGUF, version 3, little-endian:
///
/// ```
/// "GGUF", u32 version, u64 tensors, u64 pairs
/// pairs:    string key, u32 type, value
/// tensors:  string name, u32 axes, u64 extents (innermost first), u32 type, u64 offset
/// data:     from the next multiple of 32; every tensor begins at a multiple of 32
/// string:   u64 bytes, UTF-8;  array: u32 type, u64 length, values
/// ```
///
/// Pairs and tensors are written in the order of adding.
final class GgufWriter {
  static final int ALIGNMENT = 32;

  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /// How a tensor's values are stored, with the format's number for it.
  enum Type {
    F32(0, 4),
    F16(1, 2);

    private final int number;
    private final int bytes;

    Type(int number, int bytes) {
      this.number = number;
      this.bytes = bytes;
    }
  }

  private record Entry(String name, Tensor tensor, Type type) {
    long bytes() {
      return (long) tensor.size() * type.bytes;
    }
  }

  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final List<Entry> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private long pairCount;

  GgufWriter text(String key, String value) {
    key(key, STRING);
    string(pairs, value);
    return this;
  }

  GgufWriter number(String key, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(key + " must be at least 0, was " + value);
    }
    key(key, UINT32);
    u32(pairs, value);
    return this;
  }

  GgufWriter real(String key, double value) {
    key(key, FLOAT32);
    u32(pairs, Float.floatToRawIntBits((float) value));
    return this;
  }

  GgufWriter flag(String key, boolean value) {
    key(key, BOOL);
    pairs.write(value ? 1 : 0);
    return this;
  }

  GgufWriter texts(String key, List<String> values) {
    key(key, ARRAY);
    u32(pairs, STRING);
    u64(pairs, values.size());
    values.forEach(value -> string(pairs, value));
    return this;
  }

  GgufWriter integers(String key, int[] values) {
    key(key, ARRAY);
    u32(pairs, INT32);
    u64(pairs, values.length);
    for (int value : values) {
      u32(pairs, value);
    }
    return this;
  }

  GgufWriter tensor(String name, Tensor tensor, Type type) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("tensor " + name + " was added twice");
    }
    tensors.add(new Entry(name, tensor, type));
    return this;
  }

  void write(Path file) throws IOException {
    DurableFile.write(file, this::writeTo);
  }

  private void writeTo(OutputStream out) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    u32(head, 3);
    u64(head, tensors.size());
    u64(head, pairCount);
    head.writeBytes(pairs.toByteArray());
    long offset = 0;
    for (Entry entry : tensors) {
      string(head, entry.name);
      int[] shape = entry.tensor.shape();
      u32(head, shape.length);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        u64(head, shape[axis]);
      }
      u32(head, entry.type.number);
      u64(head, offset);
      offset += padded(entry.bytes());
    }
    out.write(head.toByteArray());
    pad(out, head.size());
    for (Entry entry : tensors) {
      data(out, entry);
      pad(out, entry.bytes());
    }
  }

  private static void data(OutputStream out, Entry entry) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = entry.tensor.data();
    for (int i = 0; i < values.length; i++) {
      if (buffer.remaining() < 4) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      switch (entry.type) {
        case F32 -> buffer.putFloat(values[i]);
        case F16 -> {
          short half = Half.toF16(values[i]);
          if (!Float.isFinite(Half.fromF16(half))) {
            throw new IllegalArgumentException(
                "tensor "
                    + entry.name
                    + ", value "
                    + i
                    + ": F16 holds finite values up to 65504, was "
                    + values[i]);
          }
          buffer.putShort(half);
        }
      }
    }
    out.write(buffer.array(), 0, buffer.position());
  }

  private void key(String key, int type) {
    string(pairs, key);
    u32(pairs, type);
    pairCount++;
  }

  private static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void pad(OutputStream out, long bytes) throws IOException {
    out.write(new byte[(int) (padded(bytes) - bytes)]);
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u64(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void u32(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void u64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
