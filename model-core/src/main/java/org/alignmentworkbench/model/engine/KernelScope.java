package org.alignmentworkbench.model.engine;

import ai.djl.pytorch.engine.PtNDManager;
import java.util.function.Function;

/// What several calls share: arrays made inside one stay until the scope is closed, or until they
/// are closed themselves. Between its calls the kernel thread is free for others.
public final class KernelScope implements AutoCloseable {
  private final Engine engine;
  private final PtNDManager manager;

  KernelScope(Engine engine, PtNDManager manager) {
    this.engine = engine;
    this.manager = manager;
  }

  /// Runs some kernels on the kernel thread.
  public <T> T call(Function<KernelCall, T> task) {
    return engine.callIn(manager, task);
  }

  /// Frees every array.
  @Override
  public void close() {
    engine.callIn(
        manager,
        _ -> {
          manager.close();
          return true;
        });
  }
}
