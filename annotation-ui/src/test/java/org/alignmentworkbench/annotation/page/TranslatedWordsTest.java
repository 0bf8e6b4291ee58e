package org.alignmentworkbench.annotation.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranslatedWordsTest {
  private static final Path RESOURCES = Path.of("src/main/resources");

  @Test
  void every_word_of_the_kit_and_the_desk_is_there_in_arabic() throws Exception {
    assertThat(
            TranslatedWords.faults(
                RESOURCES.resolve("messages.properties"),
                RESOURCES.resolve("messages_ar.properties"),
                // Codes for programs, and the name of each language in its own words.
                Set.of("kit.language", "kit.direction", "kit.languages.en")))
        .isEmpty();
  }

  @Test
  void each_planted_fault_is_found(@TempDir Path folder) throws Exception {
    record Planted(String words, String translated, String fault) {}
    Path words = folder.resolve("words.properties");
    Path translated = folder.resolve("words_ar.properties");
    for (Planted planted :
        List.of(
            new Planted("a=Hello\n", "", "a: has no line in words_ar.properties"),
            new Planted("", "a=مرحبا\n", "a: is not in words.properties"),
            new Planted("a={0} of {1}\n", "a={0} من {2}\n", "a: words.properties has the places"),
            new Planted("a={0} of {1}\n", "a={0} من {1\n", "is no message format"),
            new Planted(
                "a=Hello\n", "a=مرحبا\na=أهلا\n", "a: has two lines in words_ar.properties"),
            new Planted("a=Hello\n", "a=Hello\n", "was copied"))) {
      Files.writeString(words, planted.words());
      Files.writeString(translated, planted.translated());
      assertThat(TranslatedWords.faults(words, translated, Set.of()))
          .as(planted.fault())
          .anyMatch(fault -> fault.contains(planted.fault()));
    }
    Files.writeString(words, "a=Hello {0}\nb=–\nc={0}: {1}\nd=TRL\n");
    Files.writeString(translated, "a={0} مرحبا\nb=–\nc={0}: {1}\nd=TRL\n");
    assertThat(TranslatedWords.faults(words, translated, Set.of("d"))).isEmpty();
  }
}
