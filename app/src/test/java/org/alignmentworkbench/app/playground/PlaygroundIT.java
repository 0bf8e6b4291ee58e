package org.alignmentworkbench.app.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.project.ProjectStart;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/// A person talks to the shipped base model, in a real browser.
class PlaygroundIT {
  private static RunningServer server;

  @BeforeAll
  static void open() {
    server = new RunningServer("--workbench.worker=false");
    server.bean(ProjectStart.class).begin("Talk", 1);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void an_answer_streams_and_the_same_seed_gives_it_again() throws Exception {
    assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    Person engineer = server.person("engineer", Role.ENGINEER);
    String link = server.bean(Accounts.class).link(null, engineer, Duration.ofMinutes(5)).value();
    try (HeadlessChromium browser = new HeadlessChromium()) {
      var driver = browser.driver();
      driver.get(server.url() + "/link?token=" + link);
      driver.findElement(By.cssSelector("main button[type=submit]")).click();
      driver.get(server.url() + "/playground");
      assertThat(new Select(driver.findElement(By.id("model"))).getFirstSelectedOption().getText())
          .isEqualTo("base");
      String first = ask(browser, "Say yes to lunch on Friday.", 1);
      assertThat(first).isNotBlank();
      assertThat(driver.findElement(By.id("state")).getText()).contains("tokens/s");
      driver.findElement(By.cssSelector("#prompt summary")).click();
      assertThat(driver.findElement(By.id("prompt-text")).getText())
          .contains("Say yes to lunch on Friday.")
          .contains("<|");
      // A second turn has the first in its prompt.
      ask(browser, "And on Monday?", 2);
      assertThat(driver.findElement(By.id("prompt-text")).getText())
          .contains("Say yes to lunch on Friday.")
          .contains(first.strip())
          .contains("And on Monday?");
      driver.findElement(By.id("clear")).click();
      assertThat(driver.findElements(By.cssSelector(".turn"))).isEmpty();
      assertThat(ask(browser, "Say yes to lunch on Friday.", 1)).isEqualTo(first);
      // What cannot be answered is told, and the message is not lost.
      driver.findElement(By.id("message")).sendKeys("word ".repeat(800));
      driver.findElement(By.id("send")).click();
      browser.until("refused", () -> driver.findElement(By.id("refused")).isDisplayed());
      assertThat(driver.findElement(By.id("refused")).getText()).contains("context holds");
      assertThat(driver.findElement(By.id("message")).getAttribute("value"))
          .startsWith("word word");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /// Sends by the keyboard and waits for the answer's end.
  private static String ask(HeadlessChromium browser, String message, int answers) {
    var driver = browser.driver();
    driver.findElement(By.id("message")).sendKeys(message, Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser.until(
        "an answer to its end",
        () ->
            driver.findElements(By.cssSelector(".turn-assistant")).size() == answers
                && driver.findElement(By.id("send")).isDisplayed());
    List<WebElement> said = driver.findElements(By.cssSelector(".turn-assistant .turn-text"));
    return said.getLast().getText();
  }

  @Test
  void a_question_that_makes_no_sense_is_refused_in_a_sentence() throws Exception {
    server.person("lead", Role.LEAD);
    Browser lead = server.signedIn("lead");
    assertThat(answer(lead, "{}")).startsWith("event:refused").contains("reason");
    String question =
        """
        {"model": "%s", "adapter": "", "system": "", "messages": [{"role": "%s", "content": "x"}],
         "greedy": false, "temperature": %s, "topK": 0, "topP": 1, "minP": 0, "maxTokens": 5, "seed": 1}
        """;
    assertThat(answer(lead, question.formatted("model:99999", "user", "1")))
        .contains("there is no such model");
    assertThat(answer(lead, question.formatted("../../etc", "user", "1")))
        .contains("there is no model '../../etc'");
    assertThat(answer(lead, question.formatted("registered:../x", "user", "1")))
        .contains("there is no registered model '../x'");
    assertThat(answer(lead, question.formatted("model:1", "assistant", "1")))
        .contains("the last message must be a user's");
    assertThat(answer(lead, question.formatted("model:1", "user", "-2"))).contains("temperature");
  }

  private static String answer(Browser browser, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/playground/answers"))
            .timeout(Duration.ofSeconds(60))
            .header("Accept", "text/event-stream")
            .header("Content-Type", "text/plain")
            .header("X-CSRF-TOKEN", browser.csrf("/playground"))
            .POST(BodyPublishers.ofString(body))
            .build();
    return browser.client().send(request, BodyHandlers.ofString()).body();
  }
}
