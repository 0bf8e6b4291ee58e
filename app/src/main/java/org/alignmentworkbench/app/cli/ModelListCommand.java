package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.registry.ModelRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `workbench model list`.
@Command(
    name = "list",
    description = "List registered models and adapters, and models shipped with the checkout.")
final class ModelListCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /// A model that can be named.
  record Line(String name, boolean shipped, long parameters, int layers, int hiddenSize) {}

  /// Everything that can be named.
  record Answer(List<Line> models, List<String> adapters) {}

  @Override
  public Integer call() throws IOException {
    List<Line> lines = new ArrayList<>();
    ModelRegistry registered = ModelSource.registry();
    for (String name : registered.names()) {
      lines.add(line(name, false, registered.find(name).orElseThrow()));
    }
    ModelRegistry shipped = new ModelRegistry(Places.shippedModels());
    for (String name : shipped.names()) {
      if (registered.find(name).isEmpty()) {
        lines.add(line(name, true, shipped.find(name).orElseThrow()));
      }
    }
    List<String> adapters = registered.adapterNames();
    if (json) {
      System.out.println(JsonMapper.shared().writeValueAsString(new Answer(lines, adapters)));
      return 0;
    }
    for (Line line : lines) {
      System.out.printf(
          Locale.ROOT,
          "%-24s %,15d parameters  %3d layers x %-5d%s%n",
          line.name(),
          line.parameters(),
          line.layers(),
          line.hiddenSize(),
          line.shipped() ? "  shipped" : "");
    }
    adapters.forEach(name -> System.out.println(name + " (adapter)"));
    return 0;
  }

  private static Line line(String name, boolean shipped, Path folder) throws IOException {
    LlamaConfig config = ModelFolder.readConfig(folder);
    return new Line(name, shipped, config.parameters(), config.layers(), config.hiddenSize());
  }
}
