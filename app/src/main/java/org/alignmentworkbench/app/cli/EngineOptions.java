package org.alignmentworkbench.app.cli;

import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
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

  Engine start() {
    return Engine.start(new EngineSettings(device, threads));
  }
}
