package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Rectangle;

/// The desk in the language that is written from right to left.
class LanguageBrowserIT extends DeskBrowser {
  private void choose(String language) {
    browser.driver().findElement(By.cssSelector(".foot button[value=" + language + "]")).click();
    until("in " + language, () -> language.equals(html("lang")));
  }

  private String html(String attribute) {
    return browser.driver().findElement(By.tagName("html")).getAttribute(attribute);
  }

  private Rectangle place(String selector) {
    return browser.driver().findElement(By.cssSelector(selector)).getRect();
  }

  @Test
  void a_choice_holds_for_the_person_wherever_they_sign_in() {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    String name = LabellingProject.person(jdbc, Role.ANNOTATOR);
    browser.width(1280);
    signIn(name);
    assertThat(html("dir")).isEqualTo("ltr");
    browser.driver().get(url("/label/next?project=" + project.id()));
    String task = browser.driver().getCurrentUrl();
    choose("ar");
    // The same page, from right to left.
    assertThat(browser.driver().getCurrentUrl()).isEqualTo(task);
    assertThat(html("dir")).isEqualTo("rtl");
    assertThat(browser.driver().findElement(By.tagName("h1")).getText())
        .isEqualTo("أيّ الإجابتين أفضل؟");
    // Another browser: no cookie, the person's choice alone.
    signIn(name);
    assertThat(html("lang")).isEqualTo("ar");
    choose("en");
    assertThat(html("dir")).isEqualTo("ltr");
  }

  @Test
  void left_stays_left_and_the_rest_of_the_page_mirrors() {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    browser.width(1280);
    signIn(LabellingProject.person(jdbc, Role.ANNOTATOR));
    browser.driver().get(url("/label/next?project=" + project.id()));
    Rectangle brand = place(".brand");
    choose("ar");
    assertThat(place(".brand").getX()).isGreaterThan(640).isNotEqualTo(brand.getX());
    for (String pair : List.of(".answer", ".scale", ".grade")) {
      String plain = pair.equals(".scale") ? ".scale-" : pair + "-";
      assertThat(place(plain + "left").getX()).as(pair).isLessThan(place(plain + "right").getX());
    }
    // The keys 1 to 8 lie from left to right on a keyboard, and so do the steps they stand for.
    @SuppressWarnings("unchecked")
    List<Number> steps =
        (List<Number>)
            browser
                .driver()
                .executeScript(
                    "return [...document.querySelectorAll('input[name=strength]')]"
                        + ".map((e) => e.getBoundingClientRect().x)");
    assertThat(steps.stream().map(Number::doubleValue).toList()).isSorted().hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({"1280,light", "390,dark", "320,light"})
  void pages_from_right_to_left_are_accessible_and_fit(int width, String theme) throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    browser.width(width);
    signIn(LabellingProject.person(jdbc, Role.ANNOTATOR));
    choose("ar");
    for (String path : List.of("/label/next?project=" + project.id(), "/label", "/label/done")) {
      browser.driver().get(url(path));
      browser.theme(theme);
      browser.screenshot("ar-" + path.replaceAll("[^a-z]+", "-") + width + "-" + theme);
      assertThat(browser.complaints()).as(path).isEmpty();
      assertThat(browser.scrollsSideways()).as(path).isFalse();
      assertThat(browser.axeViolations()).as(path).isEmpty();
      browser.complaints();
    }
  }

  @Test
  void before_any_choice_the_browsers_own_languages_decide() throws Exception {
    // Of those a browser would rather have, the first that there are words for.
    Map<String, String> asked =
        Map.of("ar-EG,en;q=0.5", "ar", "fr,ar;q=0.8,en;q=0.5", "ar", "en,ar", "en", "fr", "en");
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (var each : asked.entrySet()) {
        String page =
            client
                .send(
                    HttpRequest.newBuilder(URI.create(url("/error")))
                        .header("Accept", "text/html")
                        .header("Accept-Language", each.getKey())
                        .build(),
                    BodyHandlers.ofString())
                .body();
        assertThat(page).as(each.getKey()).contains("<html lang=\"" + each.getValue() + "\"");
      }
    }
  }
}
