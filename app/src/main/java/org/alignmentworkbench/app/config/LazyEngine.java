package org.alignmentworkbench.app.config;

import java.util.function.Supplier;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.ProductSpeed;
import org.jspecify.annotations.Nullable;

/// The engine of this process, started with the first model that needs it: a server that only
/// serves pages takes no memory for it.
public final class LazyEngine implements Supplier<Engine>, AutoCloseable {
  private final EngineSettings settings;
  private @Nullable Engine engine;

  LazyEngine(EngineSettings settings) {
    this.settings = settings;
  }

  @Override
  public synchronized Engine get() {
    Engine started = engine;
    if (started == null) {
      started = Engine.start(settings);
      try {
        ProductSpeed.requireGain(started);
      } catch (IllegalArgumentException refused) {
        started.close();
        throw refused;
      }
      engine = started;
    }
    return started;
  }

  @Override
  public synchronized void close() {
    Engine started = engine;
    if (started != null) {
      started.close();
      engine = null;
    }
  }
}
