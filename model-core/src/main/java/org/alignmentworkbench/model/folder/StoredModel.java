package org.alignmentworkbench.model.folder;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.NativeFloats;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;
import org.alignmentworkbench.model.tensor.Tensor;

/// A model that lies in files: everything is checked, the weights wait to be read.
///
/// Unlike [ModelFolder] it takes no memory for the weights, so that a large model can be looked at,
/// converted weight by weight, or put on an engine without passing through the heap.
///
/// @param description all but the weights
/// @param weights the weights, open until this is closed
public record StoredModel(ModelDescription description, StoredWeights weights)
    implements AutoCloseable {

  /// What is told after each weight that was written.
  @FunctionalInterface
  public interface WriteProgress {
    /// `done` of `of` parameters are written; `name` was the last.
    void wrote(String name, long done, long of);
  }

  /// Opens a folder of the layout that [ModelFolder] describes.
  public static StoredModel open(Path folder) throws IOException {
    ModelDescription description = ModelDescription.read(folder);
    return new StoredModel(description, WeightFiles.open(folder, description.config()));
  }

  /// Puts the weights on an engine: where they lie if the file allows it, else copied once. A
  /// mapped file must not change while the model is open.
  public LlamaModel load(Engine engine) throws IOException {
    return LlamaModel.load(engine, description.config(), nativeWeights());
  }

  private NativeFloats nativeWeights() throws IOException {
    SequencedMap<String, int[]> shapes = description.config().weightShapes();
    Optional<NativeFloats> mapped = weights.inPlace(shapes.sequencedKeySet());
    if (mapped.isPresent()) {
      return mapped.get();
    }
    NativeFloats copy = NativeFloats.allocate(description.config().parameters());
    try {
      long at = 0;
      for (Map.Entry<String, int[]> weight : shapes.entrySet()) {
        long bytes = Float.BYTES * size(weight.getValue());
        MemorySegment place = copy.segment().asSlice(at, bytes);
        weights.copyTo(weight.getKey(), place);
        at += bytes;
      }
      return copy;
    } catch (Throwable failure) {
      copy.close();
      throw failure;
    }
  }

  private static long size(int[] shape) {
    long size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    return size;
  }

  /// The whole model in the heap.
  public ModelFolder read() throws IOException {
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    for (String name : description.config().weightShapes().keySet()) {
      values.put(name, weights.read(name));
    }
    return description.withWeights(values);
  }

  /// Writes a folder that transformers opens as it is, and from which [#load] maps the weights in
  /// place: in float32, which holds F16, BF16 and dequantised values exactly, in canonical order.
  public void writeForMapping(Path folder, WriteProgress progress) throws IOException {
    long of = description.config().parameters();
    long[] done = {0};
    SafetensorsWriter.writeInOrder(
        folder.resolve(WeightFiles.SINGLE),
        description.config().weightShapes(),
        Map.of("format", "pt"),
        name -> {
          Tensor weight = weights.read(name);
          done[0] += weight.size();
          progress.wrote(name, done[0], of);
          return weight;
        });
    description.write(folder, "float32");
  }

  @Override
  public void close() {
    weights.close();
  }
}
