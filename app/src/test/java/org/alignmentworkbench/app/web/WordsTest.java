package org.alignmentworkbench.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.context.support.StaticMessageSource;

class WordsTest {
  @Test
  void a_name_that_no_message_knows_is_taken_apart_and_never_shown_as_it_is() {
    Words words = new Words(new StaticMessageSource());
    assertThat(words.named("series.", "divergenceAtTwoBits")).isEqualTo("Divergence at two bits");
    assertThat(words.named("stage.", "sft")).isEqualTo("Sft");
    assertThat(words.named("stage.", "")).isEmpty();
  }

  @Test
  void line_breaks_of_any_kind_become_one_space() {
    assertThat(Words.oneLine("a\r\nb\u2028c")).isEqualTo("a b c");
  }
}
