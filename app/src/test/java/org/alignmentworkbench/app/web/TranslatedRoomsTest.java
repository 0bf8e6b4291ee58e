package org.alignmentworkbench.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.alignmentworkbench.annotation.page.TranslatedWords;
import org.junit.jupiter.api.Test;

class TranslatedRoomsTest {
  private static final Path RESOURCES = Path.of("src/main/resources");

  @Test
  void every_word_of_the_rooms_is_there_in_arabic() throws Exception {
    assertThat(
            TranslatedWords.faults(
                RESOURCES.resolve("rooms.properties"),
                RESOURCES.resolve("rooms_ar.properties"),
                // The names of a product and of formats.
                Set.of(
                    "exchange.format.label-studio",
                    "exchange.format.kto",
                    "exchange.format.parquet")))
        .isEmpty();
  }
}
