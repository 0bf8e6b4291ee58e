package org.alignmentworkbench.app.bench.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A program of the peers' folder, which prints a line of JSON for each thing it measured.
///
/// @param python an interpreter with the peers' requirements
/// @param folder where the programs are
record PeerProgram(Path python, Path folder) {
  private static final String FOLDER = "WORKBENCH_PEERS_DATA";

  /// @throws IllegalArgumentException where the environment names no folder
  static PeerProgram of(Path python) {
    String folder = System.getenv(FOLDER);
    if (folder == null || !Files.isDirectory(Path.of(folder))) {
      throw new IllegalArgumentException(
          "--peer needs %s to name the folder of the peers' programs, was %s"
              .formatted(FOLDER, folder));
    }
    return new PeerProgram(python, Path.of(folder));
  }

  /// Runs one of them to its end and gives the line that is meant.
  ///
  /// @throws IllegalArgumentException when it fails, as it does without the packages it needs
  JsonNode line(Predicate<JsonNode> meant, String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.add(folder.resolve(program).toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out;
    try (var stream = process.getInputStream()) {
      out = new String(stream.readAllBytes(), UTF_8);
    }
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalArgumentException(
          "%s by %s ended with exit code %d; what it said stands above"
              .formatted(program, python, code));
    }
    return out.lines()
        .filter(line -> line.startsWith("{"))
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(meant)
        .findFirst()
        .orElseThrow(() -> new IOException(program + " did not print the line that was expected"));
  }
}
