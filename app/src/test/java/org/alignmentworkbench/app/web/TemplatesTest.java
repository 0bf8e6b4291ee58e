package org.alignmentworkbench.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.alignmentworkbench.annotation.page.TemplateWords;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  @Test
  void all_words_are_in_the_message_files_and_nothing_breaks_the_policy() throws Exception {
    assertThat(
            TemplateWords.faults(
                List.of(Path.of("src/main/resources/templates")),
                List.of(
                    Path.of("src/main/resources/rooms.properties"),
                    Path.of("../annotation-ui/src/main/resources/messages.properties"))))
        .isEmpty();
  }
}
