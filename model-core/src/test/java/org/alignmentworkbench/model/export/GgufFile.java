package org.alignmentworkbench.model.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.tensor.Tensor;

/// Reads a GGUF file, written apart from the writer: everything is kept as the file says it.
record GgufFile(SequencedMap<String, Object> pairs, SequencedMap<String, Tensor> tensors) {
  static GgufFile read(Path path) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[4];
    in.get(magic);
    if (!new String(magic, StandardCharsets.US_ASCII).equals("GGUF") || in.getInt() != 3) {
      throw new IOException("not GGUF version 3");
    }
    long tensorCount = in.getLong();
    long pairCount = in.getLong();
    SequencedMap<String, Object> pairs = new LinkedHashMap<>();
    for (long i = 0; i < pairCount; i++) {
      String key = string(in);
      if (pairs.put(key, value(in, in.getInt())) != null) {
        throw new IOException("twice: " + key);
      }
    }
    record Info(String name, int[] shape, int type, long offset) {}
    List<Info> infos = new ArrayList<>();
    for (long i = 0; i < tensorCount; i++) {
      String name = string(in);
      int axes = in.getInt();
      int[] shape = new int[axes];
      for (int axis = axes - 1; axis >= 0; axis--) {
        shape[axis] = Math.toIntExact(in.getLong());
      }
      infos.add(new Info(name, shape, in.getInt(), in.getLong()));
    }
    int data = (in.position() + 31) / 32 * 32;
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (Info info : infos) {
      if (info.offset % 32 != 0) {
        throw new IOException(info.name + " is not aligned");
      }
      Tensor tensor = Tensor.zeros(info.shape);
      int at = Math.toIntExact(data + info.offset);
      for (int i = 0; i < tensor.size(); i++) {
        tensor.data()[i] =
            switch (info.type) {
              case 0 -> in.getFloat(at + 4 * i);
              case 1 -> Float.float16ToFloat(in.getShort(at + 2 * i));
              default -> throw new IOException("type " + info.type);
            };
      }
      if (tensors.put(info.name, tensor) != null) {
        throw new IOException("twice: " + info.name);
      }
    }
    return new GgufFile(pairs, tensors);
  }

  private static Object value(ByteBuffer in, int type) throws IOException {
    return switch (type) {
      case 4 -> in.getInt() & 0xFFFFFFFFL;
      case 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() == 1;
      case 8 -> string(in);
      case 9 -> {
        int inner = in.getInt();
        long length = in.getLong();
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < length; i++) {
          values.add(value(in, inner));
        }
        yield values;
      }
      default -> throw new IOException("value type " + type);
    };
  }

  private static String string(ByteBuffer in) {
    byte[] bytes = new byte[Math.toIntExact(in.getLong())];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
