package org.alignmentworkbench.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.alignmentworkbench.model.export.GgufExport;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.Architecture;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.RopeScaling;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.safetensors.Half;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.AddedToken;
import org.alignmentworkbench.model.tokenizer.BpeParts;
import org.alignmentworkbench.model.tokenizer.TextCut;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufModelTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");
  private static final Path TINY = FIXTURES.resolve("exports/tiny-llama.F16.gguf");

  @TempDir Path folder;

  /// The file was written by the gguf package from the folder `tiny-llama`.
  @Test
  void the_tiny_model_comes_back_as_the_folder_it_was_made_from() throws Exception {
    ModelFolder original = ModelFolder.read(FIXTURES.resolve("tiny-llama"));
    try (StoredModel stored = GgufModel.open(TINY)) {
      LlamaConfig config = stored.description().config();
      assertThat(config).isEqualTo(original.config());
      ModelFolder read = stored.read();
      original
          .weights()
          .forEach((name, weight) -> {
            float[] halves = weight.data().clone();
            if (weight.rank() == 2) {
              for (int i = 0; i < halves.length; i++) {
                halves[i] = Half.fromF16(Half.toF16(halves[i]));
              }
              assertThat(stored.weights().storedAs(name)).isEqualTo("F16");
            }
            assertThat(read.weights().get(name).data()).as(name).isEqualTo(halves);
          });
      assertThat(read.tokenizerConfig()).isEqualTo(original.tokenizerConfig());
      assertThat(read.stopIds()).containsExactly(2);
      for (JsonElement element :
          JsonParser.parseString(Files.readString(FIXTURES.resolve("tokenizer.json")))
              .getAsJsonObject()
              .getAsJsonArray("strings")) {
        String text = element.getAsJsonObject().get("text").getAsString();
        assertThat(read.tokenizer().encodeWithSpecials(text))
            .isEqualTo(original.tokenizer().encodeWithSpecials(text));
        assertThat(read.tokenizer().encode(text)).isEqualTo(original.tokenizer().encode(text));
      }
    }
  }

  /// By hand: a head of size 4 has rows a0 a1 | b0 b1 (two halves); interleaved they are a0 b0 a1
  /// b1.
  @Test
  void rows_of_queries_and_keys_change_places_head_by_head() {
    Tensor rows = Tensor.of(new float[] {0, 1, 2, 3, 10, 11, 12, 13}, 8, 1);
    Tensor file = RotaryRows.interleaved(rows, 4);
    assertThat(file.data()).containsExactly(0, 2, 1, 3, 10, 12, 11, 13);
    assertThat(RotaryRows.halves(file, 4).data()).isEqualTo(rows.data());
  }

  /// Three query heads, one key head: permuting keys by the number of query heads would mix rows.
  @Test
  void what_is_exported_is_imported_for_any_cut_and_an_untied_model() throws Exception {
    for (TextCut cut : TextCut.values()) {
      List<String> tokens = new ArrayList<>();
      String alphabet = ModelFolder.read(FIXTURES.resolve("tiny-llama")).tokenizer().json();
      JsonParser.parseString(alphabet)
          .getAsJsonObject()
          .getAsJsonObject("model")
          .getAsJsonObject("vocab")
          .entrySet()
          .stream()
          .filter(entry -> entry.getKey().length() == 1)
          .forEach(entry -> tokens.add(entry.getKey()));
      int letters = tokens.size();
      tokens.add("ab");
      AddedToken begin = new AddedToken(letters + 1, "<s>", true);
      AddedToken plain = new AddedToken(letters + 2, "  ", false);
      Tokenizer tokenizer =
          Tokenizer.of(
              new BpeParts(
                  new ArrayList<>(tokens),
                  List.of(List.of("a", "b")),
                  List.of(begin, plain),
                  cut,
                  cut == TextCut.LLAMA3,
                  cut == TextCut.LLAMA3 ? begin : null));
      LlamaConfig.SpecialIds ids =
          new LlamaConfig.SpecialIds(begin.id(), List.of(begin.id()), null);
      LlamaConfig config =
          new LlamaConfig(letters + 5, 24, 32, 2, 3, 1, 8, 64, 50_000, 1e-6, false, ids)
              .withRopeScaling(cut == TextCut.LLAMA3 ? new RopeScaling(8, 1, 4, 64) : null)
              .withArchitecture(
                  switch (cut) {
                    case QWEN2 -> Architecture.QWEN2;
                    case GPT2 -> Architecture.QWEN3;
                    default -> Architecture.LLAMA;
                  });
      Map<String, Tensor> weights = random(config);
      Path file = folder.resolve(cut + ".gguf");
      GgufExport.writeModel(
          file,
          "random",
          config,
          weights,
          tokenizer,
          new org.alignmentworkbench.model.tokenizer.TokenizerConfig(
              "<s>", "<s>", null, null, 64, null));
      try (StoredModel stored = GgufModel.open(file)) {
        assertThat(stored.description().config()).isEqualTo(config);
        ModelFolder read = stored.read();
        weights.forEach((name, weight) ->
            assertThat(read.weights().get(name).data()).as(name).isEqualTo(weight.data()));
        assertThat(read.tokenizer().cut()).contains(cut);
        for (String text : List.of("abab 12345 <s>  x", "it's\n\n ok")) {
          assertThat(read.tokenizer().encodeAlone(text)).isEqualTo(tokenizer.encodeAlone(text));
        }
        assertThat(read.tokenizer().decode(new int[] {plain.id()}, true)).isEqualTo("  ");
      }
    }
  }

  /// Small multiples of 1/64, which halves hold exactly.
  private static Map<String, Tensor> random(LlamaConfig config) {
    Map<String, Tensor> weights = new java.util.LinkedHashMap<>();
    int[] draw = {0};
    CounterStream stream = CounterStream.of(1, "weights", 0, 0);
    config
        .weightShapes()
        .forEach((name, shape) -> {
          Tensor tensor = Tensor.zeros(shape);
          for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] = (stream.below(draw[0]++, 201) - 100) / 64f;
          }
          weights.put(name, tensor);
        });
    return weights;
  }

  /// A sound file of one layer; `change` comes last and may add or replace.
  private Path made(Consumer<Parts> change) throws Exception {
    Parts parts = new Parts();
    change.accept(parts);
    return parts.bytes().write(folder.resolve("made.gguf"));
  }

  /// What [#made] changes: pairs and tensors by name.
  private static final class Parts {
    final Map<String, Consumer<GgufBytes>> pairs = new java.util.LinkedHashMap<>();
    final Map<String, int[]> tensors = new java.util.LinkedHashMap<>();

    Parts() {
      text("general.architecture", "llama");
      whole("llama.block_count", 1);
      whole("llama.context_length", 16);
      whole("llama.embedding_length", 4);
      whole("llama.feed_forward_length", 6);
      whole("llama.attention.head_count", 2);
      pairs.put(
          "llama.attention.layer_norm_rms_epsilon",
          b -> b.real("llama.attention.layer_norm_rms_epsilon", 1e-5f));
      text("tokenizer.ggml.model", "gpt2");
      text("tokenizer.ggml.pre", "gpt-2");
      pairs.put(
          "tokenizer.ggml.tokens",
          b -> b.texts("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<end>", "[PAD4]")));
      pairs.put(
          "tokenizer.ggml.token_type", b -> b.wholes("tokenizer.ggml.token_type", 1, 1, 1, 3, 5));
      pairs.put("tokenizer.ggml.merges", b -> b.texts("tokenizer.ggml.merges", List.of("a b")));
      whole("tokenizer.ggml.eos_token_id", 3);
      tensors.put("token_embd.weight", new int[] {4, 5});
      tensors.put("output_norm.weight", new int[] {4});
      for (String norm : List.of("attn_norm", "ffn_norm")) {
        tensors.put("blk.0." + norm + ".weight", new int[] {4});
      }
      for (String square : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
        tensors.put("blk.0." + square + ".weight", new int[] {4, 4});
      }
      tensors.put("blk.0.ffn_gate.weight", new int[] {4, 6});
      tensors.put("blk.0.ffn_up.weight", new int[] {4, 6});
      tensors.put("blk.0.ffn_down.weight", new int[] {6, 4});
    }

    void text(String key, String value) {
      pairs.put(key, b -> b.text(key, value));
    }

    void whole(String key, int value) {
      pairs.put(key, b -> b.whole(key, value));
    }

    GgufBytes bytes() {
      GgufBytes bytes = new GgufBytes();
      pairs.values().forEach(pair -> pair.accept(bytes));
      tensors.forEach((name, extents) -> {
        int size = Arrays.stream(extents).reduce(1, (a, b) -> a * b);
        bytes.floats(name, new float[size], Arrays.stream(extents).asLongStream().toArray());
      });
      return bytes;
    }
  }

  @Test
  void an_unused_token_is_no_token_but_has_a_row() throws Exception {
    try (StoredModel stored = GgufModel.open(made(_ -> {}))) {
      assertThat(stored.description().config().vocabularySize()).isEqualTo(5);
      assertThat(stored.description().tokenizer().vocabularySize()).isEqualTo(4);
      assertThat(stored.description().tokenizer().encode("aab")).containsExactly(0, 2);
      assertThat(stored.description().config().tiedEmbeddings()).isTrue();
      assertThat(stored.description().config().keyValueHeads()).isEqualTo(2);
      assertThat(stored.description().config().ropeTheta()).isEqualTo(10_000);
      assertThat(stored.description().stopIds()).containsExactly(3);
    }
  }

  private void refuses(Consumer<Parts> change, String message) throws Exception {
    Path path = made(change);
    assertThatThrownBy(() -> GgufModel.open(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(path + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "general.architecture|gemma|general.architecture = \"gemma\" is not supported; \"llama\", \"qwen2\" and \"qwen3\" are",
        "general.type|adapter|general.type = \"adapter\" is no model",
        "llama.rope.scaling.type|yarn|llama.rope.scaling.type = \"yarn\" asks for a computation this model does not do",
        "tokenizer.ggml.model|llama|tokenizer.ggml.model = \"llama\" is not supported; \"gpt2\" (byte-level BPE) is",
      })
  void another_text_is_refused_by_name(String key, String value, String message) throws Exception {
    refuses(parts -> parts.text(key, value), message);
  }

  @ParameterizedTest
  @CsvSource({
    "llama.expert_count, 8, asks for a computation this model does not do",
    "llama.attention.sliding_window, 128, asks for a computation this model does not do",
    "llama.vocab_size, 6, 'must be the number of tokens listed, 5'",
    "llama.rope.dimension_count, 4, must be the head size 2",
    "llama.attention.value_length, 3, must be the head size 2",
    "split.count, 2, is one of several files; join them first",
    "tokenizer.ggml.eos_token_id, 5, must be below the number of tokens 5",
    "llama.attention.head_count, 3, must divide the embedding length 4 where no"
        + " llama.attention.key_length is given",
  })
  void another_number_is_refused_by_name(String key, int value, String message) throws Exception {
    refuses(parts -> parts.whole(key, value), key + " = " + value + " " + message);
  }

  @Test
  void a_tokenizer_that_would_be_guessed_or_does_not_fit_is_refused() throws Exception {
    refuses(parts -> parts.pairs.remove("tokenizer.ggml.pre"), "tokenizer.ggml.pre is missing");
    Path path = made(parts -> parts.text("tokenizer.ggml.pre", "default"));
    assertThatThrownBy(() -> GgufModel.open(path))
        .hasMessageStartingWith(
            path + ": tokenizer.ggml.pre = \"default\" is not a known way of cutting text: gpt-2,");
    refuses(
        parts -> parts.pairs.put("add", b -> b.flag("tokenizer.ggml.add_space_prefix", true)),
        "tokenizer.ggml.add_space_prefix = true is not supported");
    refuses(
        parts -> parts.pairs.put("add", b -> b.flag("tokenizer.ggml.add_bos_token", true)),
        "tokenizer.ggml.add_bos_token = true needs a control token as bos_token_id");
    refuses(
        parts ->
            parts.pairs.put(
                "tokenizer.ggml.token_type",
                b -> b.wholes("tokenizer.ggml.token_type", 1, 1, 1, 3)),
        "tokenizer.ggml.token_type = 4 values of INT32 must be one for each of 5 tokens");
    refuses(
        parts ->
            parts.pairs.put(
                "tokenizer.ggml.token_type",
                b -> b.wholes("tokenizer.ggml.token_type", 1, 6, 1, 3, 1)),
        "tokenizer.ggml.token_type = 5 values of INT32 makes token 1 a byte, which gpt2 does not"
            + " have");
    refuses(
        parts ->
            parts.pairs.put(
                "tokenizer.ggml.merges",
                b -> b.texts("tokenizer.ggml.merges", List.of("a b", "ab"))),
        "tokenizer.ggml.merges = 2 values of STRING must join two tokens each, number 1 is \"ab\"");
    refuses(
        parts ->
            parts.pairs.put(
                "tokenizer.ggml.merges", b -> b.texts("tokenizer.ggml.merges", List.of("b a"))),
        "tokenizer.ggml.tokens = 5 values of STRING do not fit together: the vocabulary has no"
            + " token ba");
  }

  @Test
  void weights_that_do_not_fit_are_refused_by_name() throws Exception {
    refuses(
        parts -> parts.tensors.remove("blk.0.ffn_up.weight"),
        "weight missing: blk.0.ffn_up.weight");
    refuses(
        parts -> parts.tensors.put("blk.0.ffn_up.weight", new int[] {6, 4}),
        "blk.0.ffn_up.weight must have shape [6, 4], was [4, 6]");
    refuses(
        parts -> parts.tensors.put("token_embd.weight", new int[] {4, 6}),
        "token_embd.weight must have shape [5, 4], was [6, 4]");
    refuses(
        parts -> parts.tensors.put("blk.0.attn_q.bias", new int[] {4}),
        "weight not known to this architecture: blk.0.attn_q.bias");
    refuses(
        parts -> parts.tensors.put("rope_freqs.weight", new int[] {1}),
        "rope_freqs.weight stretches the rotary angles otherwise than Llama 3 does (low 1, high 4,"
            + " 8192 positions): [0.0]");
  }

  @Test
  void a_missing_number_is_named() throws Exception {
    for (String key :
        List.of(
            "general.architecture",
            "llama.block_count",
            "llama.context_length",
            "llama.attention.layer_norm_rms_epsilon",
            "tokenizer.ggml.model",
            "tokenizer.ggml.tokens",
            "tokenizer.ggml.token_type",
            "tokenizer.ggml.merges")) {
      refuses(parts -> parts.pairs.remove(key), key + " is missing");
    }
  }

  /// Damage of every kind anywhere in a small file: read, or refused as a fault of the file.
  @Test
  void a_damaged_model_is_read_or_refused_and_nothing_else() throws Exception {
    byte[] whole = new Parts().bytes().bytes();
    Path path = folder.resolve("damaged.gguf");
    int refused = 0;
    for (int n = 0; n < 600; n++) {
      CounterStream stream = CounterStream.of(5, "damage", 0, n);
      byte[] damaged = whole.clone();
      damaged[stream.below(0, whole.length)] = (byte) stream.below(1, 256);
      Files.write(path, damaged);
      try (StoredModel stored = GgufModel.open(path)) {
        stored.read();
      } catch (IllegalArgumentException | IOException refusal) {
        assertThat(refusal).hasMessageStartingWith(path.toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(200);
  }
}
