package org.alignmentworkbench.app.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The start script in a checkout of its own that shares this one's build, and the processes it
/// starts.
public final class ScriptCheckout {
  private static final String UP = "Stop it with";

  private final Path root;

  public ScriptCheckout(Path root) throws IOException {
    this.root = root;
    Path script = Path.of("..", "workbench").toAbsolutePath().normalize();
    Files.copy(script, root.resolve("workbench"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(root.resolve("pom.xml"), "");
    Files.createDirectories(root.resolve("app/src/main"));
    Files.writeString(root.resolve("app/pom.xml"), "");
    Files.createSymbolicLink(
        root.resolve("app/target"), Path.of("target").toAbsolutePath().normalize());
    Files.createSymbolicLink(
        root.resolve("models"), Path.of("..", "models").toAbsolutePath().normalize());
    Path target = Files.createDirectories(root.resolve("target"));
    Files.writeString(target.resolve("build-seconds"), "1");
    Files.writeString(target.resolve("build-stamp"), "");
  }

  public Path root() {
    return root;
  }

  /// How a command ended, and all that it printed.
  public record Ran(List<String> lines, int status) {
    public String text() {
      return String.join("\n", lines);
    }
  }

  /// Runs a line of shell in the checkout, whose bytes are as they are written here whatever the
  /// locale is.
  public Ran shell(String line, Map<String, String> environment) throws Exception {
    Path file = Files.writeString(root.resolve("line.sh"), line + "\n");
    Process process = builder(List.of("bash", file.toString()), environment).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = reader(process)) {
      out.lines().forEach(lines::add);
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        throw new AssertionError(line + " did not end: " + lines);
      }
    } finally {
      process.destroyForcibly();
    }
    return new Ran(lines, process.exitValue());
  }

  /// Starts `./workbench up` on a free port and waits until it says that it is there.
  public Up up(Map<String, String> environment) throws Exception {
    Process process =
        builder(List.of(root.resolve("workbench").toString(), "up", "--port", "0"), environment)
            .start();
    List<String> lines = new ArrayList<>();
    BufferedReader out = reader(process);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.startsWith(UP)) {
        // What it prints from here on is read, so that it never waits for a reader.
        Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
        return new Up(process, List.copyOf(lines));
      }
    }
    throw new AssertionError("no server: " + lines);
  }

  /// A server that runs.
  ///
  /// @param lines what it printed until it was there
  public record Up(Process process, List<String> lines) implements AutoCloseable {
    public String url() {
      return lines.stream()
          .filter(line -> line.startsWith("The workbench is at "))
          .map(line -> line.substring("The workbench is at ".length()))
          .findFirst()
          .orElseThrow();
    }

    /// Ends it as Ctrl+C does. The first one of a checkout writes the archive of its classes
    /// before.
    @Override
    public void close() throws InterruptedException {
      boolean _ = process.toHandle().destroy();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("the server did not end");
      }
    }
  }

  private ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("WORKBENCH_JAVA_OPTIONS", "-Xmx1g -XX:+UseSerialGC");
    builder.environment().putAll(environment);
    return builder;
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }
}
