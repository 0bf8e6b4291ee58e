package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.registry.ModelRegistry;
import picocli.CommandLine.Parameters;

/// The model a command works on. Opening it touches no database.
final class ModelSource {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "A registered model, one shipped with the checkout, a folder or a GGUF file.")
  private String name = "";

  /// A model by what it was called elsewhere in a call.
  static ModelSource of(String name) {
    ModelSource source = new ModelSource();
    source.name = name;
    return source;
  }

  /// What the command was given.
  String name() {
    return name;
  }

  /// The registry of the data folder.
  static ModelRegistry registry() {
    return new ModelRegistry(Places.home().resolve("models"));
  }

  /// Opens the model; no weight is read yet.
  StoredModel open() throws IOException {
    return readable(() -> ModelRegistry.open(place()));
  }

  /// All but the weights, which need not be there.
  ModelDescription describe() throws IOException {
    Path place = place();
    if (Files.isDirectory(place)) {
      return readable(() -> ModelDescription.read(place));
    }
    try (StoredModel model = open()) {
      return model.description();
    }
  }

  /// Where the model lies: a name goes before a folder of the same name, `./NAME` means the folder.
  Path place() throws IOException {
    Optional<Path> registered = registry().find(name);
    if (registered.isPresent()) {
      return registered.get();
    }
    Optional<Path> shipped = new ModelRegistry(Places.shippedModels()).find(name);
    if (shipped.isPresent()) {
      return shipped.get();
    }
    Path path = Path.of(name);
    if (!Files.exists(path)) {
      throw new CommandRefused(
          "'"
              + name
              + "' is neither a registered model (there are "
              + registry().names()
              + ") nor a folder or file");
    }
    return path;
  }

  /// What opens a model.
  @FunctionalInterface
  interface Opening<T> {
    /// The model.
    T open() throws IOException;
  }

  /// Tells a file that is missing or breaks a rule in one sentence.
  static <T> T readable(Opening<T> opening) {
    try {
      return opening.open();
    } catch (NoSuchFileException missing) {
      throw new CommandRefused("there is no file " + missing.getMessage());
    } catch (IOException broken) {
      throw new CommandRefused(String.valueOf(broken.getMessage()));
    }
  }
}
