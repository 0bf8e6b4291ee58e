package org.alignmentworkbench.annotation.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Texts that try to become scripts, styles, requests or parts of the page. The check is written
/// apart from the sanitizer: it parses what a browser would get and names what may be in it.
class ScriptedTextTest {
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "a", Set.of("href", "rel", "target", "dir"),
          "ol", Set.of("start", "dir"),
          "", Set.of("dir"));
  private static final Set<String> ELEMENTS =
      Set.of(
          "p",
          "br",
          "hr",
          "h3",
          "h4",
          "h5",
          "h6",
          "ul",
          "ol",
          "li",
          "blockquote",
          "pre",
          "code",
          "em",
          "strong",
          "del",
          "table",
          "thead",
          "tbody",
          "tr",
          "th",
          "td",
          "a",
          "bdi");

  /// One a line, in which `\n` is a line's end, and `\u202e` and its like the sign itself.
  static List<String> vectors() throws Exception {
    return Files.readAllLines(Path.of("src/test/resources/reading/vectors.txt")).stream()
        .map(line ->
            line.replace("\\n", "\n")
                .replace("\\u202e", "\u202e")
                .replace("\\u2028", "\u2028")
                .replace("\\x01", "\u0001"))
        .toList();
  }

  @Test
  void there_are_enough_of_them() throws Exception {
    // A list that lost its lines would pass every other test.
    assertThat(vectors()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void nothing_of_a_text_becomes_more_than_text_and_its_layout(String vector) {
    harmless(vector);
    harmless("before\n\n" + vector + "\n\nafter");
    harmless("- item\n\n  " + vector.replace("\n", "\n  "));
    harmless("> " + vector.replace("\n", "\n> "));
    harmless("**" + vector + "** [x](https://example.org/" + vector + ")");
  }

  private static void harmless(String text) {
    SafeMarkup markup = Markdown.of(text);
    if (markup == null) {
      return;
    }
    Document page = Jsoup.parseBodyFragment("<div id=ours>" + markup.markup() + "</div>");
    Element ours = page.expectFirst("#ours");
    assertThat(page.body().children()).as("it stays in its place: %s", text).containsExactly(ours);
    for (Element element : ours.getAllElements()) {
      if (element == ours) {
        continue;
      }
      String name = element.normalName();
      assertThat(ELEMENTS).as("%s in %s", element, text).contains(name);
      for (Attribute attribute : element.attributes()) {
        assertThat(ALLOWED.getOrDefault(name, ALLOWED.get("")))
            .as("%s in %s", element, text)
            .contains(attribute.getKey());
      }
      if (name.equals("a")) {
        assertThat(element.attr("href"))
            .as(text)
            .matches("(?i)(https?://|mailto:)[^\\s\\p{Cntrl}]+");
        assertThat(element.attr("rel")).contains("noopener", "noreferrer", "nofollow");
        assertThat(element.attr("target")).isEqualTo("_blank");
      }
      if (!element.attr("dir").isEmpty()) {
        assertThat(element.attr("dir")).isIn("auto", "ltr", "rtl");
      }
    }
  }

  @Test
  void the_check_finds_what_a_page_without_a_sanitizer_would_have() {
    // Otherwise it could pass by looking at nothing.
    for (String planted :
        List.of(
            "<script>xss()</script>", "<p onclick=\"xss()\">a</p>", "<p class=\"card\">a</p>")) {
      Element found = Jsoup.parseBodyFragment(planted).body().child(0);
      boolean named = ELEMENTS.contains(found.normalName());
      boolean bare = found.attributes().asList().stream().allMatch(a -> a.getKey().equals("dir"));
      assertThat(named && bare).as(planted).isFalse();
      assertThat(Sanitizer.clean(planted).markup()).doesNotContain("xss", "class", "<script");
    }
  }
}
