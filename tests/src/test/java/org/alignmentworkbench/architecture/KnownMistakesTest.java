package org.alignmentworkbench.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of known mistakes names tests that exist.
class KnownMistakesTest {
  private static final Path ROOT = Path.of(System.getProperty("workbench.root"));
  private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

  @Test
  void every_test_that_is_named_exists() throws IOException {
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
    String table = Files.readString(ROOT.resolve("docs/known-mistakes.md"));
    var missing = new TreeSet<String>();
    int named = 0;
    Matcher matcher = NAMED.matcher(table);
    while (matcher.find()) {
      named++;
      String method = " " + matcher.group(2) + "(";
      if (!sources.getOrDefault(matcher.group(1), "").contains(method)) {
        missing.add(matcher.group());
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThanOrEqualTo(38);
    for (int row = 1; row <= 38; row++) {
      assertThat(table).contains("\n| " + row + " | ");
    }
  }
}
