package org.alignmentworkbench.app.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Optional;

/// Where the checkout and the data lie.
final class Places {
  private Places() {}

  /// The checkout, which holds the shipped base model; the start script says where it is.
  static Path root() {
    return Path.of(System.getProperty("workbench.root", ".")).toAbsolutePath().normalize();
  }

  /// The data folder: `WORKBENCH_HOME`, or `data` in the checkout.
  static Path home() {
    String home = System.getenv("WORKBENCH_HOME");
    return home == null || home.isBlank()
        ? root().resolve("data")
        : Path.of(home).toAbsolutePath().normalize();
  }

  /// Whether a person watches: only then is a line rewritten in place.
  static boolean terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /// The folder of the models that are shipped with the checkout.
  static Path shippedModels() {
    return root().resolve("models");
  }

  /// The folder of one of them.
  static Path shippedModel(String name) {
    return shippedModels().resolve(name);
  }
}
