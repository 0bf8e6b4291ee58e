package org.alignmentworkbench.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commands in processes of their own, on the data folder `data` of a test's folder.
final class CommandProcess {
  private CommandProcess() {}

  /// How a command ended.
  record Outcome(int exit, String out, String err) {
    JsonNode json() {
      assertThat(exit).as(err).isZero();
      return JsonMapper.shared().readTree(out);
    }
  }

  static Outcome run(Path home, String... arguments) throws IOException, InterruptedException {
    return run(home, Map.of(), arguments);
  }

  static Outcome run(Path home, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "--enable-native-access=ALL-UNNAMED"));
    command.add("-Dworkbench.root=" + System.getProperty("workbench.root"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.alignmentworkbench.app.Workbench");
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(home, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectError(err.toFile());
    builder.environment().put("WORKBENCH_HOME", home.resolve("data").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), out, Files.readString(err));
  }
}
