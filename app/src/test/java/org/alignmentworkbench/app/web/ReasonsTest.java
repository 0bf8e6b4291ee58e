package org.alignmentworkbench.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.ResourceBundleMessageSource;

/// Why a figure is missing is said in the reader's language, whatever algorithm says it.
class ReasonsTest {
  /// The packages whose figures stand on pages.
  private static final List<String> PACKAGES =
      List.of(
          "model-core/src/main/java/org/alignmentworkbench/model/agreement",
          "model-core/src/main/java/org/alignmentworkbench/model/statistics",
          "app/src/main/java/org/alignmentworkbench/app/quality",
          "app/src/main/java/org/alignmentworkbench/app/evaluation");

  /// A statement that makes a figure without a value or an interval, or names why.
  private static final Pattern SAID =
      Pattern.compile(
          "(?:Estimate\\.Undefined\\(|Estimate\\.Point\\(|\\bmean\\(mean,|\\bshare\\(same,"
              + "|static final String (?:NONE|NO_INTERVAL) =)([^;]*);");

  private static final Pattern ADDED = Pattern.compile("\"\\s*\\+\\s*\"");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Words words = new Words(source());

  private static ResourceBundleMessageSource source() {
    ResourceBundleMessageSource source = new ResourceBundleMessageSource();
    source.setBasename("rooms");
    source.setDefaultEncoding("UTF-8");
    source.setFallbackToSystemLocale(false);
    return source;
  }

  @AfterEach
  void forget() {
    LocaleContextHolder.resetLocaleContext();
  }

  private static Set<String> sentences() throws IOException {
    Set<String> sentences = new TreeSet<>();
    Path root = Path.of(System.getProperty("workbench.root"));
    for (String each : PACKAGES) {
      try (Stream<Path> files = Files.list(root.resolve(each))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> sentences.addAll(sentences(file)));
      }
    }
    return sentences;
  }

  /// Literals that follow each other are one sentence; anything else between them is a number.
  private static List<String> sentences(Path file) {
    try {
      return SAID.matcher(Files.readString(file).replaceAll("\\n *: ", ";"))
          .results()
          .map(said -> ADDED.matcher(said.group(1)).replaceAll(""))
          .map(said ->
              String.join("5", LITERAL.matcher(said).results().map(part -> part.group(1)).toList()))
          // A message's key is none.
          .filter(said -> said.contains(" "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void every_reason_an_algorithm_gives_has_words_of_its_own_and_in_arabic() throws IOException {
    Set<String> sentences = sentences();
    assertThat(sentences).hasSizeGreaterThan(25);
    for (String sentence : sentences) {
      LocaleContextHolder.setLocale(Locale.ENGLISH);
      assertThat(source().getMessage(Words.reasonKey(sentence), null, "none", Locale.ENGLISH))
          .as("a message for '%s': %s", sentence, Words.reasonKey(sentence))
          .isNotEqualTo("none");
      assertThat(words.reason(sentence)).isEqualTo(sentence);
      LocaleContextHolder.setLocale(Locale.forLanguageTag("ar"));
      assertThat(words.reason(sentence)).as(sentence).containsPattern("\\p{IsArabic}");
    }
  }

  @Test
  void numbers_of_a_reason_are_kept_and_an_unknown_one_stays_as_it_is() {
    LocaleContextHolder.setLocale(Locale.forLanguageTag("ar"));
    assertThat(
            words.reason(
                "in 12 of 2000 resamples of the units everybody gave the same value, so an interval"
                    + " would mislead"))
        .contains("12", "2000")
        .containsPattern("\\p{IsArabic}");
    assertThat(words.reason("the moon is full 7 times")).isEqualTo("the moon is full 7 times");
    assertThat(words.reason("")).isEmpty();
  }
}
