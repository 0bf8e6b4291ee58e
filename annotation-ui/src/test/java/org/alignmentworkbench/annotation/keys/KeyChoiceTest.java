package org.alignmentworkbench.annotation.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.keys.KeyChoice.Row;
import org.junit.jupiter.api.Test;

class KeyChoiceTest {
  private static KeyChoice typed(Map<String, String> fields) {
    return KeyChoice.read(fields::get);
  }

  private static Row row(KeyChoice choice, String key) {
    return choice.rows().stream()
        .filter(row -> row.key().key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_first_keys_can_all_be_told_apart() {
    KeyChoice choice = typed(Map.of());
    assertThat(choice.sound()).isTrue();
    assertThat(choice.own()).isEmpty();
    assertThat(choice.rows()).hasSameSizeAs(DeskKey.ALL);
  }

  @Test
  void two_keys_may_change_places() {
    KeyChoice choice = typed(Map.of("key.s", "G", "key.g", " s "));
    assertThat(choice.sound()).isTrue();
    assertThat(choice.own()).containsExactlyInAnyOrderEntriesOf(Map.of("s", "g", "g", "s"));
  }

  @Test
  void a_key_that_is_taken_names_the_other_on_both() {
    KeyChoice choice = typed(Map.of("key.s", "r"));
    assertThat(choice.sound()).isFalse();
    assertThat(choice.same(row(choice, "s"))).isEqualTo(row(choice, "r").key());
    assertThat(choice.same(row(choice, "r"))).isEqualTo(row(choice, "s").key());
    assertThat(choice.same(row(choice, "g"))).isNull();
  }

  @Test
  void a_key_is_one_sign_of_any_script() {
    for (String sign : List.of("x", "é", "ش", "😀", "/", "ß")) {
      assertThat(row(typed(Map.of("key.s", sign)), "s").sign()).as(sign).isTrue();
    }
    for (String none : List.of("ab", "\u0000", "Enter", "e\u0301")) {
      assertThat(row(typed(Map.of("key.s", none)), "s").sign()).as(none).isFalse();
    }
    // An empty field gets its first key back.
    assertThat(row(typed(Map.of("key.s", "  ")), "s").chosen()).isEqualTo("s");
  }

  @Test
  void what_was_kept_reads_back_and_a_key_that_is_gone_is_left_out() {
    assertThat(KeyChoice.of(Map.of("s", "x", "no-such-key", "y")).own())
        .isEqualTo(Map.of("s", "x"));
  }
}
