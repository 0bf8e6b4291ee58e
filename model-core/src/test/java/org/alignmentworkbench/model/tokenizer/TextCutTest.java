package org.alignmentworkbench.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextCutTest {
  private static JsonObject golden() throws Exception {
    return JsonParser.parseString(
            Files.readString(Path.of("src/test/resources/fixtures/tokenizer/text_cuts.json")))
        .getAsJsonObject();
  }

  /// Made by `src/test/scripts/text_cuts.py` with Hugging Face's tokenizers.
  @ParameterizedTest
  @EnumSource(names = {"LLAMA3", "QWEN2"})
  void four_hundred_strings_are_cut_as_the_reference_cuts_them(TextCut cut) throws Exception {
    assertThat(cut.regex())
        .isEqualTo(golden().getAsJsonObject("patterns").get(cut.name()).getAsString());
    for (JsonElement element : golden().getAsJsonArray("cases")) {
      JsonObject expected = element.getAsJsonObject();
      String text = expected.get("text").getAsString();
      List<String> words = new ArrayList<>();
      PreTokenizer.of(cut).split(text, words::add);
      assertThat(words)
          .as(text)
          .isEqualTo(
              expected.getAsJsonArray(cut.name()).asList().stream()
                  .map(JsonElement::getAsString)
                  .toList());
    }
  }

  private static Tokenizer letters(TextCut cut, boolean wholeWordsFirst, boolean beginning) {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.letter(b)));
    }
    tokens.add("abc"); // reached by no merge
    tokens.add(null);
    AddedToken begin = new AddedToken(258, "<s>", true);
    return Tokenizer.of(
        new BpeParts(
            tokens,
            List.of(),
            List.of(begin, new AddedToken(257, "  two  ", false)),
            cut,
            wholeWordsFirst,
            beginning ? begin : null));
  }

  @ParameterizedTest
  @EnumSource
  void a_tokenizer_of_parts_reads_back_as_what_it_is(TextCut cut) {
    for (boolean flag : new boolean[] {true, false}) {
      Tokenizer tokenizer = Tokenizer.parse(letters(cut, flag, flag).json());
      assertThat(tokenizer.cut()).contains(cut);
      assertThat(tokenizer.wholeWordsFirst()).isEqualTo(flag);
      assertThat(tokenizer.encode("abc")).hasSize(flag ? 1 : 3);
      assertThat(tokenizer.beginning()).isEqualTo(flag ? List.of(258) : List.of());
      assertThat(tokenizer.ending()).isEmpty();
      assertThat(tokenizer.vocabularySize()).isEqualTo(259);
      assertThat(tokenizer.decode(new int[] {257}, true)).isEqualTo("  two  ");
    }
  }

  @Test
  void what_stands_around_a_text_is_added_only_where_the_text_stands_alone() {
    Tokenizer tokenizer = letters(TextCut.LLAMA3, false, true);
    assertThat(tokenizer.encodeAlone("a<s>b")).containsExactly(258, 'a', 258, 'b');
    assertThat(tokenizer.encodeWithSpecials("a<s>b")).containsExactly('a', 258, 'b');
    assertThat(tokenizer.encode("a")).containsExactly('a');
    String both =
        tokenizer
            .json()
            .replaceFirst(
                "(?s)\"single\": \\[(.*?)\\],\\s*\"pair\"",
                "\"single\": [$1, {\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}],\"pair\"");
    assertThat(Tokenizer.parse(both).encodeAlone("a")).containsExactly(258, 'a', 258);
    assertThatThrownBy(() -> Tokenizer.parse(tokenizer.json().replace("258", "97")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void another_pattern_is_refused_with_its_text() {
    String json = letters(TextCut.QWEN2, false, false).json();
    assertThatThrownBy(() -> Tokenizer.parse(json.replace("{L}+|", "{L}+|x|")))
        .isInstanceOf(UnsupportedTokenizerException.class)
        .hasMessageContaining("the pattern is not one of Llama 3 or Qwen 2: (?i:'s");
    assertThatThrownBy(() -> Tokenizer.parse(json.replace("Isolated", "Removed")))
        .isInstanceOf(UnsupportedTokenizerException.class)
        .hasMessageContaining("pre_tokenizer Split must isolate a Regex");
    assertThatThrownBy(
            () -> Tokenizer.parse(json.replace("\"use_regex\": false", "\"use_regex\": true")))
        .isInstanceOf(UnsupportedTokenizerException.class)
        .hasMessageContaining("Split and then ByteLevel with use_regex");
  }
}
