package org.alignmentworkbench.model.engine;

import ai.djl.pytorch.engine.PtNDArray;
import org.jspecify.annotations.Nullable;

/// A flat float32 array on the engine's device that outlives single calls: parameters, moments.
///
/// Kernels change it in place.
public final class ResidentArray implements AutoCloseable {
  private final Engine engine;
  private final PtNDArray array;
  private final @Nullable NativeFloats memory;
  private final int size;
  private long version;

  /// @param memory what the array stands on and frees when it is closed, if it does not own it
  ResidentArray(Engine engine, PtNDArray array, @Nullable NativeFloats memory) {
    this.engine = engine;
    this.array = array;
    this.memory = memory;
    this.size = Math.toIntExact(array.getShape().size());
  }

  PtNDArray array() {
    return array;
  }

  /// The number of values.
  public int size() {
    return size;
  }

  /// A copy of the values.
  public float[] read() {
    return engine.call(_ -> array.toFloatArray());
  }

  /// Grows each time the values change: what was derived from an earlier version is out of date.
  public long version() {
    return version;
  }

  /// To be called after a kernel changed the values in place.
  public void changed() {
    version++;
  }

  /// Overwrites every value.
  public void write(float[] values) {
    if (values.length != size) {
      throw new IllegalArgumentException("must be " + size + " values, was " + values.length);
    }
    engine.call(call -> call.tensor("assign", this, call.floats(values, size)).getShape());
    changed();
  }

  /// Frees it.
  @Override
  public void close() {
    engine.call(_ -> {
      array.close();
      return true;
    });
    if (memory != null) {
      memory.close();
    }
  }
}
