package org.alignmentworkbench.app.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.db.server.DataFolderException;
import org.alignmentworkbench.db.server.PostgresServer;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.alignmentworkbench.model.engine.Precision;
import org.alignmentworkbench.model.engine.ProductSpeed;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The checks, each by doing what the workbench would do: the kernels multiply, the database
/// answers.
public final class Doctor {
  private static final int JAVA = 25;
  private static final long LEAST_MEMORY_MIB = 4_096;
  private static final long LEAST_DISK_MIB = 2_048;

  private final Path home;
  private final EngineSettings engine;

  /// @param home the data folder, which need not exist
  /// @param engine device and threads to try
  public Doctor(Path home, EngineSettings engine) {
    this.home = home;
    this.engine = engine;
  }

  /// Looks at everything, in the order in which a start needs it.
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(processor());
    findings.add(memory());
    findings.add(disk());
    findings.add(kernels());
    findings.add(database());
    findings.add(browser());
    return findings;
  }

  private static Finding java() {
    int version = Runtime.version().feature();
    String found = Runtime.version() + " in " + System.getProperty("java.home");
    return version >= JAVA
        ? Finding.ok("java", found)
        : Finding.problem("java", found + "; a JDK " + JAVA + " or newer is needed.");
  }

  private static Finding processor() {
    String found =
        "%s, %s, %d cores"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    Set<String> flags = processorFlags();
    if (flags.isEmpty()) {
      return Finding.ok("processor", found);
    }
    String vectors =
        flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "no AVX2";
    String halves =
        flags.contains("amx_bf16")
            ? "bf16 in tiles"
            : flags.contains("avx512_bf16") ? "bf16 products" : "no bf16 products";
    return Finding.ok("processor", found + ", " + vectors + ", " + halves);
  }

  /// What Linux on x86-64 says the processor can do; empty elsewhere.
  private static Set<String> processorFlags() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return Set.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Arrays.stream(line.split("\\s+")).collect(Collectors.toSet()))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static Finding memory() {
    Path file = Path.of("/proc/meminfo");
    if (!Files.isReadable(file)) {
      return Finding.ok("memory", "this system does not tell how much is free");
    }
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("MemAvailable:")) {
          long free = Long.parseLong(line.replaceAll("\\D", "")) / 1024;
          String found = String.format(Locale.ROOT, "%,d MiB free", free);
          return free >= LEAST_MEMORY_MIB
              ? Finding.ok("memory", found)
              : Finding.note("memory", found + "; the demo needs up to 4 GiB.");
        }
      }
    } catch (IOException e) {
      return Finding.note("memory", file + " cannot be read: " + e.getMessage());
    }
    return Finding.ok("memory", "this system does not tell how much is free");
  }

  private Finding disk() {
    @org.jspecify.annotations.Nullable Path there = home.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isWritable(there)) {
      return Finding.problem("data folder", home + " cannot be written; set WORKBENCH_HOME.");
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace() >> 20;
      String found = String.format(Locale.ROOT, "%s, %,d MiB free", home, free);
      return free >= LEAST_DISK_MIB
          ? Finding.ok("data folder", found)
          : Finding.note("data folder", found + "; a demo leaves about 1 GiB there.");
    } catch (IOException e) {
      return Finding.note("data folder", home + ": " + e.getMessage());
    }
  }

  private Finding kernels() {
    try (Engine started = Engine.start(engine)) {
      double full = ProductSpeed.best(started, 1_024, 576, 1_536, Precision.FP32);
      double low = ProductSpeed.best(started, 1_024, 576, 1_536, Precision.BF16);
      return Finding.ok(
          "kernels",
          String.format(
              Locale.ROOT,
              "device %s, %d threads, %.0f billion operations a second in fp32 (%s), %.0f in bf16",
              started.device(),
              engine.threads(),
              full / 1e9,
              started.products().label(),
              low / 1e9));
    } catch (RuntimeException | LinkageError e) {
      return Finding.problem(
          "kernels",
          "device %s does not work: %s; docs/gpu.md says what a GPU needs."
              .formatted(engine.device(), e.getMessage()));
    }
  }

  private Finding database() {
    if (Files.exists(home.resolve("lock")) && held()) {
      return Finding.ok("database", "a server is running on this data folder");
    }
    Path trial;
    try {
      trial = Files.createTempDirectory("workbench-doctor");
    } catch (IOException e) {
      return Finding.problem("database", "no temporary folder: " + e.getMessage());
    }
    try (DataFolder folder = DataFolder.open(trial);
        PostgresServer server = PostgresServer.start(folder);
        var pool = server.pool(1)) {
      String version = JdbcClient.create(pool).sql("select version()").query(String.class).single();
      return Finding.ok("database", version.replaceAll(",.*", ""));
    } catch (RuntimeException e) {
      return Finding.problem("database", "the embedded PostgreSQL does not start: " + e);
    } finally {
      delete(trial);
    }
  }

  private boolean held() {
    try (DataFolder _ = DataFolder.open(home)) {
      return false;
    } catch (DataFolderException e) {
      return true;
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | java.io.UncheckedIOException _) {
      // It lies in the system's temporary folder, which is swept.
    }
  }

  private static Finding browser() {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "chromedriver"))
            .filter(Files::isExecutable)
            .findFirst();
    return found
        .map(path -> Finding.ok("browser", path + " (for the tests alone)"))
        .orElseGet(() ->
            Finding.note(
                "browser",
                "no chromedriver on the PATH; only the tests need it, and ./workbench test"
                    + " installs it where it can."));
  }
}
