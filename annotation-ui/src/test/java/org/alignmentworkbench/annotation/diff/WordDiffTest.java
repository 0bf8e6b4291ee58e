package org.alignmentworkbench.annotation.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.diff.Piece.Kind;
import org.junit.jupiter.api.Test;

class WordDiffTest {
  private static String drawn(List<Piece> pieces) {
    return pieces.stream()
        .map(piece ->
            switch (piece.kind()) {
              case SAME -> piece.text();
              case GONE -> "[-" + piece.text() + "-]";
              case NEW -> "{+" + piece.text() + "+}";
            })
        .collect(Collectors.joining());
  }

  private static String drawn(String before, String after) {
    return drawn(WordDiff.between(before, after));
  }

  private static String without(List<Piece> pieces, Kind kind) {
    return pieces.stream()
        .filter(piece -> piece.kind() != kind)
        .map(Piece::text)
        .collect(Collectors.joining());
  }

  /// By hand.
  @Test
  void a_word_a_sign_and_a_sentence_are_each_one_change() {
    assertThat(drawn("The lab is closed.", "The lab was closed."))
        .isEqualTo("The lab [-is-]{+was+} closed.");
    assertThat(drawn("Closed on Friday", "Closed on Friday!")).isEqualTo("Closed on Friday{+!+}");
    assertThat(drawn("One two three four.", "One five six four."))
        .isEqualTo("One [-two three-]{+five six+} four.");
    assertThat(drawn("a b", "a b c")).isEqualTo("a b{+ c+}");
    assertThat(drawn("a  b", "a b")).isEqualTo("a[-  -]{+ +}b");
  }

  @Test
  void equal_and_empty_texts() {
    assertThat(WordDiff.between("", "")).isEmpty();
    assertThat(drawn("same text", "same text")).isEqualTo("same text");
    assertThat(drawn("", "all new")).isEqualTo("{+all new+}");
    assertThat(drawn("all gone", "")).isEqualTo("[-all gone-]");
  }

  @Test
  void nothing_that_is_drawn_as_one_sign_is_cut() {
    // A family is four emoji joined; another family shares three of them and is another sign.
    String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
    String other = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC66";
    assertThat(drawn("We " + family + " go", "We " + other + " go"))
        .isEqualTo("We [-" + family + "-]{+" + other + "+} go");
    // An accent of its own belongs to its letter.
    assertThat(drawn("cafe\u0301", "cafe")).isEqualTo("[-cafe\u0301-]{+cafe+}");
  }

  @Test
  void right_to_left_words_and_scripts_without_spaces() {
    assertThat(drawn("سأرسل التقرير اليوم", "سأرسل الملف اليوم"))
        .isEqualTo("سأرسل [-التقرير-]{+الملف+} اليوم");
    assertThat(drawn("明日会议", "明天会议")).isEqualTo("明[-日-]{+天+}会议");
  }

  @Test
  void both_texts_can_be_read_off_the_pieces() {
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      String before = text(random);
      String after = text(random);
      List<Piece> pieces = WordDiff.between(before, after);
      assertThat(without(pieces, Kind.NEW)).as("seed %d", seed).isEqualTo(before);
      assertThat(without(pieces, Kind.GONE)).as("seed %d", seed).isEqualTo(after);
      for (int i = 1; i < pieces.size(); i++) {
        assertThat(pieces.get(i).kind()).as("seed %d", seed).isNotEqualTo(pieces.get(i - 1).kind());
      }
    }
  }

  /// Signs without spaces, so that no white space is counted as changed: then the words that both
  /// have are as many as the longest common subsequence, which the table below counts another way.
  @Test
  void no_shorter_way_from_one_to_the_other_exists() {
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      String before = signs(random);
      String after = signs(random);
      int same =
          WordDiff.between(before, after).stream()
              .filter(Piece::same)
              .mapToInt(piece -> piece.text().length())
              .sum();
      assertThat(same).as("seed %d: %s, %s", seed, before, after).isEqualTo(longest(before, after));
    }
  }

  @Test
  void texts_too_long_to_compare_are_one_change_between_their_common_ends() {
    String middle = "x ".repeat(WordDiff.MOST / 2);
    List<Piece> pieces =
        WordDiff.between("start " + middle + "end", "start y " + "y ".repeat(9) + "end");
    assertThat(pieces.getFirst()).isEqualTo(new Piece(Kind.SAME, "start "));
    assertThat(without(pieces, Kind.NEW)).isEqualTo("start " + middle + "end");
    assertThat(pieces).hasSizeLessThan(5);
  }

  private static String text(Random random) {
    String[] words = {"a", "b", "c", " ", "  ", "\n", ".", "\uD83D\uDE00", "é", "e\u0301"};
    return IntStream.range(0, random.nextInt(40))
        .mapToObj(_ -> words[random.nextInt(words.length)])
        .collect(Collectors.joining());
  }

  private static String signs(Random random) {
    return IntStream.range(0, random.nextInt(30))
        .mapToObj(_ -> String.valueOf("+-*/".charAt(random.nextInt(4))))
        .collect(Collectors.joining());
  }

  private static int longest(String before, String after) {
    int[][] table = new int[before.length() + 1][after.length() + 1];
    for (int i = 1; i <= before.length(); i++) {
      for (int j = 1; j <= after.length(); j++) {
        table[i][j] =
            before.charAt(i - 1) == after.charAt(j - 1)
                ? table[i - 1][j - 1] + 1
                : Math.max(table[i - 1][j], table[i][j - 1]);
      }
    }
    return table[before.length()][after.length()];
  }
}
