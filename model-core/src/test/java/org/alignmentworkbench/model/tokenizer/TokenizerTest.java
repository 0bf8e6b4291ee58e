package org.alignmentworkbench.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");
  private static final List<String> SPECIALS =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>");

  private final Tokenizer tokenizer;

  TokenizerTest() throws IOException {
    tokenizer = Tokenizer.load(FIXTURES.resolve("tiny-llama"));
  }

  private static int[] ints(JsonArray array) {
    return array.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  /// Ids and texts are those of Hugging Face's tokenizers (versions in the fixtures' README).
  @Test
  void two_hundred_strings_have_the_ids_and_texts_of_the_reference() throws IOException {
    JsonArray strings =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("tokenizer.json")))
            .getAsJsonObject()
            .getAsJsonArray("strings");
    assertThat(strings).hasSize(200);
    int withSpecials = 0;
    for (JsonElement element : strings) {
      String text = element.getAsJsonObject().get("text").getAsString();
      JsonObject expected = element.getAsJsonObject().getAsJsonObject("tiny");
      int[] ids = ints(expected.getAsJsonArray("ids"));
      assertThat(tokenizer.encodeWithSpecials(text)).as(text).isEqualTo(ids);
      assertThat(tokenizer.decode(ids, false)).isEqualTo(expected.get("decoded").getAsString());
      assertThat(tokenizer.decode(ids, true))
          .isEqualTo(expected.get("decoded_skip_special").getAsString());
      if (SPECIALS.stream().anyMatch(text::contains)) {
        withSpecials++;
        assertThat(Arrays.stream(tokenizer.encode(text))).noneMatch(tokenizer::isAdded);
      } else {
        assertThat(tokenizer.encode(text)).isEqualTo(ids);
      }
      assertThat(tokenizer.decode(tokenizer.encode(text), true)).isEqualTo(text);
    }
    assertThat(withSpecials).isPositive();
  }

  @Test
  void any_unicode_text_comes_back_and_holds_no_control_id() {
    CounterStream stream = CounterStream.of(1, "unicode", 0, 0);
    int draw = 0;
    for (int n = 0; n < 2000; n++) {
      StringBuilder text = new StringBuilder();
      int length = stream.below(draw++, 40);
      for (int i = 0; i < length; i++) {
        switch (stream.below(draw++, 8)) {
          case 0 -> text.append(SPECIALS.get(stream.below(draw++, 4)));
          case 1 -> text.appendCodePoint(0x1F300 + stream.below(draw++, 0x300)).append('\u200D');
          case 2 -> text.append((char) stream.below(draw++, 33));
          case 3 -> text.append(stream.below(draw++, 1000));
          case 4 -> {
            int c = stream.below(draw++, 0x110000);
            text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 'x' : c);
          }
          default -> text.append((char) (' ' + stream.below(draw++, 95)));
        }
      }
      int[] ids = tokenizer.encode(text.toString());
      assertThat(tokenizer.decode(ids, true)).isEqualTo(text.toString());
      assertThat(Arrays.stream(ids)).noneMatch(tokenizer::isAdded);
      assertThat(tokenizer.decode(tokenizer.encodeWithSpecials(text.toString()), false))
          .isEqualTo(text.toString());
    }
  }

  @Test
  void nul_survives_and_a_lone_surrogate_becomes_the_replacement_character() {
    assertThat(tokenizer.decode(tokenizer.encode("a\0b"), true)).isEqualTo("a\0b");
    for (String lone : List.of("a\uD83D", "a\uDE42", "a\uDE42\uD83D")) {
      String replaced = "a" + "\uFFFD".repeat(lone.length() - 1);
      assertThat(tokenizer.encode(lone)).isEqualTo(tokenizer.encode(replaced));
      assertThat(tokenizer.encodeWithSpecials(lone)).isEqualTo(tokenizer.encode(replaced));
    }
    assertThat(tokenizer.decode(tokenizer.encode("🙂"), true)).isEqualTo("🙂");
  }

  /// Merging is checked against the plain form: look for the lowest rank over and over.
  @Test
  void long_words_merge_as_the_plain_algorithm_does() {
    JsonObject model =
        JsonParser.parseString(tokenizer.json()).getAsJsonObject().getAsJsonObject("model");
    List<List<String>> merges = new ArrayList<>();
    for (JsonElement merge : model.getAsJsonArray("merges")) {
      merges.add(
          List.of(
              merge.getAsJsonArray().get(0).getAsString(),
              merge.getAsJsonArray().get(1).getAsString()));
    }
    CounterStream stream = CounterStream.of(2, "letters", 0, 0);
    int draw = 0;
    for (int n = 0; n < 60; n++) {
      StringBuilder word = new StringBuilder();
      for (int i = 0; i <= n; i++) {
        word.append("aehinorst".charAt(stream.below(draw++, 9)));
      }
      List<String> symbols = new ArrayList<>(List.of(word.toString().split("")));
      for (List<String> merge : merges) {
        for (int i = 0; i + 1 < symbols.size(); i++) {
          if (symbols.get(i).equals(merge.get(0)) && symbols.get(i + 1).equals(merge.get(1))) {
            symbols.set(i, merge.get(0) + merge.get(1));
            symbols.remove(i + 1);
          }
        }
      }
      int[] expected = symbols.stream().mapToInt(tokenizer::idOf).toArray();
      assertThat(tokenizer.encode(word.toString())).as(word.toString()).isEqualTo(expected);
    }
  }

  @Test
  void a_word_of_a_hundred_thousand_letters_is_quick() {
    String word = "theaninger".repeat(10_000);
    assertThat(tokenizer.decode(tokenizer.encode(word), false)).isEqualTo(word);
  }

  @Test
  void an_id_outside_the_vocabulary_and_an_unknown_token_are_refused() {
    assertThat(tokenizer.vocabularySize()).isEqualTo(512);
    assertThatThrownBy(() -> tokenizer.decode(new int[] {512}, false))
        .hasMessage("id must be in the vocabulary of 512 tokens, was 512");
    assertThatThrownBy(() -> tokenizer.idOf("<|nothing|>"))
        .hasMessage("the vocabulary has no token <|nothing|>");
    assertThat(tokenizer.idOf("<|im_end|>")).isEqualTo(2);
    assertThat(tokenizer.bytesOf(tokenizer.idOf("Ċ")))
        .isEqualTo("\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void saving_writes_the_text_that_was_read(@TempDir Path folder) throws IOException {
    TokenizerConfig config = TokenizerConfig.load(FIXTURES.resolve("tiny-llama"));
    tokenizer.save(folder, config);
    assertThat(folder.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(FIXTURES.resolve("tiny-llama/tokenizer.json"));
    assertThat(TokenizerConfig.load(folder)).isEqualTo(config);
    assertThat(config.eosToken()).isEqualTo("<|im_end|>");
    assertThat(config.chatTemplate()).startsWith("{% for message in messages %}");
  }

  /// Ids are those of Hugging Face's tokenizers; `src/test/python/tokenizer_nfc.py` made both
  /// files.
  @Test
  void a_tokenizer_that_composes_text_gives_the_ids_of_the_reference() throws IOException {
    Path folder = Path.of("src/test/resources/fixtures/tokenizers");
    String json = Files.readString(folder.resolve("qwen-nfc.json"));
    Tokenizer composing = Tokenizer.parse(json);
    assertThat(composing.cut()).contains(TextCut.QWEN2);
    int changed = 0;
    Tokenizer plain =
        Tokenizer.parse(
            json.replace(
                "\"type\": \"NFC\"",
                "\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"}]"));
    for (JsonElement element :
        JsonParser.parseString(Files.readString(folder.resolve("qwen-nfc-strings.json")))
            .getAsJsonArray()) {
      String text = element.getAsJsonObject().get("text").getAsString();
      int[] ids = ints(element.getAsJsonObject().getAsJsonArray("ids"));
      assertThat(composing.encodeWithSpecials(text)).as(text).isEqualTo(ids);
      assertThat(plain.encodeWithSpecials(text)).as(text).isEqualTo(ids);
      changed += composing.decode(ids, false).equals(text) ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(6);
    assertThatThrownBy(() ->
            Tokenizer.parse(json.replaceFirst("\"normalized\": false", "\"normalized\": true")))
        .hasMessageContaining(
            "added token <|endoftext|>: normalized is not supported beside a normalizer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"normalizer\": null|\"normalizer\": {\"type\":\"NFKC\"}|normalizer must be NFC (or nothing), was {\"type\":\"NFKC\"}",
        "\"type\": \"BPE\"|\"type\": \"Unigram\"|model type must be BPE, was Unigram",
        "\"type\": \"Digits\"|\"type\": \"Whitespace\"|found Whitespace",
        "\"dropout\": null|\"dropout\": 0.1|dropout is not supported: 0.1",
        "\"byte_fallback\": false|\"byte_fallback\": true|model.byte_fallback is not supported",
        "\"lstrip\": false|\"lstrip\": true|added token <|endoftext|>: lstrip is not supported",
        "\"add_prefix_space\": false|\"add_prefix_space\": true|add_prefix_space is not supported",
        "\"end_of_word_suffix\": null|\"end_of_word_suffix\": \"</w>\"|model.end_of_word_suffix is not supported: </w>",
        "\"type\": \"TemplateProcessing\"|\"type\": \"RobertaProcessing\"|post_processor RobertaProcessing is not supported",
      })
  void what_is_not_supported_is_refused_by_name(String from, String to, String message) {
    String json = tokenizer.json();
    assertThat(json).contains(from);
    String changed = json.replace(from, to);
    assertThatThrownBy(() -> Tokenizer.parse(changed))
        .isInstanceOf(UnsupportedTokenizerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_merge_that_would_spell_a_control_token_is_not_made() {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.letter(b)));
    }
    tokens.add("pa");
    tokens.add("pad");
    Tokenizer sly =
        Tokenizer.of(
            tokens, List.of(List.of("p", "a"), List.of("pa", "d")), java.util.Set.of("pad"));
    assertThat(sly.encode("pad")).containsExactly(256, 'd' - 0);
    assertThat(sly.encodeWithSpecials("pad")).containsExactly(257);
  }

  /// Damage of every kind in a small file: read, or refused as an argument, nothing else.
  @Test
  void a_damaged_file_is_refused_as_such() {
    List<String> tokens = new ArrayList<>(List.of("<s>"));
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.letter(b)));
    }
    tokens.add("ab");
    String json = Tokenizer.of(tokens, List.of(List.of("a", "b")), java.util.Set.of("<s>")).json();
    List<String> pieces = List.of("\"", "1", "null", "{", "}", "[", "]", ",", "true", "-1", "x");
    int refused = 0;
    for (int n = 0; n < 3000; n++) {
      CounterStream stream = CounterStream.of(6, "damage", 0, n);
      int from = stream.below(0, json.length());
      int to = Math.min(json.length(), from + stream.below(1, 12));
      String damaged =
          json.substring(0, from) + pieces.get(stream.below(2, pieces.size())) + json.substring(to);
      try {
        Tokenizer.parse(damaged).encode("ab c");
      } catch (IllegalArgumentException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
