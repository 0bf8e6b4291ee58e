package org.alignmentworkbench.model.safetensors;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.alignmentworkbench.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// An open safetensors file, mapped into memory.
///
/// ```
/// 8 bytes   n, unsigned, little-endian: length of the header, at most 100,000,000
/// n bytes   UTF-8 JSON object: name -> {dtype, shape, data_offsets}, and "__metadata__"
/// the rest  the tensors' bytes, little-endian, row-major; offsets count from here
/// ```
///
/// The tensors cover the rest exactly: no hole, no overlap, no trailing byte. Values themselves are
/// not looked at; a NaN is a value. Closing unmaps the file; raw segments are dead after that.
public final class SafetensorsFile implements AutoCloseable {
  /// The reference implementation's cap on the header.
  public static final long MAX_HEADER_BYTES = 100_000_000;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment file;
  private final SequencedMap<String, TensorInfo> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(Path path, Arena arena, MemorySegment file, Header header) {
    this.path = path;
    this.arena = arena;
    this.file = file;
    this.tensors = Collections.unmodifiableSequencedMap(header.tensors());
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /// Maps a file and checks its whole header.
  ///
  /// @throws SafetensorsException if the file breaks a rule of the format
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or below when opening fails
  public static SafetensorsFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw new SafetensorsException(
            path, size, "the file must begin with 8 bytes of header length, has " + size);
      }
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new SafetensorsFile(path, arena, file, readHeader(path, file));
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /// The names, in the order of their bytes in the file.
  public SequencedSet<String> names() {
    return tensors.sequencedKeySet();
  }

  /// The free text pairs of the header.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// Whether the file has a tensor of this name.
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /// Where and what a tensor is.
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new IllegalArgumentException(path + " has no tensor named " + name);
    }
    return info;
  }

  /// The values of a F32, F16 or BF16 tensor as float32 (exact).
  public Tensor read(String name) {
    TensorInfo info = info(name);
    MemorySegment bytes = segment(name);
    float[] values = new float[elements(info)];
    switch (info.dtype()) {
      case F32 -> MemorySegment.copy(bytes, FLOAT, 0, values, 0, values.length);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Half.fromF16(bytes.get(SHORT, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Half.fromBf16(bytes.get(SHORT, 2L * i));
        }
      }
      default -> throw unreadable(info, "F32, F16 or BF16");
    }
    return Tensor.of(values, shape(info));
  }

  /// All tensors as float32, in file order.
  public SequencedMap<String, Tensor> readAll() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    for (String name : names()) {
      all.put(name, read(name));
    }
    return all;
  }

  /// The values of an I32, U8 or I64 tensor; an I64 value outside 32 bits is refused.
  public int[] readInts(String name) {
    TensorInfo info = info(name);
    MemorySegment bytes = segment(name);
    int[] values = new int[elements(info)];
    switch (info.dtype()) {
      case I32 -> MemorySegment.copy(bytes, INT, 0, values, 0, values.length);
      case U8 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
        }
      }
      case I64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.toIntExact(bytes.get(LONG, 8L * i));
        }
      }
      default -> throw unreadable(info, "I32, U8 or I64");
    }
    return values;
  }

  /// The values of an I64 tensor.
  public long[] readLongs(String name) {
    TensorInfo info = info(name);
    if (info.dtype() != Dtype.I64) {
      throw unreadable(info, "I64");
    }
    long[] values = new long[elements(info)];
    MemorySegment.copy(segment(name), LONG, 0, values, 0, values.length);
    return values;
  }

  /// The raw bytes of a tensor of any type.
  public byte[] readBytes(String name) {
    return segment(name).toArray(ValueLayout.JAVA_BYTE);
  }

  /// The mapped bytes of a tensor of any type, read-only; valid until this file is closed.
  public MemorySegment segment(String name) {
    TensorInfo info = info(name);
    return file.asSlice(info.begin(), info.bytes());
  }

  @Override
  public void close() {
    arena.close();
  }

  private IllegalArgumentException unreadable(TensorInfo info, String wanted) {
    return new IllegalArgumentException(
        path + ", tensor " + info.name() + ": dtype must be " + wanted + ", was " + info.dtype());
  }

  private static int elements(TensorInfo info) {
    return Math.toIntExact(info.elements());
  }

  private static int[] shape(TensorInfo info) {
    return info.shape().stream().mapToInt(Math::toIntExact).toArray();
  }

  private record Header(SequencedMap<String, TensorInfo> tensors, Map<String, String> metadata) {}

  private static Header readHeader(Path path, MemorySegment file) throws SafetensorsException {
    long size = file.byteSize();
    long length = file.get(LONG, 0);
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw new SafetensorsException(
          path,
          0,
          "the header must be at most "
              + MAX_HEADER_BYTES
              + " bytes, says "
              + Long.toUnsignedString(length));
    }
    if (length > size - 8) {
      throw new SafetensorsException(
          path,
          size,
          "the file ends inside the header: "
              + length
              + " bytes are announced, "
              + (size - 8)
              + " are there");
    }
    String json;
    try {
      json =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(file.asSlice(8, length).asByteBuffer())
              .toString();
    } catch (CharacterCodingException malformed) {
      throw new SafetensorsException(path, 8, "the header must be UTF-8");
    }
    if (!json.startsWith("{")) {
      throw new SafetensorsException(path, 8, "the header must begin with '{'");
    }
    return new HeaderReader(path, 8 + length, size).parse(json);
  }

  /// Reads the JSON by hand: a tree would merge duplicate names.
  private static final class HeaderReader {
    private final Path path;
    private final long data;
    private final long size;
    private final List<TensorInfo> found = new ArrayList<>();
    private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
    private @Nullable Map<String, String> metadata;

    HeaderReader(Path path, long data, long size) {
      this.path = path;
      this.data = data;
      this.size = size;
    }

    Header parse(String json) throws SafetensorsException {
      JsonReader in = new JsonReader(new StringReader(json));
      in.setStrictness(Strictness.STRICT);
      try {
        in.beginObject();
        while (in.hasNext()) {
          String name = in.nextName();
          if (name.equals("__metadata__")) {
            if (metadata != null) {
              throw refused("duplicate key __metadata__");
            }
            metadata = readMetadata(in);
          } else {
            readTensor(in, name);
          }
        }
        in.endObject();
        if (in.peek() != JsonToken.END_DOCUMENT) {
          throw refused("the header must be one JSON object");
        }
      } catch (SafetensorsException already) {
        throw already;
      } catch (MalformedJsonException | EOFException malformed) {
        throw refused("the header must be valid JSON (" + malformed.getMessage() + ")");
      } catch (IOException | IllegalStateException | NumberFormatException | JsonParseException e) {
        throw refused("the header must have the shape of the format (" + e.getMessage() + ")");
      }
      checkCover();
      return new Header(tensors, metadata == null ? Map.of() : metadata);
    }

    private Map<String, String> readMetadata(JsonReader in) throws IOException {
      Map<String, String> pairs = new LinkedHashMap<>();
      in.beginObject();
      while (in.hasNext()) {
        String key = in.nextName();
        if (in.peek() != JsonToken.STRING) {
          throw refused("__metadata__ must hold strings, " + key + " is " + in.peek());
        }
        if (pairs.put(key, in.nextString()) != null) {
          throw refused("duplicate key " + key + " in __metadata__");
        }
      }
      in.endObject();
      return pairs;
    }

    private void readTensor(JsonReader in, String name) throws IOException {
      String dtypeName = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      in.beginObject();
      while (in.hasNext()) {
        String key = in.nextName();
        boolean repeated =
            switch (key) {
              case "dtype" -> {
                boolean again = dtypeName != null;
                dtypeName = in.nextString();
                yield again;
              }
              case "shape" -> {
                boolean again = shape != null;
                shape = readNumbers(in, name, key);
                yield again;
              }
              case "data_offsets" -> {
                boolean again = offsets != null;
                offsets = readNumbers(in, name, key);
                yield again;
              }
              default -> throw refused("tensor " + name + " has an unknown key " + key);
            };
        if (repeated) {
          throw refused("duplicate key " + key + " in tensor " + name);
        }
      }
      in.endObject();
      if (dtypeName == null || shape == null || offsets == null) {
        throw refused("tensor " + name + " must have dtype, shape and data_offsets");
      }
      if (offsets.size() != 2) {
        throw refused("tensor " + name + " must have two data_offsets, has " + offsets.size());
      }
      Dtype dtype = dtype(name, dtypeName);
      long begin = offsets.get(0);
      long end = offsets.get(1);
      if (begin > end || end > size - data) {
        throw new SafetensorsException(
            path,
            data + Math.min(begin, size - data),
            "tensor "
                + name
                + " must lie inside the "
                + (size - data)
                + " data bytes, says "
                + begin
                + " to "
                + end);
      }
      long bits;
      try {
        bits = dtype.bits();
        for (long extent : shape) {
          bits = Math.multiplyExact(bits, extent);
        }
      } catch (ArithmeticException overflow) {
        throw refused("the shape of tensor " + name + " is too large: " + shape);
      }
      if (bits % 8 != 0 || bits / 8 != end - begin) {
        throw new SafetensorsException(
            path,
            data + begin,
            "tensor "
                + name
                + " of dtype "
                + dtype
                + " and shape "
                + shape
                + " must take "
                + bits / 8.0
                + " bytes, takes "
                + (end - begin));
      }
      TensorInfo info = new TensorInfo(name, dtype, shape, data + begin, data + end);
      if (tensors.put(name, info) != null) {
        throw refused("duplicate key " + name);
      }
      found.add(info);
    }

    private Dtype dtype(String name, String dtypeName) throws SafetensorsException {
      try {
        return Dtype.valueOf(dtypeName);
      } catch (IllegalArgumentException unknown) {
        throw refused("tensor " + name + " has an unknown dtype " + dtypeName);
      }
    }

    private List<Long> readNumbers(JsonReader in, String name, String key) throws IOException {
      List<Long> numbers = new ArrayList<>();
      in.beginArray();
      while (in.hasNext()) {
        String literal = in.peek() == JsonToken.NUMBER ? in.nextString() : "" + in.peek();
        // Written out as digits only: "1e3", "1.0" and "-1" are no sizes.
        if (!literal.chars().allMatch(c -> c >= '0' && c <= '9') || literal.length() > 18) {
          throw refused(key + " of tensor " + name + " must hold whole numbers, has " + literal);
        }
        numbers.add(Long.parseLong(literal));
      }
      in.endArray();
      return numbers;
    }

    /// Empty tensors may share a place with others; the rest must follow each other exactly.
    private void checkCover() throws SafetensorsException {
      found.sort(
          Comparator.comparingLong(TensorInfo::begin)
              .thenComparingLong(TensorInfo::end)
              .thenComparing(TensorInfo::name));
      long expected = data;
      for (TensorInfo info : found) {
        if (info.begin() < expected) {
          throw new SafetensorsException(
              path, info.begin(), "tensor " + info.name() + " overlaps the tensor before it");
        }
        if (info.begin() > expected) {
          throw new SafetensorsException(
              path,
              expected,
              "no tensor covers the " + (info.begin() - expected) + " bytes before " + info.name());
        }
        expected = info.end();
      }
      if (expected != size) {
        throw new SafetensorsException(
            path, expected, "no tensor covers the last " + (size - expected) + " bytes");
      }
      tensors.clear();
      found.forEach(info -> tensors.put(info.name(), info));
    }

    private SafetensorsException refused(String rule) {
      return new SafetensorsException(path, 8, rule);
    }
  }
}
