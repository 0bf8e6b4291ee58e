package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.desk.LabellingProject.Pair;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.alignmentworkbench.db.prompt.PromptTurnRepository;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// How texts are read at the desk, in a real browser.
class ReadingBrowserIT extends DeskBrowser {
  private static final Pair RICH =
      new Pair(
          "Explain **both** ways.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
          "# Way one\n\n- first $x_1 * x_2$\n- second\n\n```python\nprint('one')\n```",
          "Way *two*: see [the page](https://example.org/way) and ![a picture](https://example.org/p.png).");

  private void next(LabellingProject project) {
    browser.driver().get(url("/label/next?project=" + project.id()));
    part("task");
  }

  private LabellingProject project(Pair... pairs) {
    return LabellingProject.create(jdbc, "Reading", 1, List.of(pairs));
  }

  private void turns(LabellingProject project, List<PromptTurn> turns) {
    new PromptTurnRepository(jdbc).add(Map.of(project.responses().getFirst().promptId(), turns));
  }

  private static PromptTurn turn(PromptTurn.Role role, String text) {
    return new PromptTurn(role, text);
  }

  private String shown(String role) {
    return part(role).getText();
  }

  @ParameterizedTest
  @CsvSource({"1280,light", "1280,dark", "390,light", "390,dark", "320,light"})
  void texts_as_markdown_and_in_turns_are_accessible(int width, String theme) throws Exception {
    LabellingProject project = project(RICH);
    turns(
        project,
        List.of(
            turn(PromptTurn.Role.SYSTEM, "Answer **briefly**."),
            turn(PromptTurn.Role.USER, "## What\n\nis `it`?"),
            turn(PromptTurn.Role.ASSISTANT, "> It is\n> 42.\n\n1. so\n2. and so"),
            turn(PromptTurn.Role.USER, RICH.prompt())));
    new GuidelineRepository(jdbc).publish(project.id(), "1. Read **all** turns.\n2. Then judge.");
    browser.width(width);
    signIn();
    next(project);
    browser.theme(theme);
    browser.screenshot("reading-" + width + "-" + theme);
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.scrollsSideways()).isFalse();
    assertThat(browser.axeViolations()).isEmpty();
    browser.complaints();
  }

  @Test
  void a_conversation_is_shown_in_turns_and_folded_only_by_choice() {
    LabellingProject project = project(RICH);
    String late =
        IntStream.range(0, 400).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    turns(
        project,
        List.of(
            turn(PromptTurn.Role.SYSTEM, "Be kind."),
            turn(PromptTurn.Role.USER, "First question"),
            turn(PromptTurn.Role.ASSISTANT, late),
            turn(PromptTurn.Role.USER, "Last question")));
    browser.width(1280);
    signIn();
    next(project);
    assertThat(browser.driver().findElements(By.className("said-role")))
        .extracting(WebElement::getText)
        .containsExactly("System", "User", "Assistant", "User");
    // Nothing is cut: the longest turn is there to its last word without a press.
    assertThat(shown("prompt")).contains("word0 ", "word399", "Last question");
    press("c");
    assertThat(shown("prompt"))
        .contains("First question", "Last question")
        .doesNotContain("word399");
    assertThat(browser.driver().findElements(By.cssSelector("[data-role=said] > details[open]")))
        .hasSize(1);
    part("fold").click();
    assertThat(shown("prompt")).contains("word399");
    String source = browser.driver().getPageSource();
    assertThat(LabellingProject.SECRETS).noneMatch(source::contains);
  }

  @Test
  void plain_text_is_a_press_away_and_stays_for_the_person() {
    LabellingProject project = project(RICH);
    browser.width(1280);
    String name = signIn();
    next(project);
    assertThat(shown("answer-left") + shown("answer-right"))
        .contains("Way one", "$x_1 * x_2$", "the page (https://example.org/way)")
        .contains("![a picture](https://example.org/p.png)")
        .doesNotContain("# Way one");
    press("m");
    until("kept", () -> kept(name));
    assertThat(shown("answer-left") + shown("answer-right"))
        .contains(RICH.first().replace("\n\n", "\n").lines().findFirst().orElseThrow())
        .contains("Way *two*: see [the page](https://example.org/way)");
    browser.driver().navigate().refresh();
    assertThat(shown("prompt")).contains("Explain **both** ways.");
    assertThat(part("raw-toggle").getAttribute("aria-pressed")).isEqualTo("true");
    part("raw-toggle").click();
    assertThat(shown("prompt")).contains("Explain both ways.");
    until("kept", () -> !kept(name));
  }

  private boolean kept(String name) {
    return jdbc.sql(
            "select raw from person_setting s join person p on p.id = s.person_id where username = ?")
        .param(name)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  @Test
  void a_key_that_is_pressed_while_typing_changes_nothing() {
    LabellingProject project = project(RICH);
    browser.width(1280);
    signIn();
    next(project);
    press("r");
    press("mc");
    assertThat(part("raw-toggle").getAttribute("aria-pressed")).isEqualTo("false");
    assertThat(browser.driver().findElement(By.id("reason")).getAttribute("value")).isEqualTo("mc");
  }

  @Test
  void each_block_is_written_in_its_own_direction_and_code_left_to_right() {
    LabellingProject project =
        project(
            new Pair(
                "Translate this.\n\nترجم هذا النص إلى الإنجليزية.\n\n```\nint عدد = 1;\n```",
                "שלום עולם\n\n- אחת\n- two\n\nand an English line",
                "«مرحبا» means `hello`.\n\nHello is `مرحبا`."));
    browser.width(1280);
    signIn();
    next(project);
    assertThat(directions("prompt", "p")).containsExactly("ltr", "rtl");
    assertThat(directions("prompt", "pre, code")).containsOnly("ltr");
    List<String> both = new java.util.ArrayList<>(directions("answer-left", "p, li"));
    both.addAll(directions("answer-right", "p, li"));
    // One answer: Hebrew, a Hebrew item, an English item, English; the other: Arabic first,
    // English.
    assertThat(both).containsExactlyInAnyOrder("rtl", "rtl", "ltr", "ltr", "rtl", "ltr");
    assertThat(directions("answer-right", "code")).containsOnly("ltr");
    press("m");
    // As they are, each line finds its own side: where it begins tells.
    assertThat(
            browser
                .driver()
                .executeScript(
                    "return getComputedStyle(document.querySelector('[data-role=prompt] [data-role=raw]')).unicodeBidi"))
        .isEqualTo("plaintext");
  }

  @SuppressWarnings("unchecked")
  private List<String> directions(String role, String selector) {
    return (List<String>)
        browser
            .driver()
            .executeScript(
                "return [...document.querySelector(`[data-role=${arguments[0]}] [data-role=markdown]`)"
                    + ".querySelectorAll(arguments[1])].map((e) => getComputedStyle(e).direction)",
                role,
                selector);
  }

  @Test
  void a_text_of_megabytes_is_shown_to_its_end_and_the_keys_answer() {
    // Some 2 MB in half a million words, on one line: far beyond what is read as Markdown.
    String words =
        IntStream.range(0, 500_000).mapToObj(i -> "w" + i % 100).collect(Collectors.joining(" "));
    LabellingProject project = project(new Pair("Long", words + " end-of-one", "short"));
    browser.width(1280);
    signIn();
    next(project);
    String source = browser.driver().getPageSource();
    assertThat(source).contains("end-of-one");
    // One node of text, not one for each word.
    assertThat(
            (Long)
                browser.driver().executeScript("return document.querySelectorAll('main *').length"))
        .isLessThan(600);
    press("7");
    assertThat(
            browser
                .driver()
                .findElement(By.cssSelector("input[name=strength]:checked"))
                .getAttribute("value"))
        .isEqualTo("3");
    assertThat(browser.scrollsSideways()).isFalse();
  }

  @Test
  void no_text_runs_loads_or_takes_a_part_of_the_page() throws Exception {
    String all =
        Files.readString(Path.of("src/test/resources/reading/vectors.txt"))
            .replace("\\n", "\n")
            .replace("\n", "\n\n");
    LabellingProject project = project(new Pair(all, "left\n\n" + all, "right\n\n" + all));
    turns(
        project,
        List.of(turn(PromptTurn.Role.USER, all), turn(PromptTurn.Role.ASSISTANT, "a\n\n" + all)));
    new GuidelineRepository(jdbc).publish(project.id(), all);
    browser
        .driver()
        .executeCdpCommand(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of("source", "window.xss = () => { window.taken = true; };"));
    browser.width(1280);
    signIn();
    next(project);
    for (int i = 0; i < 2; i++) {
      assertThat(browser.driver().executeScript("return window.taken === true")).isEqualTo(false);
      assertThat(
              browser
                  .driver()
                  .executeScript(
                      "return performance.getEntriesByType('resource').map((e) => e.name)"
                          + ".filter((n) => new URL(n).origin !== location.origin)"))
          .isEqualTo(List.of());
      // A script that the policy has to stop would be a complaint.
      assertThat(browser.complaints()).isEmpty();
      assertThat(
              browser
                  .driver()
                  .executeScript(
                      "return [document.getElementById('judgement').tagName,"
                          + " document.querySelectorAll('[data-role=submit]').length,"
                          + " document.querySelectorAll('main form').length,"
                          + " document.forms.judgement.elements.key.value.length]"))
          .asString()
          .isEqualTo("[FORM, 1, 4, 36]");
      press("m");
    }
  }
}
