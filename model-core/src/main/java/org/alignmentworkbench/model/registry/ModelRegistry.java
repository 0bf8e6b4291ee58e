package org.alignmentworkbench.model.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alignmentworkbench.model.file.DurableFile;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.folder.StoredModel.WriteProgress;
import org.alignmentworkbench.model.gguf.GgufModel;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;

/// Models as folders with names, each in the layout of Hugging Face.
///
/// | below the folder | holds |
/// |---|---|
/// | `NAME/` | a model: weights in float32 in one file that is mapped, not read; the other files of the layout; `import.json`, what was read. Or an adapter in peft's layout, under a name that no model has |
/// | `.NAME.PID~/` | what is being made by a process; left by a killed one, the next import removes it |
///
/// A model appears whole or not at all: it is written under another name, forced to the disk and
/// renamed. It is never changed after that; to import a name anew the old one must be removed
/// first.
public final class ModelRegistry {
  /// The report beside the weights.
  public static final String REPORT = "import.json";

  private static final String ADAPTER = "adapter_config.json";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern UNFINISHED = Pattern.compile("\\..*\\.([0-9]{1,10})~");

  private final Path folder;

  /// A registry below a folder, which need not be there yet.
  public ModelRegistry(Path folder) {
    this.folder = folder;
  }

  /// Where the models lie.
  public Path folder() {
    return folder;
  }

  /// The name itself, if it may be one.
  ///
  /// @throws IllegalArgumentException with the rule, if not
  public static String checkName(String name) {
    if (!NAME.matcher(name).matches() || name.endsWith("~")) {
      throw new IllegalArgumentException(
          "a model's name must be 1 to 64 letters, digits, '.', '_' or '-' and begin with a letter"
              + " or digit, was '"
              + name
              + "'");
    }
    return name;
  }

  /// The folder of a model.
  public Optional<Path> find(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Path found = folder.resolve(name);
    return Files.isRegularFile(found.resolve("config.json"))
        ? Optional.of(found)
        : Optional.empty();
  }

  /// The folder of an adapter.
  public Optional<Path> findAdapter(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Path found = folder.resolve(name);
    return Files.isRegularFile(found.resolve(ADAPTER)) ? Optional.of(found) : Optional.empty();
  }

  /// The models' names, sorted.
  public List<String> names() throws IOException {
    return names(name -> find(name).isPresent());
  }

  /// The adapters' names, sorted.
  public List<String> adapterNames() throws IOException {
    return names(name -> findAdapter(name).isPresent());
  }

  private List<String> names(Predicate<String> wanted) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).filter(wanted).sorted().toList();
    }
  }

  /// Whether a folder holds an adapter and no model.
  public static boolean isAdapter(Path source) {
    return Files.isRegularFile(source.resolve(ADAPTER))
        && !Files.exists(source.resolve("config.json"));
  }

  /// A model wherever it lies: a folder, or a GGUF file.
  public static StoredModel open(Path source) throws IOException {
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source.toString());
    }
    return Files.isDirectory(source) ? StoredModel.open(source) : GgufModel.open(source);
  }

  /// Takes a model in.
  ///
  /// @param source a folder, or a GGUF file
  /// @throws IllegalArgumentException if the name is taken or cannot be one, or the model is
  ///   refused
  public ImportReport importModel(String name, Path source, WriteProgress progress)
      throws IOException {
    checkName(name);
    refuseTaken(name);
    try (StoredModel model = open(source)) {
      return whole(
          name,
          part -> {
            model.writeForMapping(part, progress);
            ImportReport report =
                ImportReport.of(
                    Files.isDirectory(source) ? "safetensors" : "GGUF", sources(source), model);
            DurableFile.writeText(part.resolve(REPORT), report.toJson());
            return report;
          });
    }
  }

  /// Takes an adapter in.
  ///
  /// @param source a folder in peft's layout
  /// @param base the shape of the model it belongs to, baseName what that is called
  public LoraAdapter importAdapter(String name, Path source, LlamaConfig base, String baseName)
      throws IOException {
    checkName(name);
    refuseTaken(name);
    LoraAdapter adapter = PeftFolder.load(source, base);
    return whole(
        name,
        part -> {
          PeftFolder.save(part, adapter, baseName);
          return adapter;
        });
  }

  /// What fills the folder of a new entry.
  @FunctionalInterface
  private interface Filling<T> {
    T fill(Path part) throws IOException;
  }

  /// Makes a folder under another name and renames it when it is filled.
  private <T> T whole(String name, Filling<T> filling) throws IOException {
    Files.createDirectories(folder);
    sweepUnfinished();
    Path part = folder.resolve("." + name + "." + ProcessHandle.current().pid() + "~");
    deleteTree(part);
    try {
      Files.createDirectory(part);
      T made = filling.fill(part);
      refuseTaken(name);
      // The files are on the disk; with the rename the whole folder is, or none of it.
      Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      DurableFile.forceFolder(folder);
      return made;
    } finally {
      deleteTree(part);
    }
  }

  /// Removes a model or adapter. A process that has it open keeps what it mapped.
  ///
  /// @return whether there was one
  public boolean remove(String name) throws IOException {
    Optional<Path> found = find(name).or(() -> findAdapter(name));
    if (found.isEmpty()) {
      return false;
    }
    Path part = folder.resolve("." + name + "." + ProcessHandle.current().pid() + "~");
    deleteTree(part);
    Files.move(found.get(), part, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(part);
    return true;
  }

  private void refuseTaken(String name) {
    if (Files.exists(folder.resolve(name))) {
      throw new IllegalArgumentException("there is a '" + name + "' already in " + folder);
    }
  }

  /// Removes what processes that are no more have left.
  private void sweepUnfinished() throws IOException {
    List<Path> left = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        Matcher part = UNFINISHED.matcher(entry.getFileName().toString());
        if (part.matches() && ProcessHandle.of(Long.parseLong(part.group(1))).isEmpty()) {
          left.add(entry);
        }
      }
    }
    for (Path entry : left) {
      deleteTree(entry);
    }
  }

  private static List<ImportReport.Source> sources(Path source) throws IOException {
    List<Path> files;
    if (Files.isDirectory(source)) {
      try (Stream<Path> entries = Files.list(source)) {
        files = entries.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
      }
    } else {
      files = List.of(source);
    }
    List<ImportReport.Source> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(new ImportReport.Source(file.getFileName().toString(), sha256(file)));
    }
    return sources;
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[1 << 20];
      while (in.read(buffer) >= 0) {
        // the stream feeds the digest
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.toList().reversed()) {
        Files.delete(path);
      }
    }
  }
}
