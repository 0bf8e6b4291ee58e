package org.alignmentworkbench.annotation.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateWordsTest {
  private static final Path TEMPLATES = Path.of("src/main/resources/templates");
  private static final Path MESSAGES = Path.of("src/main/resources/messages.properties");

  @Test
  void every_word_of_a_page_is_in_the_message_file() throws Exception {
    assertThat(TemplateWords.faults(List.of(TEMPLATES), List.of(MESSAGES))).isEmpty();
  }

  @Test
  void every_message_is_used() throws Exception {
    assertThat(TemplateWords.unusedKeys(List.of(Path.of("src/main")), List.of(MESSAGES)))
        // These are put together from a role or a value at run time.
        .allMatch(key ->
            key.matches(
                "(role|reading\\.role|notes\\.(what|reason)|work\\.(title|choice|harm|severity)|label\\.(strength|criterion|grade|skip))\\..+"));
  }

  @Test
  void a_planted_literal_key_style_script_and_handler_are_each_found(@TempDir Path folder)
      throws Exception {
    Path page = folder.resolve("page.html");
    Path words = Files.writeString(folder.resolve("words.properties"), "known=Known\n");
    record Planted(String markup, String fault) {}
    for (Planted planted :
        List.of(
            new Planted("<p>Hello</p>", "words outside the message file"),
            new Planted("<p title=\"Hello\"></p>", "words in title"),
            new Planted("<p th:text=\"#{unknown}\"></p>", "no such message: unknown"),
            new Planted("<p th:text=\"#{unknown(${x})}\"></p>", "no such message: unknown"),
            new Planted("<p th:text=\"${'Save all'}\"></p>", "words in an expression"),
            new Planted("<p style=\"color:red\"></p>", "style attribute"),
            new Planted("<p onclick=\"go()\"></p>", "inline handler"),
            new Planted("<script>go()</script>", "inline script"),
            new Planted("<style>p{}</style>", "style element"),
            new Planted("<p th:utext=\"${x}\"></p>", "th:utext"))) {
      Files.writeString(page, planted.markup());
      assertThat(TemplateWords.faults(List.of(folder), List.of(words)))
          .as(planted.markup())
          .anyMatch(fault -> fault.contains(planted.fault()));
    }
    Files.writeString(page, "<p th:text=\"#{known}\">1</p><script src=\"x.js\"></script>");
    assertThat(TemplateWords.faults(List.of(folder), List.of(words))).isEmpty();
  }
}
