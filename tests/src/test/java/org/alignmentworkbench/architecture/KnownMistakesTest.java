package org.alignmentworkbench.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The tables of known mistakes and of annotators' reports name tests that exist.
class KnownMistakesTest {
  private static final Path ROOT = Path.of(System.getProperty("workbench.root"));
  private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

  @Test
  void every_test_that_is_named_exists() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/known-mistakes.md"));
    assertThat(namedIn(table)).hasSizeGreaterThanOrEqualTo(38);
    assertThat(missing(table)).isEmpty();
    for (int row = 1; row <= 38; row++) {
      assertThat(table).contains("\n| " + row + " | ");
    }
  }

  /// The numbers of the reports have gaps.
  @Test
  void every_test_that_is_named_for_a_report_of_annotators_exists() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/annotation.md"));
    assertThat(namedIn(table)).hasSizeGreaterThanOrEqualTo(60);
    assertThat(missing(table)).isEmpty();
    assertThat(table.lines().filter(line -> line.matches("\\| [0-9]+ \\| .*"))).hasSize(74);
  }

  private static List<MatchResult> namedIn(String table) {
    return NAMED.matcher(table).results().toList();
  }

  private static Set<String> missing(String table) throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file :
          files
              .filter(f -> f.toString().contains("src/test/java") && f.toString().endsWith(".java"))
              .toList()) {
        String name = String.valueOf(file.getFileName()).replace(".java", "");
        sources.merge(name, Files.readString(file), String::concat);
      }
    }
    var missing = new TreeSet<String>();
    for (MatchResult named : namedIn(table)) {
      String method = " " + named.group(2) + "(";
      if (!sources.getOrDefault(named.group(1), "").contains(method)) {
        missing.add(named.group());
      }
    }
    return missing;
  }
}
