package org.alignmentworkbench.model.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.safetensors.Half;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");
  private static final Path GGUF = FIXTURES.resolve("exports/tiny-llama.F16.gguf");
  private static final Path TINY = FIXTURES.resolve("tiny-llama");

  /// By sha256sum.
  private static final String SHA256 =
      "63720cfaf50ebd98c678282a59d9406f8ec754d5a6acc154034b63de13dc4b4c";

  @TempDir Path home;

  private List<String> entries() throws IOException {
    try (Stream<Path> list = Files.list(home)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void a_gguf_file_becomes_a_model_with_a_report() throws Exception {
    ModelRegistry registry = new ModelRegistry(home.resolve("models"));
    assertThat(registry.names()).isEmpty();
    List<Long> done = new ArrayList<>();
    ImportReport report = registry.importModel("tiny", GGUF, (_, n, _) -> done.add(n));
    assertThat(done).hasSize(20).endsWith(125248L);
    assertThat(report.format()).isEqualTo("GGUF");
    assertThat(report.parameters()).isEqualTo(125_248);
    // 5 norms of 64 stay in 32 bits
    assertThat(report.storedAs())
        .containsEntry("F32", new ImportReport.Stored(5, 320))
        .containsEntry("F16", new ImportReport.Stored(15, 124_928));
    assertThat(report.stopIds()).containsExactly(new ImportReport.StopId(2, "<|im_end|>"));
    assertThat(report.chatTemplate()).isTrue();
    assertThat(registry.names()).containsExactly("tiny");
    Path folder = registry.find("tiny").orElseThrow();
    JsonObject kept =
        JsonParser.parseString(Files.readString(folder.resolve("import.json"))).getAsJsonObject();
    assertThat(kept.get("parameters").getAsLong()).isEqualTo(125_248);
    assertThat(kept.getAsJsonArray("sources").get(0).toString())
        .isEqualTo("{\"file\":\"tiny-llama.F16.gguf\",\"sha256\":\"" + SHA256 + "\"}");
    float[] embedding = ModelFolder.read(folder).weights().get(LlamaConfig.EMBEDDING).data();
    float[] original = ModelFolder.read(TINY).weights().get(LlamaConfig.EMBEDDING).data();
    for (int i = 0; i < embedding.length; i++) {
      assertThat(embedding[i]).isEqualTo(Half.fromF16(Half.toF16(original[i])));
    }
  }

  @Test
  void the_same_source_gives_the_same_bytes() throws Exception {
    ModelRegistry registry = new ModelRegistry(home);
    registry.importModel("a", TINY, (_, _, _) -> {});
    registry.importModel("b", TINY, (_, _, _) -> {});
    try (Stream<Path> files = Files.list(home.resolve("a"))) {
      for (Path file : files.toList()) {
        assertThat(home.resolve("b").resolve(file.getFileName().toString()))
            .hasSameBinaryContentAs(file);
      }
    }
    assertThat(registry.names()).containsExactly("a", "b");
  }

  @Test
  void sixteen_bits_are_kept_exactly() throws Exception {
    ModelRegistry registry = new ModelRegistry(home.resolve("models"));
    for (Dtype dtype : List.of(Dtype.F16, Dtype.BF16)) {
      Path source = home.resolve(dtype.name());
      ModelFolder.read(TINY).write(source, dtype);
      ImportReport report = registry.importModel(dtype.name(), source, (_, _, _) -> {});
      assertThat(report.storedAs())
          .containsOnlyKeys(dtype.name())
          .containsEntry(dtype.name(), new ImportReport.Stored(20, 125_248));
      ModelFolder read = ModelFolder.read(registry.find(dtype.name()).orElseThrow());
      ModelFolder.read(source)
          .weights()
          .forEach((name, weight) ->
              assertThat(read.weights().get(name).data()).isEqualTo(weight.data()));
    }
  }

  @Test
  void a_name_that_is_taken_or_cannot_be_one_is_refused_before_anything_is_read() throws Exception {
    ModelRegistry registry = new ModelRegistry(home);
    registry.importModel("tiny", TINY, (_, _, _) -> {});
    assertThatThrownBy(() -> registry.importModel("tiny", home.resolve("nothing"), (_, _, _) -> {}))
        .hasMessage("there is a 'tiny' already in " + home);
    for (String name : List.of("", ".x", "a/b", "..", "-x", "a b", "x~", "a".repeat(65))) {
      assertThatThrownBy(() -> registry.importModel(name, TINY, (_, _, _) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("a model's name must be 1 to 64 letters");
      assertThat(registry.find(name)).isEmpty();
    }
    assertThatThrownBy(() -> registry.importModel("new", home.resolve("nothing"), (_, _, _) -> {}))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void a_source_that_is_refused_leaves_nothing_behind() throws Exception {
    ModelRegistry registry = new ModelRegistry(home.resolve("models"));
    Path cut = home.resolve("cut.gguf");
    byte[] whole = Files.readAllBytes(GGUF);
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> registry.importModel("cut", cut, (_, _, _) -> {}))
        .hasMessageContaining("must lie inside the file of " + whole.length / 2 + " bytes");
    assertThat(registry.names()).isEmpty();
    assertThat(home.resolve("models")).doesNotExist();
    assertThatThrownBy(() ->
            registry.importModel(
                "failing",
                TINY,
                (_, _, _) -> {
                  throw new IllegalStateException("disk full");
                }))
        .hasMessage("disk full");
    assertThat(home.resolve("models")).isEmptyDirectory();
  }

  @Test
  void what_a_killed_import_left_is_removed_by_the_next_one() throws Exception {
    ModelRegistry registry = new ModelRegistry(home);
    // No process has the highest number there can be.
    Path left = home.resolve(".half.4194304~");
    Files.createDirectories(left.resolve("inside"));
    Files.writeString(left.resolve("inside/model.safetensors"), "part");
    Path running = home.resolve(".other." + ProcessHandle.current().pid() + "~");
    Files.createDirectory(running);
    registry.importModel("tiny", TINY, (_, _, _) -> {});
    assertThat(entries()).containsExactly(running.getFileName().toString(), "tiny");
    assertThat(registry.names()).containsExactly("tiny");
  }

  @Test
  void a_removed_model_is_gone_for_names_and_stays_for_who_has_it_open() throws Exception {
    ModelRegistry registry = new ModelRegistry(home);
    registry.importModel("tiny", TINY, (_, _, _) -> {});
    try (StoredModel open = StoredModel.open(registry.find("tiny").orElseThrow())) {
      assertThat(registry.remove("tiny")).isTrue();
      assertThat(registry.remove("tiny")).isFalse();
      assertThat(registry.find("tiny")).isEmpty();
      assertThat(entries()).isEmpty();
      assertThat(open.read().weights()).hasSize(20);
    }
    registry.importModel("tiny", GGUF, (_, _, _) -> {});
    assertThat(registry.names()).containsExactly("tiny");
  }

  @Test
  void an_adapter_is_taken_in_for_the_model_it_fits() throws Exception {
    ModelRegistry registry = new ModelRegistry(home);
    registry.importModel("tiny", TINY, (_, _, _) -> {});
    Path trained = FIXTURES.resolve("lora-trained");
    assertThat(ModelRegistry.isAdapter(trained)).isTrue();
    assertThat(ModelRegistry.isAdapter(TINY)).isFalse();
    LlamaConfig config = ModelFolder.readConfig(TINY);
    registry.importAdapter("tuned", trained, config, "tiny");
    assertThat(registry.names()).containsExactly("tiny");
    assertThat(registry.adapterNames()).containsExactly("tuned");
    LoraAdapter read = PeftFolder.load(registry.findAdapter("tuned").orElseThrow(), config);
    PeftFolder.load(trained, config)
        .weights()
        .forEach((name, weight) ->
            assertThat(read.weights().get(name).data()).as(name).isEqualTo(weight.data()));
    LlamaConfig other =
        new LlamaConfig(
            512, 32, 64, 2, 2, 1, 16, 64, 10_000, 1e-5, true, LlamaConfig.SpecialIds.NONE);
    assertThatThrownBy(() -> registry.importAdapter("wrong", trained, other, "other"))
        .hasMessageContaining("must have shape [16, 32], was [16, 64]");
    assertThatThrownBy(() -> registry.importAdapter("tiny", trained, config, "tiny"))
        .hasMessage("there is a 'tiny' already in " + home);
    assertThat(registry.remove("tuned")).isTrue();
    assertThat(entries()).containsExactly("tiny");
  }
}
