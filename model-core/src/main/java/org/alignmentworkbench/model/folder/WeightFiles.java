package org.alignmentworkbench.model.folder;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;

/// The weights of a model folder: one file, or shards with an index.
///
/// Names and shapes are compared with the configuration from the headers, before any weight is
/// read.
final class WeightFiles {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private WeightFiles() {}

  static SequencedMap<String, Tensor> read(Path folder, LlamaConfig config) throws IOException {
    Map<String, Tensor> found = new LinkedHashMap<>();
    Path single = folder.resolve(SINGLE);
    if (Files.exists(single)) {
      try (SafetensorsFile file = SafetensorsFile.open(single)) {
        for (String name : file.names()) {
          checkShape(single, file, name, config);
        }
        for (String name : config.weightShapes().keySet()) {
          if (!file.has(name)) {
            throw new IllegalArgumentException(single + ": weight missing: " + name);
          }
        }
        found.putAll(file.readAll());
      }
    } else if (Files.exists(folder.resolve(INDEX))) {
      readShards(folder, config, found);
    } else {
      throw new NoSuchFileException(single.toString());
    }
    try {
      return config.checkWeights(found);
    } catch (IllegalArgumentException mismatch) {
      throw new IllegalArgumentException(folder + ": " + mismatch.getMessage(), mismatch);
    }
  }

  private static void readShards(Path folder, LlamaConfig config, Map<String, Tensor> found)
      throws IOException {
    Path index = folder.resolve(INDEX);
    Map<String, Map<String, String>> namesOfShard = new TreeMap<>();
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : weightMap(index).entrySet()) {
      String shard = entry.getValue().getAsString();
      // The index comes with the model: it must not lead out of the folder.
      if (!shard.matches("[A-Za-z0-9._-]+") || shard.startsWith(".")) {
        throw new IllegalArgumentException(index + ": a shard must be a file name, was " + shard);
      }
      shardOf.put(entry.getKey(), shard);
      namesOfShard.computeIfAbsent(shard, s -> new LinkedHashMap<>()).put(entry.getKey(), shard);
    }
    for (String name : config.weightShapes().keySet()) {
      if (!shardOf.containsKey(name)) {
        throw new IllegalArgumentException(index + ": weight missing: " + name);
      }
    }
    for (Map.Entry<String, Map<String, String>> entry : namesOfShard.entrySet()) {
      Path path = folder.resolve(entry.getKey());
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        for (String name : file.names()) {
          if (!entry.getValue().containsKey(name)) {
            throw new IllegalArgumentException(
                path + ": weight " + name + " is not in the index for this file");
          }
          checkShape(path, file, name, config);
        }
        for (String name : entry.getValue().keySet()) {
          if (!file.has(name)) {
            throw new IllegalArgumentException(path + ": weight missing: " + name);
          }
          found.put(name, file.read(name));
        }
      }
    }
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

  private static void checkShape(Path path, SafetensorsFile file, String name, LlamaConfig config) {
    int[] expected = config.weightShapes().get(name);
    if (expected == null) {
      if (name.equals(LlamaConfig.OUTPUT)) {
        return; // a tied model's copy of the embedding: compared by value later
      }
      throw new IllegalArgumentException(path + ": weight not known: " + name);
    }
    long[] shape = file.info(name).shape().stream().mapToLong(Long::longValue).toArray();
    if (!Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray())) {
      throw new IllegalArgumentException(
          path
              + ": "
              + name
              + " must have shape "
              + Arrays.toString(expected)
              + ", was "
              + Arrays.toString(shape));
    }
  }
}
