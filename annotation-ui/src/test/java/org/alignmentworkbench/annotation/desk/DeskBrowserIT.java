package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignmentworkbench.annotation.desk.LabellingProject.Pair;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

class DeskBrowserIT extends DeskBrowser {
  private static final List<Pair> PAIRS =
      List.of(
          new Pair(
              "Summarise this thread in at most two sentences and name the day.\n\nMara: The lab is closed on Thursday, the floor is being redone.\nJonas: Then I move the calibration to Friday, 9:00. Can you bring the reference weights?\nMara: Yes. I need the key from you, though.\nJonas: It is in my drawer, left side.",
              "The lab is closed on Thursday, so Jonas moves the calibration to Friday at 9:00. Mara brings the reference weights and takes the key from his drawer.",
              "Mara and Jonas talk about the lab. The lab is closed because the floor is being redone, and there are several things they need to think about, such as the calibration, the weights and the key, which is in a drawer somewhere, and they will probably meet later in the week to discuss everything in more detail."),
          new Pair(
              "Reply in a friendly tone: «هل يمكنك إرسال التقرير اليوم؟»",
              "بالتأكيد! سأرسل التقرير قبل الساعة الخامسة.",
              "Sure, I will send the report before five."),
          new Pair(
              "Extract the place and the time as JSON.\nMessage: Dinner at Luigi's, half past seven.",
              "{\"place\": \"Luigi's\", \"time\": \"19:30\"}",
              "{\"place\": \"Luigi's\"}"),
          new Pair(
              "List three things to bring.",
              "- tent\n- stove\n- rope",
              "Tent, stove, rope and also a very_long_identifier_without_any_break_in_it_that_must_not_push_the_page_wider_than_the_screen_is_at_all"));

  private long slot() {
    return Long.parseLong(part("task").getAttribute("data-slot"));
  }

  private void next(LabellingProject project) {
    browser.driver().get(url("/label/next?project=" + project.id()));
    part("task");
  }

  private void fillByKeys() {
    press("2");
    for (int row = 0; row < 4; row++) {
      press("e");
      press("o");
    }
  }

  private LabellingProject project(int overlap) {
    LabellingProject project = LabellingProject.create(jdbc, "Assistant, round", overlap, PAIRS);
    new GuidelineRepository(jdbc)
        .publish(
            project.id(),
            "Prefer the answer you would rather have sent.\n\n1. It does what was asked, all of it.\n2. It says only what the message supports.\n3. It is as short as the content allows.\n4. It harms nobody.\n\nWhen both fail, prefer the one whose failure costs the reader less.");
    return project;
  }

  @ParameterizedTest
  @CsvSource({"1280,light", "1280,dark", "390,light", "390,dark"})
  void every_page_is_accessible_and_keeps_to_the_policy(int width, String theme) throws Exception {
    LabellingProject project = project(2);
    browser.width(width);
    signIn();
    browser.theme(theme);
    next(project);
    look("task", width, theme);
    fillByKeys();
    look("task-filled", width, theme);
    press("?");
    look("task-help", width, theme);
    press(Keys.ESCAPE);
    part("skip").click();
    look("task-skip", width, theme);
    part("submit").click();
    until("next", () -> browser.driver().getCurrentUrl().contains("after=saved"));
    browser.screenshot("task-second-" + width + "-" + theme);
    browser.driver().get(url("/label"));
    look("label", width, theme);
    browser.driver().get(url("/label/done"));
    browser.driver().findElement(By.cssSelector("td details summary")).click();
    look("done", width, theme);
  }

  private void look(String name, int width, String theme) throws Exception {
    browser.theme(theme);
    browser.screenshot(name + "-" + width + "-" + theme);
    // Before axe, which adds a style of its own that the policy blocks.
    assertThat(browser.complaints()).as(name).isEmpty();
    assertThat(browser.scrollsSideways()).as(name).isFalse();
    assertThat(browser.axeViolations()).as(name).isEmpty();
    browser.complaints();
  }

  @Test
  void ten_pairs_are_labelled_without_a_mouse() {
    List<Pair> pairs = new java.util.ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pairs.add(new Pair("Question " + i, "One answer", "Another answer"));
    }
    LabellingProject project = LabellingProject.create(jdbc, "By keyboard", 1, pairs);
    browser.width(1280);
    signIn();
    next(project);
    for (int i = 0; i < 10; i++) {
      String before = part("task").getAttribute("data-slot");
      fillByKeys();
      press("r");
      press("Because 1 is 2, q!", Keys.chord(Keys.CONTROL, Keys.ENTER));
      until(
          "the next pair",
          () ->
              !browser.driver().getCurrentUrl().endsWith("/label/" + before)
                  && !browser.driver().getCurrentUrl().contains("/label/" + before + "?"));
    }
    assertThat(browser.driver().getCurrentUrl()).endsWith("/label");
    assertThat(
            jdbc.sql(
                    """
                    select case when j.a_left then j.strength else - j.strength end
                      || j.reason
                      || (j.grades -> case when j.a_left then 'a' else 'b' end ->> 'harmlessness')
                      || (j.grades -> case when j.a_left then 'b' else 'a' end ->> 'concision')
                      || (j.active_ms > 0)
                    from judgement j
                    join task t on t.id = j.task_id
                    where t.project_id = ?
                    """)
                .param(project.id())
                .query(String.class)
                .list())
        // Digits and letters typed into the reason did not press anything.
        .hasSize(10)
        .containsOnly("-3Because 1 is 2, q!21true");
    assertThat(browser.complaints()).isEmpty();
  }

  /// A page that goes says what it asked since its judgement was sent; the one that comes says how
  /// often it was led on. How far the project is, it asks for when the pair is there.
  @Test
  void the_next_pair_follows_the_answer_to_a_judgement_and_nothing_is_waited_or_asked_for() {
    LabellingProject project = LabellingProject.create(jdbc, 4, 1);
    browser.width(1280);
    signIn();
    next(project);
    for (int i = 0; i < 3; i++) {
      String before = part("task").getAttribute("data-slot");
      fillByKeys();
      browser
          .driver()
          .executeScript(
              """
              performance.clearResourceTimings();
              addEventListener("pagehide", () => sessionStorage.setItem("asked", performance
                .getEntriesByType("resource").map((entry) => new URL(entry.name).pathname)
                .filter((path) => !path.endsWith("/draft")).join(" ")));
              """);
      press(Keys.chord(Keys.CONTROL, Keys.ENTER));
      until(
          "the next pair",
          () ->
              parts("task").size() == 1 && !before.equals(part("task").getAttribute("data-slot")));
      assertThat(browser.driver().executeScript("return sessionStorage.getItem('asked')"))
          .isEqualTo("/label/" + before);
      assertThat(
              browser
                  .driver()
                  .executeScript(
                      """
                      const [way] = performance.getEntriesByType("navigation");
                      const asked = performance.getEntriesByType("resource")
                        .filter((entry) => !/^\\/(css|js|icons|webjars|favicon|label\\/progress)/.test(new URL(entry.name).pathname));
                      return way.redirectCount + " " + asked.map((entry) => entry.name).join(" ");
                      """))
          .isEqualTo("1 ");
    }
  }

  @Test
  void keys_can_be_switched_off_and_stay_off() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    part("shortcuts").click();
    browser.driver().executeScript("document.activeElement.blur()");
    press("2");
    assertThat(checked("strength")).isEmpty();
    browser.driver().navigate().refresh();
    press("2");
    assertThat(checked("strength")).isEmpty();
    part("shortcuts").click();
    browser.driver().executeScript("document.activeElement.blur()");
    press("7");
    assertThat(checked("strength")).containsExactly("3");
  }

  private List<String> checked(String name) {
    return browser
        .driver()
        .findElements(By.cssSelector("input[name='" + name + "']:checked"))
        .stream()
        .map(radio -> radio.getAttribute("value"))
        .toList();
  }

  @Test
  void a_draft_is_saved_shown_as_saved_and_there_again_after_a_reload() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    press("6");
    press("w");
    press("r");
    press("half a thought");
    until("saved", () -> part("status").getText().startsWith("Draft saved "));
    until("all of it saved", () -> draft().contains("half a thought"));
    browser.driver().navigate().refresh();
    assertThat(part("status").getText()).startsWith("Draft restored, saved ");
    assertThat(checked("strength")).containsExactly("2");
    assertThat(checked("left.instructionFollowing")).containsExactly("1");
    assertThat(browser.driver().findElement(By.id("reason")).getAttribute("value"))
        .isEqualTo("half a thought");
    assertThat(localCopies()).isZero();
  }

  private String draft() {
    return jdbc.sql("select body::text from draft where slot_id = ?")
        .param(slot())
        .query(String.class)
        .optional()
        .orElse("");
  }

  private long localCopies() {
    return (Long)
        browser
            .driver()
            .executeScript(
                "return Object.keys(localStorage).filter(k => k.startsWith('workbench.draft') && k.endsWith('.' + arguments[0])).length",
                slot());
  }

  @Test
  void nothing_is_lost_when_the_session_ends_in_between() {
    LabellingProject project = project(1);
    browser.width(1280);
    String name = signIn();
    next(project);
    String page = browser.driver().getWindowHandle();
    browser.driver().manage().deleteAllCookies();
    press("r");
    press("typed after the end");
    until("told", () -> part("session-dialog").isDisplayed());
    assertThat(localCopies()).isEqualTo(1);
    part("session-retry").click();
    assertThat(part("session-dialog").isDisplayed()).isTrue();

    browser.driver().switchTo().newWindow(org.openqa.selenium.WindowType.TAB);
    signIn(name);
    browser.driver().close();
    browser.driver().switchTo().window(page);
    part("session-retry").click();
    until("saved", () -> part("status").getText().startsWith("Draft saved "));
    assertThat(draft()).contains("typed after the end");
    assertThat(localCopies()).isZero();
    press(Keys.ESCAPE);
    fillByKeys();
    press(Keys.ENTER);
    until(
        "submitted with the new session",
        () -> browser.driver().getCurrentUrl().contains("after=saved"));
    browser.complaints();
  }

  @Test
  void a_submit_while_the_server_is_out_of_reach_keeps_everything_and_goes_through_later() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    fillByKeys();
    offline(true);
    press(Keys.ENTER);
    until("told", () -> part("failure").isDisplayed());
    assertThat(part("submit").getAttribute("aria-disabled")).isEqualTo("false");
    assertThat(localCopies()).isEqualTo(1);
    offline(false);
    press(Keys.ENTER);
    until("submitted", () -> browser.driver().getCurrentUrl().contains("after=saved"));
    assertThat(count(project)).isEqualTo(1);
    browser.complaints();
  }

  private void offline(boolean on) {
    browser.driver().executeCdpCommand("Network.enable", java.util.Map.of());
    browser
        .driver()
        .executeCdpCommand(
            "Network.emulateNetworkConditions",
            java.util.Map.of(
                "offline", on, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  private long count(LabellingProject project) {
    return jdbc.sql(
            "select count(*) from judgement j join task t on t.id = j.task_id where t.project_id = ?")
        .param(project.id())
        .query(Long.class)
        .single();
  }

  @Test
  void leaving_asks_only_while_something_is_unsaved() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    assertThat(asksToStay()).isFalse();
    offline(true);
    press("r");
    press("not saved yet");
    assertThat(asksToStay()).isTrue();
    offline(false);
    until("saved", () -> part("status").getText().startsWith("Draft saved "));
    assertThat(asksToStay()).isFalse();
    browser.complaints();
  }

  /// What a browser asks its page before it leaves it; a driver answers the question by itself.
  private boolean asksToStay() {
    return Boolean.TRUE.equals(
        browser
            .driver()
            .executeScript(
                "const leaving = new Event('beforeunload', { cancelable: true });"
                    + " dispatchEvent(leaving); return leaving.defaultPrevented;"));
  }

  @Test
  void an_impatient_hand_makes_one_judgement() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    fillByKeys();
    browser
        .driver()
        .executeScript(
            "const b = document.querySelector('[data-role=submit]'); b.click(); b.click(); b.click();");
    until("submitted", () -> browser.driver().getCurrentUrl().contains("after=saved"));
    assertThat(count(project)).isEqualTo(1);
  }

  @Test
  void a_pair_that_went_to_somebody_else_says_so_and_keeps_the_text() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    long other =
        jdbc.sql("select id from person where username = ?")
            .param(LabellingProject.person(jdbc, Role.ANNOTATOR))
            .query(Long.class)
            .single();
    jdbc.sql("update slot set leased_by = ? where id = ?").param(other).param(slot()).update();
    press("r");
    press("too late");
    until("told", () -> part("lease-warning").isDisplayed());
    assertThat(part("lease-text").getText()).startsWith("This task has gone to somebody else");
    assertThat(browser.driver().findElement(By.id("reason")).getAttribute("value"))
        .isEqualTo("too late");
    assertThat(localCopies()).isEqualTo(1);
    browser.driver().executeScript("localStorage.clear()");
    browser.complaints();
  }

  @Test
  void an_incomplete_judgement_is_not_sent_and_what_is_missing_is_focused() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    press("2");
    press(Keys.ENTER);
    assertThat(browser.driver().switchTo().activeElement().getAttribute("name"))
        .isEqualTo("left.instructionFollowing");
    assertThat(count(project)).isZero();
  }

  @Test
  void a_skip_asks_why_and_leads_on() {
    LabellingProject project = project(1);
    browser.width(1280);
    signIn();
    next(project);
    long slot = slot();
    press("s");
    assertThat(browser.driver().switchTo().activeElement().getAttribute("name")).isEqualTo("why");
    press(Keys.ARROW_DOWN);
    press(Keys.TAB);
    press("word for word", Keys.ENTER);
    until("the next pair", () -> browser.driver().getCurrentUrl().contains("after=skipped"));
    assertThat(slot()).isNotEqualTo(slot);
    assertThat(
            jdbc.sql(
                    "select reason from skip s join slot l on l.task_id = s.task_id where l.id = ?")
                .param(slot)
                .query(String.class)
                .single())
        .isEqualTo("same: word for word");
  }
}
