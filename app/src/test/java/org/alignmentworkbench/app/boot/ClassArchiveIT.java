package org.alignmentworkbench.app.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The start script's archive of classes, with the script itself in a checkout of its own that
/// shares the build.
class ClassArchiveIT {
  private static final String FROM_ARCHIVE = "source: shared objects file (top)";

  @TempDir Path root;
  private Path archive = Path.of("");

  @BeforeEach
  void aCheckoutThatIsBuilt() throws IOException {
    archive = new ScriptCheckout(root).root().resolve("target/classes.jsa");
  }

  /// What a command printed, the classes it loaded and its exit status.
  private record Ran(List<String> lines, List<String> loads, int status) {
    long archived() {
      return loads.stream().filter(line -> line.endsWith(FROM_ARCHIVE)).count();
    }
  }

  @Test
  void the_first_server_writes_it_the_next_one_uses_it_and_a_broken_one_does_no_harm()
      throws Exception {
    Ran first = up();
    assertThat(first.archived()).isZero();
    assertThat(archive).exists();

    Ran second = up();
    // A start loads about 15,000 classes, most of them the product's libraries'.
    assertThat(second.archived()).isGreaterThan(5_000);
    assertThat(second.lines()).hasSameSizeAs(first.lines());

    long whole = Files.size(archive);
    try (FileChannel file = FileChannel.open(archive, StandardOpenOption.WRITE)) {
      file.truncate(whole / 2);
    }
    Ran third = up();
    assertThat(third.archived()).isZero();
    assertThat(third.lines()).hasSameSizeAs(first.lines());
    assertThat(up().archived()).isGreaterThan(5_000);

    Files.writeString(archive, "this is no archive");
    Ran command = run("help");
    assertThat(command.status()).isZero();
    assertThat(command.lines()).noneMatch(line -> line.contains("archive"));
  }

  @Test
  void a_start_that_was_refused_leaves_none_behind() throws Exception {
    assertThat(run("up", "--set", "workbench.prot=9").status()).isNotZero();
    assertThat(up().archived()).isZero();
    assertThat(up().archived()).isGreaterThan(5_000);
  }

  private Ran run(String... arguments) throws Exception {
    return run(false, arguments);
  }

  private Ran up() throws Exception {
    Ran ran = run(true, "up", "--port", "0");
    assertThat(ran.lines()).anyMatch(line -> line.startsWith("Stop it with"));
    return ran;
  }

  private Ran run(boolean server, String... arguments) throws Exception {
    Path loads = root.resolve("loads.txt");
    List<String> command = new ArrayList<>(List.of(root.resolve("workbench").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("WORKBENCH_HOME", root.resolve("home").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put(
            "WORKBENCH_JAVA_OPTIONS",
            "-Xmx1g -XX:+UseSerialGC -Xlog:class+load:file=" + loads + "::filecount=0");
    Process process = builder.start();
    List<String> lines = new ArrayList<>();
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (server && line.startsWith("Stop it with")) {
          // As Ctrl+C does; the archive is written before it ends. Its output is still read.
          boolean _ = process.toHandle().destroy();
        }
      }
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(String.join("\n", lines)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ran(lines, Files.readAllLines(loads), process.exitValue());
  }
}
