package org.alignmentworkbench.model.gguf;

import java.io.IOException;
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
import java.util.SequencedMap;
import org.alignmentworkbench.model.tensor.Tensor;

/// An open GGUF file of version 2 or 3, little-endian, mapped into memory:
///
/// ```
/// "GGUF", u32 version, u64 tensors, u64 pairs
/// pairs:    string key, u32 kind, value
/// tensors:  string name, u32 axes, u64 extents (innermost first), u32 type, u64 offset
/// data:     from the next multiple of the alignment; so does every tensor
/// string:   u64 bytes, UTF-8;  array: u32 kind, u64 length, values
/// ```
///
/// The whole head is checked when a file is opened: what it says about sizes is compared with the
/// size of the file before anything is read or reserved, tensors lie inside the file and apart from
/// each other, and nothing is named twice. Values of tensors are not looked at. Closing unmaps the
/// file.
public final class GgufFile implements AutoCloseable {
  /// The key of the alignment of tensors.
  public static final String ALIGNMENT = "general.alignment";

  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MAX_AXES = 4;
  private static final int MAX_NESTING = 4;

  /// The shortest tensor entry: an empty name, no axis, type and offset.
  private static final int LEAST_TENSOR_BYTES = 24;

  /// The shortest pair: an empty key and one byte.
  private static final int LEAST_PAIR_BYTES = 13;

  private final Path path;
  private final Arena arena;
  private final MemorySegment file;
  private final GgufMetadata metadata;
  private final SequencedMap<String, GgufTensor> tensors;

  private GgufFile(Path path, Arena arena, MemorySegment file, Head head) {
    this.path = path;
    this.arena = arena;
    this.file = file;
    this.metadata = new GgufMetadata(path, head.pairs);
    this.tensors = Collections.unmodifiableSequencedMap(head.tensors);
  }

  /// Maps a file and checks its head.
  ///
  /// @throws GgufException if the file breaks a rule of the format
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or below when opening fails
  public static GgufFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      Head head = new Head(path, file);
      head.read();
      return new GgufFile(path, arena, file, head);
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /// Where the file is.
  public Path path() {
    return path;
  }

  /// What the file says about itself.
  public GgufMetadata metadata() {
    return metadata;
  }

  /// The tensors by name, in the order of the file.
  public SequencedMap<String, GgufTensor> tensors() {
    return tensors;
  }

  /// The values of a tensor as float32.
  public Tensor read(String name) {
    GgufTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(path + " has no tensor named " + name);
    }
    float[] values = new float[Math.toIntExact(tensor.elements())];
    byte[] bytes = file.asSlice(tensor.begin(), tensor.bytes()).toArray(ValueLayout.JAVA_BYTE);
    Dequantizer.decode(tensor.type(), bytes, values);
    return Tensor.of(values, tensor.shape().stream().mapToInt(Math::toIntExact).toArray());
  }

  @Override
  public void close() {
    arena.close();
  }

  /// Reads the head from front to back.
  private static final class Head {
    private static final ValueLayout.OfShort SHORT =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MemorySegment file;
    private final long size;
    private final SequencedMap<String, GgufValue> pairs = new LinkedHashMap<>();
    private final SequencedMap<String, GgufTensor> tensors = new LinkedHashMap<>();
    private long at;

    Head(Path path, MemorySegment file) {
      this.path = path;
      this.file = file;
      this.size = file.byteSize();
    }

    void read() throws GgufException {
      if (size < 4 || file.get(INT, 0) != 0x46554747) { // "GGUF", read from behind
        throw new GgufException(path, 0, "the file must begin with GGUF");
      }
      at = 4;
      int version = int32("the version");
      if (version != 2 && version != 3) {
        boolean bigEndian =
            Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3;
        throw new GgufException(
            path,
            4,
            bigEndian
                ? "the file must be little-endian, is big-endian"
                : "the version must be 2 or 3, was " + Integer.toUnsignedString(version));
      }
      long tensorCount = count("the number of tensors", LEAST_TENSOR_BYTES);
      long pairCount = count("the number of pairs", LEAST_PAIR_BYTES);
      for (long i = 0; i < pairCount; i++) {
        long keyAt = at;
        String key = text("the key of pair " + i);
        GgufValue value = value(key, kind(key), 0);
        if (pairs.put(key, value) != null) {
          throw new GgufException(path, keyAt, "key " + key + " stands there twice");
        }
      }
      long alignment = alignment();
      List<Long> entries = new ArrayList<>();
      List<GgufTensor> found = new ArrayList<>();
      for (long i = 0; i < tensorCount; i++) {
        entries.add(at);
        found.add(tensor(i, alignment));
      }
      place(found, entries, (at + alignment - 1) / alignment * alignment);
    }

    private long alignment() throws GgufException {
      GgufValue value = pairs.get(ALIGNMENT);
      if (value == null) {
        return DEFAULT_ALIGNMENT;
      }
      if (!(value instanceof GgufValue.Whole(GgufValue.Kind kind, long alignment))
          || kind != GgufValue.Kind.UINT32
          || alignment == 0
          || alignment % 8 != 0) {
        throw new GgufException(
            path, at, ALIGNMENT + " must be a UINT32 that 8 divides, was " + value);
      }
      return alignment;
    }

    /// A tensor as its entry says, `begin` counted from the data.
    private GgufTensor tensor(long index, long alignment) throws GgufException {
      long entryAt = at;
      String name = text("the name of tensor " + index);
      int axes = int32("the number of axes of tensor " + name);
      if (axes < 1 || axes > MAX_AXES) {
        throw new GgufException(
            path,
            at - 4,
            "tensor "
                + name
                + " must have 1 to "
                + MAX_AXES
                + " axes, has "
                + Integer.toUnsignedString(axes));
      }
      List<Long> shape = new ArrayList<>();
      long elements = 1;
      for (int axis = 0; axis < axes; axis++) {
        long extent = int64("an extent of tensor " + name);
        try {
          if (extent < 1) {
            throw new ArithmeticException();
          }
          elements = Math.multiplyExact(elements, extent);
        } catch (ArithmeticException overflow) {
          throw new GgufException(
              path,
              at - 8,
              "the extents of tensor "
                  + name
                  + " must be at least 1 and their product below 2^63, one is "
                  + Long.toUnsignedString(extent));
        }
        shape.addFirst(extent);
      }
      int number = int32("the type of tensor " + name);
      long typeAt = at - 4;
      TensorType type =
          TensorType.of(number)
              .orElseThrow(() ->
                  new GgufException(
                      path,
                      typeAt,
                      "tensor "
                          + name
                          + " is stored as "
                          + TensorType.nameOf(number)
                          + "; read are "
                          + List.of(TensorType.values())));
      if (shape.getLast() % type.blockSize() != 0) {
        throw new GgufException(
            path,
            entryAt,
            "a row of tensor "
                + name
                + " must be whole blocks of "
                + type.blockSize()
                + " values in "
                + type
                + ", has "
                + shape.getLast());
      }
      long bytes;
      try {
        bytes = Math.multiplyExact(elements / type.blockSize(), type.blockBytes());
      } catch (ArithmeticException overflow) {
        throw new GgufException(path, entryAt, "tensor " + name + " must be below 2^63 bytes");
      }
      long offset = int64("the offset of tensor " + name);
      if (offset < 0 || offset % alignment != 0) {
        throw new GgufException(
            path,
            at - 8,
            "the offset of tensor "
                + name
                + " must be a multiple of "
                + alignment
                + ", was "
                + Long.toUnsignedString(offset));
      }
      return new GgufTensor(name, type, shape, offset, bytes);
    }

    /// Moves the offsets to where the data begin, and checks that nothing overlaps or sticks out.
    private void place(List<GgufTensor> found, List<Long> entries, long data) throws GgufException {
      for (int i = 0; i < found.size(); i++) {
        GgufTensor entry = found.get(i);
        if (entry.begin() > size - data || entry.bytes() > size - data - entry.begin()) {
          throw new GgufException(
              path,
              Math.min(size, data + Math.min(entry.begin(), size)),
              "tensor "
                  + entry.name()
                  + " must lie inside the file of "
                  + size
                  + " bytes, says "
                  + entry.bytes()
                  + " bytes from "
                  + data
                  + " + "
                  + entry.begin());
        }
        GgufTensor placed =
            new GgufTensor(
                entry.name(), entry.type(), entry.shape(), data + entry.begin(), entry.bytes());
        if (tensors.put(entry.name(), placed) != null) {
          throw new GgufException(
              path, entries.get(i), "tensor " + entry.name() + " stands there twice");
        }
      }
      long end = data;
      String before = "";
      List<GgufTensor> ordered = new ArrayList<>(tensors.values());
      ordered.sort(Comparator.comparingLong(GgufTensor::begin));
      for (GgufTensor tensor : ordered) {
        if (tensor.begin() < end) {
          throw new GgufException(
              path, tensor.begin(), "tensor " + tensor.name() + " overlaps tensor " + before);
        }
        end = tensor.end();
        before = tensor.name();
      }
    }

    private GgufValue.Kind kind(String key) throws GgufException {
      int number = int32("the kind of " + key);
      GgufValue.Kind[] kinds = GgufValue.Kind.values();
      if (number < 0 || number >= kinds.length) {
        throw new GgufException(
            path,
            at - 4,
            "the kind of "
                + key
                + " must be below "
                + kinds.length
                + ", was "
                + Integer.toUnsignedString(number));
      }
      return kinds[number];
    }

    private GgufValue value(String key, GgufValue.Kind kind, int nesting) throws GgufException {
      return switch (kind) {
        case UINT8 -> new GgufValue.Whole(kind, int8(key) & 0xFF);
        case INT8 -> new GgufValue.Whole(kind, int8(key));
        case UINT16 -> new GgufValue.Whole(kind, int16(key) & 0xFFFF);
        case INT16 -> new GgufValue.Whole(kind, int16(key));
        case UINT32 -> new GgufValue.Whole(kind, int32(key) & 0xFFFFFFFFL);
        case INT32 -> new GgufValue.Whole(kind, int32(key));
        case UINT64, INT64 -> new GgufValue.Whole(kind, int64(key));
        case FLOAT32 -> new GgufValue.Real(kind, Float.intBitsToFloat(int32(key)));
        case FLOAT64 -> new GgufValue.Real(kind, Double.longBitsToDouble(int64(key)));
        case BOOL -> {
          byte flag = int8(key);
          if (flag != 0 && flag != 1) {
            throw new GgufException(path, at - 1, key + " must be 0 or 1, was " + (flag & 0xFF));
          }
          yield new GgufValue.Flag(flag == 1);
        }
        case STRING -> new GgufValue.Text(text(key));
        case ARRAY -> {
          if (nesting == MAX_NESTING) {
            throw new GgufException(
                path, at, "arrays in " + key + " must nest at most " + MAX_NESTING + " deep");
          }
          GgufValue.Kind of = kind(key);
          long length = count("the length of " + key, of.leastBytes());
          List<GgufValue> values = new ArrayList<>(Math.toIntExact(length));
          for (long i = 0; i < length; i++) {
            values.add(value(key, of, nesting + 1));
          }
          yield new GgufValue.Many(of, values);
        }
      };
    }

    /// A number of things of which each takes some bytes at least.
    private long count(String what, int leastBytes) throws GgufException {
      long count = int64(what);
      if (count < 0 || count > (size - at) / leastBytes || count > Integer.MAX_VALUE - 8) {
        throw new GgufException(
            path,
            at - 8,
            what
                + " is "
                + Long.toUnsignedString(count)
                + ", more than fit the "
                + (size - at)
                + " bytes that follow");
      }
      return count;
    }

    private String text(String what) throws GgufException {
      int length = Math.toIntExact(count("the length of " + what, 1));
      MemorySegment bytes = file.asSlice(at, length);
      at += length;
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(bytes.asByteBuffer())
            .toString();
      } catch (CharacterCodingException malformed) {
        throw new GgufException(path, at - length, what + " must be UTF-8");
      }
    }

    private byte int8(String what) throws GgufException {
      need(1, what);
      return file.get(ValueLayout.JAVA_BYTE, at++);
    }

    private short int16(String what) throws GgufException {
      need(2, what);
      at += 2;
      return file.get(SHORT, at - 2);
    }

    private int int32(String what) throws GgufException {
      need(4, what);
      at += 4;
      return file.get(INT, at - 4);
    }

    private long int64(String what) throws GgufException {
      need(8, what);
      at += 8;
      return file.get(LONG, at - 8);
    }

    private void need(int bytes, String what) throws GgufException {
      if (size - at < bytes) {
        throw new GgufException(
            path,
            size,
            "the file ends inside "
                + what
                + ": "
                + bytes
                + " bytes are needed, "
                + (size - at)
                + " are there");
      }
    }
  }
}
