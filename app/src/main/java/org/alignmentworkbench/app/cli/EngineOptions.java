package org.alignmentworkbench.app.cli;

import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.ProductSpeed;
import picocli.CommandLine.Option;

/// Where and how wide a command's kernels run.
final class EngineOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the kernels (default: all processors, ${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--device", description = "auto, cpu or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16",
      description = "Precision of the large products (default: ${DEFAULT-VALUE}).")
  private String dtype = "fp32";

  Engine start() {
    Engine engine = Engine.start(new EngineSettings(device, threads).in(Precision.labelled(dtype)));
    try {
      ProductSpeed.requireGain(engine);
    } catch (IllegalArgumentException refused) {
      engine.close();
      throw refused;
    }
    return engine;
  }
}
