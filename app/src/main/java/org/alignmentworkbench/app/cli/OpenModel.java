package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.util.Locale;
import org.alignmentworkbench.app.terminal.ProgressLine;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaModel;

/// A model on an engine, for one command.
record OpenModel(Engine engine, LlamaModel model) implements AutoCloseable {
  /// Puts a model's weights on an engine and says how long that took.
  static OpenModel load(
      StoredModel stored, ModelSource source, EngineOptions options, ProgressLine terminal)
      throws IOException {
    Engine engine = options.start();
    try {
      long start = System.nanoTime();
      LlamaModel model = stored.load(engine);
      terminal.say(
          String.format(
              Locale.ROOT,
              "%s: %,d parameters, loaded in %.2f s",
              source.name(),
              stored.description().config().parameters(),
              (System.nanoTime() - start) * 1e-9));
      return new OpenModel(engine, model);
    } catch (Throwable failure) {
      engine.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    model.close();
    engine.close();
  }
}
