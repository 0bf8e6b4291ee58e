package org.alignmentworkbench.annotation.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageControllerTest {
  @Test
  void the_way_back_stays_on_this_server() {
    for (String here : List.of("/", "/label/12?after=saved", "/projects/3/quality?on=choice")) {
      assertThat(LanguageController.here(here)).as(here).isTrue();
    }
    for (String elsewhere :
        List.of(
            "",
            "label",
            "//evil.example/",
            "/\\evil.example/",
            "https://evil.example/",
            "/a\r\nSet-Cookie: x=y",
            "/a b",
            "/a\\b",
            "javascript:x",
            "/ä")) {
      assertThat(LanguageController.here(elsewhere)).as(elsewhere).isFalse();
    }
  }
}
