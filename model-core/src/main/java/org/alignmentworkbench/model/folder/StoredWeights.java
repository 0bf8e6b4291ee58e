package org.alignmentworkbench.model.folder;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.SequencedSet;
import org.alignmentworkbench.model.engine.NativeFloats;
import org.alignmentworkbench.model.tensor.Tensor;

/// The weights of a model that lies in files, by transformers' names. Their names and shapes are
/// checked already; their values are read when they are asked for.
public interface StoredWeights extends AutoCloseable {
  /// The values of a weight as float32.
  Tensor read(String name) throws IOException;

  /// How the file stores a weight, such as `F32` or `Q4_1`.
  String storedAs(String name);

  /// Writes the values of a weight to `to`, which has room for them alone.
  default void copyTo(String name, MemorySegment to) throws IOException {
    float[] values = read(name).data();
    MemorySegment.copy(values, 0, to, ValueLayout.JAVA_FLOAT, 0, values.length);
  }

  /// The values of all weights where they lie, if they stand in this very order in one file, as
  /// float32, at a place that kernels can read.
  default Optional<NativeFloats> inPlace(SequencedSet<String> names) throws IOException {
    return Optional.empty();
  }

  @Override
  void close();
}
