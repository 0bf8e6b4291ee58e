package org.alignmentworkbench.model.folder;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import org.alignmentworkbench.model.engine.NativeFloats;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.TensorInfo;
import org.alignmentworkbench.model.tensor.Tensor;

/// The weights of a model folder: one file, or shards with an index.
///
/// Names, shapes and types are compared with the configuration from the headers, before any weight
/// is read. A tied model may bring an output matrix if it equals the embedding.
final class WeightFiles implements StoredWeights {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Kernels read whole cache lines: values in place must begin at one.
  private static final int CACHE_LINE = 64;

  private final List<Shard> open = new ArrayList<>();
  private final Map<String, Shard> shardOf = new LinkedHashMap<>();

  private record Shard(Path path, SafetensorsFile file) {}

  private WeightFiles() {}

  /// Opens and checks all files.
  static WeightFiles open(Path folder, LlamaConfig config) throws IOException {
    WeightFiles weights = new WeightFiles();
    try {
      Path single = folder.resolve(SINGLE);
      if (Files.exists(single)) {
        weights.openSingle(single, config);
      } else if (Files.exists(folder.resolve(INDEX))) {
        weights.openShards(folder, config);
      } else {
        throw new NoSuchFileException(single.toString());
      }
      weights.checkTiedCopy(config);
      return weights;
    } catch (Throwable refused) {
      weights.close();
      throw refused;
    }
  }

  private void openSingle(Path path, LlamaConfig config) throws IOException {
    Shard single = add(path);
    for (String name : single.file.names()) {
      check(single, name, config);
    }
    for (String name : config.weightShapes().keySet()) {
      if (!single.file.has(name)) {
        throw new IllegalArgumentException(path + ": weight missing: " + name);
      }
    }
    single.file.names().forEach(name -> shardOf.put(name, single));
  }

  private void openShards(Path folder, LlamaConfig config) throws IOException {
    Path index = folder.resolve(INDEX);
    Map<String, Set<String>> namesOf = new TreeMap<>();
    Set<String> indexed = new LinkedHashSet<>();
    for (Map.Entry<String, JsonElement> entry : weightMap(index).entrySet()) {
      String shard = entry.getValue().getAsString();
      // The index comes with the model: it must not lead out of the folder.
      if (!shard.matches("[A-Za-z0-9._-]+") || shard.startsWith(".")) {
        throw new IllegalArgumentException(index + ": a shard must be a file name, was " + shard);
      }
      indexed.add(entry.getKey());
      namesOf.computeIfAbsent(shard, _ -> new LinkedHashSet<>()).add(entry.getKey());
    }
    for (String name : config.weightShapes().keySet()) {
      if (!indexed.contains(name)) {
        throw new IllegalArgumentException(index + ": weight missing: " + name);
      }
    }
    for (Map.Entry<String, Set<String>> entry : namesOf.entrySet()) {
      Path path = folder.resolve(entry.getKey());
      if (!Files.exists(path)) {
        throw new IllegalArgumentException(index + ": shard missing: " + entry.getKey());
      }
      Shard shard = add(path);
      for (String name : shard.file.names()) {
        if (!entry.getValue().contains(name)) {
          throw new IllegalArgumentException(
              path + ": weight " + name + " is not in the index for this file");
        }
        check(shard, name, config);
      }
      for (String name : entry.getValue()) {
        if (!shard.file.has(name)) {
          throw new IllegalArgumentException(path + ": weight missing: " + name);
        }
        shardOf.put(name, shard);
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  private Shard add(Path path) throws IOException {
    Shard shard = new Shard(path, SafetensorsFile.open(path));
    open.add(shard);
    return shard;
  }

  private static JsonObject weightMap(Path index) throws IOException {
    try {
      JsonElement map =
          JsonParser.parseString(Files.readString(index)).getAsJsonObject().get("weight_map");
      if (map == null) {
        throw new IllegalArgumentException(index + ": weight_map is missing");
      }
      return map.getAsJsonObject();
    } catch (JsonParseException | IllegalStateException malformed) {
      throw new IllegalArgumentException(
          index + ": must be an index of shards: " + malformed.getMessage(), malformed);
    }
  }

  private static void check(Shard shard, String name, LlamaConfig config) {
    int[] expected = config.weightShapes().get(name);
    if (expected == null) {
      if (name.equals(LlamaConfig.OUTPUT)) {
        return; // a tied model's copy of the embedding: compared by value later
      }
      throw new IllegalArgumentException(shard.path + ": weight not known: " + name);
    }
    TensorInfo info = shard.file.info(name);
    long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
    if (!Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray())) {
      throw new IllegalArgumentException(
          shard.path
              + ": "
              + name
              + " must have shape "
              + Arrays.toString(expected)
              + ", was "
              + Arrays.toString(shape));
    }
    if (info.dtype() != Dtype.F32 && info.dtype() != Dtype.F16 && info.dtype() != Dtype.BF16) {
      throw new IllegalArgumentException(
          shard.path + ": " + name + " must be F32, F16 or BF16, was " + info.dtype());
    }
  }

  private void checkTiedCopy(LlamaConfig config) {
    if (!config.tiedEmbeddings() || !shardOf.containsKey(LlamaConfig.OUTPUT)) {
      return;
    }
    Tensor embedding = read(LlamaConfig.EMBEDDING);
    Tensor output = read(LlamaConfig.OUTPUT);
    if (!Arrays.equals(embedding.shape(), output.shape())
        || !Arrays.equals(embedding.data(), output.data())) {
      throw new IllegalArgumentException(
          shard(LlamaConfig.OUTPUT).path
              + ": "
              + LlamaConfig.OUTPUT
              + " differs from the embedding although tie_word_embeddings is true");
    }
  }

  private Shard shard(String name) {
    Shard shard = shardOf.get(name);
    if (shard == null) {
      throw new IllegalArgumentException("the model has no weight " + name);
    }
    return shard;
  }

  @Override
  public Tensor read(String name) {
    return shard(name).file.read(name);
  }

  @Override
  public String storedAs(String name) {
    return shard(name).file.info(name).dtype().name();
  }

  @Override
  public void copyTo(String name, MemorySegment to) {
    SafetensorsFile file = shard(name).file;
    MemorySegment from = file.segment(name);
    long count = file.info(name).elements();
    switch (file.info(name).dtype()) {
      case F32 -> MemorySegment.copy(from, INT, 0, to, ValueLayout.JAVA_INT, 0, count);
      case F16 -> {
        for (long i = 0; i < count; i++) {
          to.setAtIndex(ValueLayout.JAVA_FLOAT, i, Half.fromF16(from.get(SHORT, 2 * i)));
        }
      }
      default -> {
        for (long i = 0; i < count; i++) {
          to.setAtIndex(ValueLayout.JAVA_FLOAT, i, Half.fromBf16(from.get(SHORT, 2 * i)));
        }
      }
    }
  }

  @Override
  public Optional<NativeFloats> inPlace(SequencedSet<String> names) throws IOException {
    Shard first = shard(names.getFirst());
    long begin = first.file.info(names.getFirst()).begin();
    long end = begin;
    for (String name : names) {
      TensorInfo info = first.file.has(name) ? first.file.info(name) : null;
      if (info == null || info.dtype() != Dtype.F32 || info.begin() != end) {
        return Optional.empty();
      }
      end = info.end();
    }
    boolean readable =
        begin % CACHE_LINE == 0
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            && Files.isWritable(first.path); // a private map asks for it, though it never writes
    return readable
        ? Optional.of(NativeFloats.map(first.path, begin, (end - begin) / Float.BYTES))
        : Optional.empty();
  }

  @Override
  public void close() {
    open.forEach(shard -> shard.file.close());
    open.clear();
  }
}
