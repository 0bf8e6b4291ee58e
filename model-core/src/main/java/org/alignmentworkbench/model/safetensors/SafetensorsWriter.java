package org.alignmentworkbench.model.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.tensor.Tensor;

/// Collects tensors and writes them as one safetensors file.
///
/// The bytes depend on names, values and metadata only, not on the order of adding: tensors are
/// sorted as the reference writer does (wide types first, then by name), metadata by key, and the
/// header is padded with spaces to a multiple of eight. The file appears whole or not at all.
public final class SafetensorsWriter {
  private static final int BUFFER = 1 << 20;
  private static final int CACHE_LINE = 64;

  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final SortedMap<String, String> metadata = new TreeMap<>();

  /// Writes float tensors in one element type.
  ///
  /// @param dtype F32, F16 or BF16
  public static void write(
      Path file, Map<String, Tensor> tensors, Dtype dtype, Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.forEach((name, tensor) -> writer.add(name, tensor, dtype));
    metadata.forEach(writer::metadata);
    writer.write(file);
  }

  /// Where weights come from that are written one after the other.
  @FunctionalInterface
  public interface TensorSource {
    /// The values of a name.
    Tensor read(String name) throws IOException;
  }

  /// Writes float32 tensors in the order given, each asked for when its turn comes, so that a model
  /// larger than the memory can be written. The header is padded until the values begin at a
  /// multiple of 64 bytes, a cache line: a map of the file can be read as it is.
  public static void writeInOrder(
      Path file,
      SequencedMap<String, int[]> shapes,
      Map<String, String> metadata,
      TensorSource source)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    metadata.forEach(writer::metadata);
    List<Entry> ordered = new ArrayList<>();
    shapes.forEach((name, shape) -> {
      List<Integer> extents = Arrays.stream(shape).boxed().toList();
      int elements = extents.stream().reduce(1, Math::multiplyExact);
      ordered.add(new Entry(name, Dtype.F32, extents, elements, (_, _) -> {}));
    });
    byte[] header = writer.header(ordered).getBytes(StandardCharsets.UTF_8);
    int padded = (8 + header.length + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE - 8;
    DurableFile.write(
        file,
        out -> {
          writeHeader(out, header, padded);
          ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
          for (Entry entry : ordered) {
            Tensor tensor = source.read(entry.name());
            if (!Arrays.equals(tensor.shape(), shapes.get(entry.name()))) {
              throw new IllegalArgumentException(
                  "tensor "
                      + entry.name()
                      + " must have shape "
                      + entry.shape()
                      + ", was "
                      + Arrays.toString(tensor.shape()));
            }
            float[] values = tensor.data();
            for (int from = 0; from < values.length; from += BUFFER / Float.BYTES) {
              int count = Math.min(BUFFER / Float.BYTES, values.length - from);
              buffer.asFloatBuffer().put(values, from, count);
              out.write(buffer.array(), 0, count * Float.BYTES);
            }
          }
        });
  }

  /// Adds float values, rounded to `dtype` (nearest, ties to even) when they are written. A finite
  /// value that F16 cannot hold is refused: it would come back as an infinity.
  ///
  /// @param dtype F32, F16 or BF16
  public SafetensorsWriter add(String name, Tensor tensor, Dtype dtype) {
    float[] values = tensor.data();
    Filler filler =
        switch (dtype) {
          case F32 -> (buffer, i) -> buffer.putFloat(values[i]);
          case F16 -> (buffer, i) -> buffer.putShort(toF16(name, i, values[i]));
          case BF16 -> (buffer, i) -> buffer.putShort(Half.toBf16(values[i]));
          default ->
              throw new IllegalArgumentException(
                  "tensor " + name + ": dtype must be F32, F16 or BF16, was " + dtype);
        };
    return put(name, dtype, tensor.shape(), values.length, filler);
  }

  /// Adds 32-bit integers.
  public SafetensorsWriter addInts(String name, int[] values, int... shape) {
    return put(name, Dtype.I32, shape, values.length, (buffer, i) -> buffer.putInt(values[i]));
  }

  /// Adds 64-bit integers.
  public SafetensorsWriter addLongs(String name, long[] values, int... shape) {
    return put(name, Dtype.I64, shape, values.length, (buffer, i) -> buffer.putLong(values[i]));
  }

  /// Adds unsigned bytes.
  public SafetensorsWriter addBytes(String name, byte[] values, int... shape) {
    return put(name, Dtype.U8, shape, values.length, (buffer, i) -> buffer.put(values[i]));
  }

  /// Adds signed bytes.
  public SafetensorsWriter addSignedBytes(String name, byte[] values, int... shape) {
    return put(name, Dtype.I8, shape, values.length, (buffer, i) -> buffer.put(values[i]));
  }

  /// Adds a pair of the header's free text.
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /// Writes the file: temporary name, forced to disk, renamed.
  public void write(Path file) throws IOException {
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(
        Comparator.comparing(Entry::dtype)
            .reversed()
            .thenComparing(
                entry -> entry.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
    byte[] header = header(ordered).getBytes(StandardCharsets.UTF_8);
    int padded = (header.length + 7) / 8 * 8;
    DurableFile.write(
        file,
        out -> {
          writeHeader(out, header, padded);
          ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
          for (Entry entry : ordered) {
            for (int i = 0; i < entry.elements(); i++) {
              if (buffer.remaining() < 8) {
                flush(buffer, out);
              }
              entry.filler().put(buffer, i);
            }
            flush(buffer, out);
          }
        });
  }

  private static void writeHeader(OutputStream out, byte[] header, int padded) throws IOException {
    if (padded > SafetensorsFile.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "the header must be at most "
              + SafetensorsFile.MAX_HEADER_BYTES
              + " bytes, would be "
              + padded);
    }
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).array());
    out.write(header);
    for (int i = header.length; i < padded; i++) {
      out.write(' ');
    }
  }

  @FunctionalInterface
  private interface Filler {
    void put(ByteBuffer buffer, int index);
  }

  private record Entry(
      String name, Dtype dtype, List<Integer> shape, int elements, Filler filler) {}

  private SafetensorsWriter put(
      String name, Dtype dtype, int[] shape, int elements, Filler filler) {
    if (name.equals("__metadata__")) {
      throw new IllegalArgumentException("a tensor cannot be named __metadata__");
    }
    long product = 1;
    for (int extent : shape) {
      product *= extent;
    }
    if (product != elements) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + ": shape "
              + Arrays.toString(shape)
              + " holds "
              + product
              + " values, was "
              + elements);
    }
    List<Integer> extents = Arrays.stream(shape).boxed().toList();
    if (entries.put(name, new Entry(name, dtype, extents, elements, filler)) != null) {
      throw new IllegalArgumentException("tensor " + name + " was added twice");
    }
    return this;
  }

  private static short toF16(String name, int index, float value) {
    short half = Half.toF16(value);
    if (Float.isFinite(value) && !Float.isFinite(Half.fromF16(half))) {
      throw new IllegalArgumentException(
          "tensor " + name + ", value " + index + ": F16 holds at most 65504, was " + value);
    }
    return half;
  }

  private static void flush(ByteBuffer buffer, OutputStream out) throws IOException {
    out.write(buffer.array(), buffer.arrayOffset(), buffer.position());
    buffer.clear();
  }

  private String header(List<Entry> ordered) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append("\"__metadata__\":{");
      String comma = "";
      for (Map.Entry<String, String> pair : metadata.entrySet()) {
        json.append(comma);
        quote(json, pair.getKey());
        json.append(':');
        quote(json, pair.getValue());
        comma = ",";
      }
      json.append('}');
    }
    long offset = 0;
    for (Entry entry : ordered) {
      long end = offset + (long) entry.elements() * entry.dtype().bits() / 8;
      json.append(json.length() == 1 ? "" : ",");
      quote(json, entry.name());
      json.append(":{\"dtype\":\"").append(entry.dtype()).append("\",\"shape\":[");
      String comma = "";
      for (int extent : entry.shape()) {
        json.append(comma).append(extent);
        comma = ",";
      }
      json.append("],\"data_offsets\":[").append(offset).append(',').append(end).append("]}");
      offset = end;
    }
    return json.append('}').toString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> {
          if (c < 0x20) {
            json.append("\\u00").append(Character.forDigit(c >> 4, 16));
            json.append(Character.forDigit(c & 15, 16));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
