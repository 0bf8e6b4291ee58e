package org.alignmentworkbench.annotation.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.diff.Piece;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private static String text(List<Piece> pieces) {
    return pieces.stream().map(Piece::text).collect(Collectors.joining());
  }

  private static List<String> marked(List<Piece> pieces) {
    return pieces.stream().filter(piece -> !piece.same()).map(Piece::text).toList();
  }

  @Test
  void each_answer_stays_whole_and_only_its_own_words_are_marked() {
    Differences differences =
        Differences.between("The lab is closed on Thursday.", "The lab is open on Thursday.");
    assertThat(text(differences.left())).isEqualTo("The lab is closed on Thursday.");
    assertThat(text(differences.right())).isEqualTo("The lab is open on Thursday.");
    assertThat(marked(differences.left())).containsExactly("closed");
    assertThat(marked(differences.right())).containsExactly("open");
    assertThat(differences.same()).isFalse();
  }

  @Test
  void the_same_words_are_said_to_be_the_same() {
    assertThat(Differences.between("a b", "a b").same()).isTrue();
    assertThat(Differences.between("", "").same()).isTrue();
    assertThat(Differences.between("", "a").same()).isFalse();
  }
}
