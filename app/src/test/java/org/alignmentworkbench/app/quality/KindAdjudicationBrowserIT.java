package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.KindAdjudications;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// A lead decides one task of each kind by keyboard alone, in a real browser.
class KindAdjudicationBrowserIT {
  private static RunningServer server;
  private static AnsweredKinds answered;
  private static HeadlessChromium browser;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    server = new RunningServer("--workbench.worker=false");
    answered = new AnsweredKinds(server);
    server.person("lena", Role.LEAD);
    browser = new HeadlessChromium();
    browser.width(1280);
    browser.driver().get(server.url() + "/sign-in");
    browser.driver().findElement(By.id("username")).sendKeys("lena");
    browser.driver().findElement(By.id("password")).sendKeys(RunningServer.PASSWORD);
    browser.driver().findElement(By.cssSelector("main button")).click();
    browser.until("signed in", () -> browser.driver().getCurrentUrl().endsWith("/projects"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  private static String address(String kind) {
    return server.url()
        + "/projects/"
        + answered.projectId
        + "/adjudication/kinds/"
        + answered.task(kind);
  }

  private static void press(CharSequence... keys) {
    browser.driver().switchTo().activeElement().sendKeys(keys);
  }

  /// Opens the disputed task of a kind, presses keys, gives a reason and keeps the decision.
  private static Answer decide(String kind, CharSequence... keys) {
    browser.driver().get(address(kind));
    return keep(kind, "decided by keys", keys);
  }

  private static Answer keep(String kind, String reason, CharSequence... keys) {
    for (CharSequence key : keys) {
      press(key);
    }
    press(Keys.ESCAPE);
    press("r");
    press(reason);
    press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser.until(
        "decided", () -> browser.driver().getCurrentUrl().contains("/adjudication/kinds?setup="));
    assertThat(browser.text("main .notice")).contains("Decided.");
    assertThat(browser.complaints()).isEmpty();
    return KindJson.answer(
        server
            .database()
            .jdbc()
            .sql(
                """
                select d.answer::text
                from adjudication d
                where d.task_id = ? and d.reason like '%' || ?
                """)
            .params(answered.task(kind), reason)
            .query(String.class)
            .single());
  }

  @Test
  void one_task_of_each_kind_is_decided_by_keys() {
    assertThat(decide("GRADE", "3"))
        .isInstanceOfSatisfying(
            Answer.Graded.class, graded -> assertThat(graded.levels()).containsEntry("tone", 2));
    assertThat(decide("CHOICE", "7"))
        .isEqualTo(new Answer.Chosen(Answer.Choice.PREFERS, 3, List.of(0, 1)));
    assertThat(decide("RANK", "2", "1")).isEqualTo(new Answer.Ranked(List.of(2, 1), List.of(0, 1)));
    // From the beginning of the text, three characters to the right.
    assertThat(
            decide(
                "SPAN",
                "t",
                Keys.chord(Keys.CONTROL, Keys.HOME),
                Keys.chord(Keys.SHIFT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT),
                "2"))
        .isEqualTo(new Answer.Marked(List.of(new Answer.Passage(0, 3, "Rude"))));
    assertThat(decide("DEMONSTRATION", "2")).isEqualTo(new Answer.Written("Pitch a tent."));
    assertThat(decide("EDIT", "1"))
        .isInstanceOfSatisfying(
            Answer.Edited.class, edited -> assertThat(edited.text()).endsWith(" Yes."));
  }

  /// By Tab to the last judge's answer, which the form then holds, with the focus in it.
  private static void start(String kind) throws Exception {
    browser.driver().get(address(kind));
    browser.driver().executeScript("document.getElementById('reason').value = 'Half a reason: '");
    while (!focused("#said tr:last-child [data-role=start]")) {
      press(Keys.TAB);
      assertThat(focused("#reason")).as("no way by Tab in " + kind).isFalse();
    }
    press(Keys.ENTER);
    assertThat(browser.text("[data-role=started]"))
        .startsWith("Started from the answer of Judge 2.");
    assertThat(focused("#judgement :is(input, textarea)")).isTrue();
    assertThat(browser.driver().getCurrentUrl()).as("in place").isEqualTo(address(kind));
    browser.screenshot("decision-started-" + kind);
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.axeViolations()).isEmpty();
    // What axe itself tries in vain.
    browser.complaints();
  }

  private static boolean focused(String selector) {
    return Boolean.TRUE.equals(
        browser
            .driver()
            .executeScript("return document.activeElement.matches(arguments[0])", selector));
  }

  private static Answer said(String kind) {
    return new KindAdjudications(server.database().jdbc())
        .said(answered.task(kind))
        .getLast()
        .answer();
  }

  /// The answer of the second of the two people is taken over as it is, of a grade it is amended.
  @Test
  void a_decision_starts_from_a_judges_answer_by_keys() throws Exception {
    String reason = "as Judge 2 says";
    for (String kind : List.of("CHOICE", "RANK", "SPAN")) {
      start(kind);
      Answer kept = keep(kind, reason);
      // In the task's own order, whichever the judge saw.
      assertThat(KindJson.write(kept).replaceAll("\"shown\":[^]]*]", ""))
          .isEqualTo(KindJson.write(said(kind)).replaceAll("\"shown\":[^]]*]", ""));
    }
    start("GRADE");
    assertThat(said("GRADE")).isEqualTo(new Answer.Graded(new LinkedHashMap<>(Map.of("tone", 0))));
    assertThat(keep("GRADE", reason, "2"))
        .isEqualTo(new Answer.Graded(new LinkedHashMap<>(Map.of("tone", 1))));
    assertThat(browser.complaints()).isEmpty();
  }

  /// The page is asked anew then, and Enter in the form keeps the decision all the same.
  @Test
  void without_scripts_a_decision_starts_from_a_judges_answer_and_the_reason_stays() {
    browser
        .driver()
        .executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    try {
      browser.driver().get(address("GRADE"));
      browser.driver().findElement(By.id("reason")).sendKeys("without a script");
      browser.driver().findElement(By.cssSelector("#said tbody tr:last-child button")).click();
      browser.until("started", () -> browser.driver().getCurrentUrl().endsWith("#decide"));
      assertThat(browser.text("[data-role=started]")).contains("Judge 2");
      browser.driver().findElement(By.cssSelector("#judgement input:checked")).sendKeys(Keys.ENTER);
      browser.until(
          "decided", () -> browser.driver().getCurrentUrl().contains("/adjudication/kinds?setup="));
    } finally {
      browser
          .driver()
          .executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    }
    browser.driver().get(address("GRADE"));
    assertThat(browser.text("#decisions li")).contains("Tone: rude", "without a script");
  }

  /// Tab and the arrows, which need no shortcut, and the button for no answer.
  @Test
  void without_shortcuts_the_form_is_a_form_and_no_answer_can_be_had() {
    browser.driver().get(address("GRADE"));
    browser.driver().findElement(By.id("reason")).sendKeys("unreadable");
    press(Keys.TAB, Keys.TAB);
    assertThat(browser.driver().switchTo().activeElement().getText())
        .isEqualTo("No answer can be had");
    press(Keys.ENTER);
    browser.until(
        "decided", () -> browser.driver().getCurrentUrl().contains("/adjudication/kinds?setup="));
    browser.driver().get(address("GRADE"));
    assertThat(browser.text("#decisions li")).contains("No answer can be had", "unreadable");
    // Without a level nothing is kept, and the browser says so at the field.
    press("r");
    press("a reason");
    press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    assertThat(browser.driver().getCurrentUrl()).isEqualTo(address("GRADE"));
    assertThat(
            browser
                .driver()
                .executeScript(
                    "return document.querySelector('[data-role=decision]').matches(':invalid')"))
        .isEqualTo(true);
    assertThat(browser.complaints()).isEmpty();
  }
}
