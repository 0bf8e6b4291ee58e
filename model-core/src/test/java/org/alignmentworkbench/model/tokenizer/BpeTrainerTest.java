package org.alignmentworkbench.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {

  private static List<List<String>> merges(Tokenizer tokenizer) {
    List<List<String>> merges = new ArrayList<>();
    for (JsonElement merge :
        JsonParser.parseString(tokenizer.json())
            .getAsJsonObject()
            .getAsJsonObject("model")
            .getAsJsonArray("merges")) {
      merges.add(merge.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList());
    }
    return merges;
  }

  /// The worked example of Sennrich et al. 2016, figure 1, without its end-of-word mark: low x5,
  /// lower x2, newest x6, widest x3. Counts by hand: es 9, then est 9 (before lo and ow with 7). `e
  /// s` and `s t` both count 9: `e` is the smaller byte.
  @Test
  void the_example_of_the_paper_merges_in_its_order() {
    List<String> texts = new ArrayList<>();
    texts.addAll(Collections.nCopies(5, "low"));
    texts.addAll(Collections.nCopies(2, "lower"));
    texts.addAll(Collections.nCopies(6, "newest"));
    texts.addAll(Collections.nCopies(3, "widest"));
    Tokenizer tokenizer = BpeTrainer.train(texts, 256 + 4, List.of());
    assertThat(merges(tokenizer))
        .containsExactly(
            List.of("e", "s"), List.of("es", "t"), List.of("l", "o"), List.of("lo", "w"));
    assertThat(tokenizer.encode("lowest"))
        .containsExactly(tokenizer.idOf("low"), tokenizer.idOf("est"));
  }

  private static List<String> corpus() {
    List<String> texts = new ArrayList<>();
    String[] words =
        "the meeting moved to room tomorrow at please reply über 🙂 it's we'll".split(" ");
    for (int n = 0; n < 300; n++) {
      CounterStream stream = CounterStream.of(3, "corpus", 0, n);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 12; i++) {
        text.append(words[stream.below(i, words.length)]).append(i % 5 == 4 ? ".\n" : " ");
      }
      texts.add(text.append(stream.below(99, 10_000)).toString());
    }
    return texts;
  }

  /// The plain algorithm: recount everything for each merge.
  @Test
  void merges_equal_those_of_the_plain_algorithm() {
    Map<List<String>, Integer> words = new HashMap<>();
    for (String text : corpus()) {
      PreTokenizer.of(TextCut.GPT2_SINGLE_DIGITS)
          .split(
              text,
              word -> {
                String letters =
                    ByteAlphabet.letters(word.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                words.merge(List.of(letters.split("")), 1, Integer::sum);
              });
    }
    List<List<String>> expected = new ArrayList<>();
    for (int n = 0; n < 45; n++) {
      Map<List<String>, Integer> pairs = new LinkedHashMap<>();
      words.forEach((word, count) -> {
        for (int i = 0; i + 1 < word.size(); i++) {
          pairs.merge(List.of(word.get(i), word.get(i + 1)), count, Integer::sum);
        }
      });
      List<String> best =
          pairs.keySet().stream()
              .min(
                  java.util.Comparator.<List<String>>comparingInt(pair -> -pairs.get(pair))
                      .thenComparing(
                          pair -> ByteAlphabet.bytes(pair.get(0)),
                          java.util.Arrays::compareUnsigned)
                      .thenComparing(
                          pair -> ByteAlphabet.bytes(pair.get(1)),
                          java.util.Arrays::compareUnsigned))
              .orElseThrow();
      expected.add(best);
      Map<List<String>, Integer> next = new HashMap<>();
      words.forEach((word, count) -> {
        List<String> merged = new ArrayList<>(word);
        for (int i = 0; i + 1 < merged.size(); i++) {
          if (merged.get(i).equals(best.get(0)) && merged.get(i + 1).equals(best.get(1))) {
            merged.set(i, best.get(0) + best.get(1));
            merged.remove(i + 1);
          }
        }
        next.merge(merged, count, Integer::sum);
      });
      words.clear();
      words.putAll(next);
    }
    List<List<String>> learnt = merges(BpeTrainer.train(corpus(), 256 + 1 + 40, List.of("<s>")));
    assertThat(learnt).hasSizeGreaterThanOrEqualTo(40);
    assertThat(learnt).isEqualTo(expected.subList(0, learnt.size()));
  }

  @Test
  void the_order_of_the_texts_does_not_matter() {
    List<String> backward = new ArrayList<>(corpus());
    Collections.reverse(backward);
    assertThat(BpeTrainer.train(backward, 305, List.of("<|end|>")).json())
        .isEqualTo(BpeTrainer.train(corpus(), 305, List.of("<|end|>")).json());
  }

  @Test
  void specials_come_first_digits_stay_single_and_specials_in_the_text_teach_nothing() {
    List<String> texts = new ArrayList<>(corpus());
    texts.addAll(Collections.nCopies(500, "<|end|>20242024"));
    Tokenizer tokenizer = BpeTrainer.train(texts, 305, List.of("<|end|>", "<|pad|>"));
    assertThat(tokenizer.vocabularySize()).isEqualTo(305);
    assertThat(tokenizer.idOf("<|end|>")).isZero();
    assertThat(tokenizer.idOf("<|pad|>")).isEqualTo(1);
    assertThat(tokenizer.encode("2024")).hasSize(4);
    assertThat(
            IntStream.range(2, 305)
                .mapToObj(id ->
                    new String(
                        tokenizer.bytesOf(id), java.nio.charset.StandardCharsets.ISO_8859_1)))
        .noneMatch(token -> token.contains("<|"))
        .noneMatch(token -> token.matches("(?s).*[0-9].+|.+[0-9].*"));
    assertThat(tokenizer.encode("<|end|>")).doesNotContain(0);
    for (String text : corpus()) {
      assertThat(tokenizer.decode(tokenizer.encode(text), true)).isEqualTo(text);
    }
  }

  @Test
  void refuses_a_size_that_the_text_cannot_fill_or_that_is_too_small() {
    assertThatThrownBy(() -> BpeTrainer.train(List.of("abab", "ab"), 300, List.of()))
        .hasMessage("the text yields only 257 tokens with pairs seen twice, wanted 300");
    assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 256, List.of("<s>")))
        .hasMessage("vocabularySize must be at least 257 (specials and bytes), was 256");
    assertThatThrownBy(() -> BpeTrainer.train(List.of("a"), 300, List.of("<s>", "<s>")))
        .hasMessage("a special token is listed twice: [<s>, <s>]");
  }
}
