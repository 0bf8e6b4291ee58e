package org.alignmentworkbench.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From a file to a registered model and back, each command in a process of its own on a data
/// folder of its own.
class ModelRegistryIT {
  private static final Path FIXTURES =
      Path.of(System.getProperty("workbench.root"))
          .resolve("model-core/src/test/resources/fixtures/model");

  @TempDir Path home;

  private CommandProcess.Outcome run(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(home, arguments);
  }

  @Test
  void a_gguf_file_becomes_a_model_that_commands_know_by_name_without_a_database()
      throws Exception {
    Path gguf = FIXTURES.resolve("exports/tiny-llama.F16.gguf");
    CommandProcess.Outcome imported = run("model", "import", gguf.toString(), "--name", "tiny");
    assertThat(imported.exit()).as(imported.err()).isZero();
    assertThat(imported.out())
        .contains("125,248 parameters, from GGUF")
        .contains("stored as F16")
        .contains("2 <|im_end|>");
    assertThat(imported.err()).contains("importing tiny").contains("Imported tiny in ");

    CommandProcess.Outcome again = run("model", "import", gguf.toString(), "--name", "tiny");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).startsWith("workbench: there is a 'tiny' already in ").hasLineCount(1);

    Path adapter = FIXTURES.resolve("lora-trained");
    CommandProcess.Outcome homeless = run("model", "import", adapter.toString(), "--name", "tuned");
    assertThat(homeless.err()).contains("is an adapter: --base says to which model it belongs");
    JsonNode report =
        run("model", "import", adapter.toString(), "--name", "tuned", "--base", "tiny", "--json")
            .json();
    assertThat(report.path("rank").intValue()).isEqualTo(16);

    JsonNode list = run("model", "list", "--json").json();
    assertThat(list.path("models").get(0).path("name").stringValue()).isEqualTo("tiny");
    assertThat(list.path("models").get(0).path("shipped").booleanValue()).isFalse();
    assertThat(list.path("models").get(1).path("name").stringValue()).isEqualTo("nano");
    assertThat(list.path("adapters").toString()).isEqualTo("[\"tuned\"]");
    JsonNode inspected = run("model", "inspect", "tiny", "--json").json();
    assertThat(inspected.path("import").path("format").stringValue()).isEqualTo("GGUF");

    JsonNode golden =
        JsonMapper.shared().readTree(Files.readString(FIXTURES.resolve("exports/expected.json")));
    Path ids = Files.writeString(home.resolve("ids.json"), "[" + golden.path("prompt_ids") + "]");
    JsonNode continued =
        run(
                "generate",
                "tiny",
                "--ids",
                ids.toString(),
                "--greedy",
                "--max-tokens",
                "16",
                "--ignore-eos",
                "--threads",
                "1",
                "--json")
            .json();
    assertThat(continued.get(0).path("ids")).isEqualTo(golden.path("greedy_16_f16_weights"));
    JsonNode adapted =
        run(
                "generate",
                "tiny",
                "--ids",
                ids.toString(),
                "--greedy",
                "--max-tokens",
                "16",
                "--ignore-eos",
                "--threads",
                "1",
                "--adapter",
                "tuned",
                "--json")
            .json();
    assertThat(adapted.get(0).path("ids")).isNotEqualTo(continued.get(0).path("ids"));

    // No database was made, no server started: the models are all there is.
    try (Stream<Path> entries = Files.list(home.resolve("data"))) {
      assertThat(entries.map(path -> path.getFileName().toString())).containsExactly("models");
    }
    assertThat(run("model", "remove", "tiny").exit()).isZero();
    assertThat(run("model", "remove", "tiny").err()).contains("there is no registered 'tiny'");
    assertThat(run("generate", "tiny", "--prompt", "x").err())
        .contains("'tiny' is neither a registered model (there are []) nor a folder or file");
  }
}
