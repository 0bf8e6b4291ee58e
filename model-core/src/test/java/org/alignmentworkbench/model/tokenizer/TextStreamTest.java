package org.alignmentworkbench.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;

class TextStreamTest {
  private final Tokenizer tokenizer;

  TextStreamTest() throws IOException {
    tokenizer = Tokenizer.load(Path.of("src/test/resources/fixtures/model/tiny-llama"));
  }

  @Test
  void a_character_appears_when_its_last_byte_is_there() {
    TextStream stream = new TextStream(tokenizer, true);
    List<String> pieces = new ArrayList<>();
    for (int id : tokenizer.encode("a🙂b")) {
      pieces.add(stream.accept(id));
    }
    // The vocabulary has one merge inside the emoji's four bytes.
    assertThat(pieces).containsExactly("a", "", "", "🙂", "b");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void an_unfinished_character_is_replaced_at_the_end() {
    int[] ids = Arrays.copyOf(tokenizer.encode("x🙂"), 3);
    assertThat(TextStream.of(tokenizer, ids, true)).isEqualTo("x\uFFFD");
  }

  /// Random ids: broken characters, control tokens.
  @Test
  void the_pieces_together_are_the_decoded_text() {
    for (int n = 0; n < 500; n++) {
      CounterStream stream = CounterStream.of(1, "ids", 0, n);
      int[] ids = new int[stream.below(0, 30)];
      for (int i = 0; i < ids.length; i++) {
        // mostly single bytes
        ids[i] =
            stream.below(2 * i + 1, 4) == 0
                ? stream.below(2 * i + 2, 512)
                : 4 + stream.below(2 * i + 2, 256);
      }
      for (boolean skip : new boolean[] {true, false}) {
        assertThat(TextStream.of(tokenizer, ids, skip)).isEqualTo(tokenizer.decode(ids, skip));
      }
    }
  }

  @Test
  void an_id_without_a_token_is_passed_over() {
    int[] ids = {tokenizer.idOf("a"), 600, -1, tokenizer.idOf("b")};
    assertThat(TextStream.of(tokenizer, ids, true)).isEqualTo("ab");
  }
}
