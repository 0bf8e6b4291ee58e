package org.alignmentworkbench.model.llama;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.KernelScope;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.ResidentArray;
import org.jspecify.annotations.Nullable;

/// The matrices in bfloat16 as products read them, rounded from the float32 parameters when these
/// have changed. Used on the kernel thread alone.
final class LowWeights implements AutoCloseable {
  private final Engine engine;
  private final ResidentArray values;
  private final long[] dims;
  private final boolean tied;
  private final boolean languageHead;
  private @Nullable KernelScope scope;
  private List<NDArray> rounded = List.of();
  private long version;

  /// @param languageHead whether the parameters hold an output matrix that is read
  LowWeights(Engine engine, ResidentArray values, long[] dims, boolean tied, boolean languageHead) {
    this.engine = engine;
    this.values = values;
    this.dims = dims;
    this.tied = tied;
    this.languageHead = languageHead;
  }

  /// The matrices; none in float32, where products read the parameters themselves.
  List<NDArray> now() {
    if (engine.settings().precision() == Precision.FP32) {
      return List.of();
    }
    if (scope == null || version != values.version()) {
      close();
      KernelScope fresh = engine.scope();
      scope = fresh;
      version = values.version();
      rounded = fresh.call(call -> call.tensors("low_weights", values, dims, tied, languageHead));
    }
    return rounded;
  }

  @Override
  public void close() {
    if (scope != null) {
      scope.close();
      scope = null;
      rounded = List.of();
    }
  }
}
