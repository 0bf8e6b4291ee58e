package org.alignmentworkbench.synthetic.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LexiconTest {
  @Test
  void mentions_are_found_in_any_case_with_times_as_one() {
    assertThat(Lexicon.mentions("ANNA meets Ben on Friday at 3 pm in the park, platform 4."))
        .containsExactlyInAnyOrder("anna", "ben", "friday", "3 pm", "park", "4");
    assertThat(Lexicon.mentions("noon")).containsExactly("noon");
    assertThat(Lexicon.mentions("The same sample tomato")).isEmpty();
    assertThat(Lexicon.mentions("")).isEmpty();
  }

  @Test
  void no_word_stands_for_two_kinds_of_things() {
    List<String> words =
        Stream.of(
                Lexicon.NAMES,
                Lexicon.DAYS,
                Lexicon.TIMES,
                Lexicon.PLACES,
                Lexicon.CITIES,
                Lexicon.EVENTS,
                Lexicon.OBJECTS,
                Lexicon.GROCERIES,
                Lexicon.COUNTABLES)
            .flatMap(List::stream)
            .toList();
    Set<String> different = new HashSet<>(words);
    assertThat(different).hasSameSizeAs(words);
  }

  @Test
  void numbers_are_read_in_digits_and_words() {
    assertThat(Lexicon.numbers("Three and 14 is seventeen")).containsExactly(3, 14, 17);
    assertThat(Lexicon.numberWord(20)).isEqualTo("twenty");
    assertThatThrownBy(() -> Lexicon.numberWord(21)).hasMessageContaining("21");
  }

  @Test
  void joined_words_come_apart_again() {
    for (List<String> words :
        List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "c", "d"))) {
      assertThat(Lexicon.parts(Lexicon.joined(words))).isEqualTo(words);
    }
    assertThat(Lexicon.joined(List.of("milk", "tea", "rice"))).isEqualTo("milk, tea and rice");
  }
}
