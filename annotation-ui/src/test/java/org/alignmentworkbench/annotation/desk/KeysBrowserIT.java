package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignmentworkbench.annotation.desk.LabellingProject.Pair;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// A person's own keys, from the page where they are chosen to the desk, without a mouse.
class KeysBrowserIT extends DeskBrowser {
  /// In a browser that knows nothing of this person.
  @Override
  void signIn(String name) {
    browser.driver().get(url("/login"));
    browser.driver().executeScript("localStorage.clear()");
    super.signIn(name);
  }

  private WebElement focused() {
    return browser.driver().switchTo().activeElement();
  }

  /// Walks there by Tab alone, as somebody without a mouse does.
  private void tabTo(String id) {
    for (int steps = 0; !id.equals(focused().getAttribute("id")); steps++) {
      assertThat(steps).as("steps to %s", id).isLessThan(80);
      press(Keys.TAB);
    }
  }

  private void change(String key, String to) {
    tabTo("key." + key);
    press(Keys.chord(Keys.CONTROL, "a"), to);
  }

  private LabellingProject project() {
    return LabellingProject.create(
        jdbc,
        "Keys",
        1,
        List.of(
            new Pair("Question", "The lab is closed today.", "The lab is open today."),
            new Pair("Question two", "One", "Other")));
  }

  private void next(LabellingProject project) {
    browser.driver().get(url("/label/next?project=" + project.id()));
    part("task");
  }

  private boolean skipOpen() {
    return part("skip-panel").getAttribute("open") != null;
  }

  @Test
  void own_keys_are_chosen_shown_and_pressed_without_a_mouse_and_go_with_the_person() {
    LabellingProject project = project();
    browser.width(1280);
    String name = signIn();
    browser.driver().get(url("/label/keys"));
    change("s", "x");
    press(Keys.ENTER);
    until("kept", () -> browser.driver().getPageSource().contains("Your keys are kept."));
    next(project);
    assertThat(part("skip").findElement(By.tagName("kbd")).getText()).isEqualTo("x");
    press("s");
    assertThat(skipOpen()).isFalse();
    press("x");
    assertThat(skipOpen()).isTrue();
    signIn(name);
    next(project);
    assertThat(part("skip").findElement(By.tagName("kbd")).getText()).isEqualTo("x");
    // And back again, by the button.
    browser.driver().get(url("/label/keys"));
    browser.driver().findElement(By.name("default")).sendKeys(Keys.ENTER);
    until("kept", () -> browser.driver().getPageSource().contains("Your keys are kept."));
    next(project);
    press("s");
    assertThat(skipOpen()).isTrue();
  }

  @Test
  void a_key_that_is_taken_is_refused_by_name_and_nothing_is_kept() {
    browser.width(1280);
    String name = signIn();
    browser.driver().get(url("/label/keys"));
    change("s", "r");
    press(Keys.ENTER);
    until(
        "told",
        () -> !browser.driver().findElements(By.cssSelector("[aria-invalid=true]")).isEmpty());
    WebElement field = browser.driver().findElement(By.id("key.s"));
    assertThat(field.getAttribute("value")).isEqualTo("r");
    assertThat(field.getAttribute("aria-invalid")).isEqualTo("true");
    assertThat(
            browser.driver().findElement(By.id(field.getAttribute("aria-describedby"))).getText())
        .isEqualTo("“r” is also the key of: Write a reason.");
    assertThat(browser.axeViolations()).isEmpty();
    long person = new PersonRepository(jdbc).findByUsername(name).orElseThrow().id();
    assertThat(new PersonSettingRepository(jdbc).of(person).keys()).isEmpty();
    browser.complaints();
  }

  @Test
  void keys_that_were_switched_off_are_off_in_any_browser() {
    LabellingProject project = project();
    browser.width(1280);
    String name = signIn();
    next(project);
    part("shortcuts").sendKeys(Keys.ENTER);
    long person = new PersonRepository(jdbc).findByUsername(name).orElseThrow().id();
    until("kept", () -> !new PersonSettingRepository(jdbc).of(person).shortcuts());
    signIn(name);
    next(project);
    press("s");
    assertThat(skipOpen()).isFalse();
    assertThat(part("shortcuts").getAttribute("aria-pressed")).isEqualTo("false");
  }

  @Test
  void the_words_in_which_answers_differ_are_marked_by_a_key_and_the_answers_come_back() {
    LabellingProject project =
        LabellingProject.create(
            jdbc,
            "Differences",
            1,
            List.of(
                new Pair(
                    "Q", "The lab is **closed** <b>today</b>.", "The lab is open <b>today</b>.")));
    browser.width(1280);
    signIn();
    next(project);
    press("d");
    until("marked", () -> part("answers").getAttribute("class").contains("differing"));
    List<String> marked =
        browser.driver().findElements(By.cssSelector(".difference mark")).stream()
            .map(WebElement::getText)
            .toList();
    assertThat(marked).containsExactlyInAnyOrder("**closed**", "open");
    assertThat(part("difference-left").getText() + part("difference-right").getText())
        .contains("The lab is **closed** <b>today</b>.", "The lab is open <b>today</b>.");
    assertThat(part("differ").getAttribute("aria-pressed")).isEqualTo("true");
    assertThat(browser.axeViolations()).isEmpty();
    browser.complaints();
    part("differ").sendKeys(Keys.ENTER);
    until("as before", () -> part("answer-left").isDisplayed());
    assertThat(browser.driver().findElement(By.className("difference")).isDisplayed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1280,light", "390,dark", "320,light"})
  void the_page_of_keys_is_accessible_and_fits(int width, String theme) throws Exception {
    browser.width(width);
    signIn();
    browser.driver().get(url("/label/keys"));
    browser.theme(theme);
    browser.screenshot("keys-" + width + "-" + theme);
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.scrollsSideways()).isFalse();
    assertThat(browser.axeViolations()).isEmpty();
    browser.complaints();
  }
}
