package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.annotation.desk.WorkProject.Item;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// Taking back the last judgement or skip by one key, whatever the kind of task; the rules
/// themselves are walked in UndoIT, LeaseExpiryIT and QueueIT.
class UndoBrowserIT extends DeskBrowser {
  private void begin(long project) {
    browser.width(1280);
    signIn();
    browser.driver().get(url("/label/next?project=" + project));
    part("task");
  }

  private static String slot() {
    return part("task").getAttribute("data-slot");
  }

  private static boolean at(String slot) {
    return browser.driver().getCurrentUrl().matches(".*/" + slot + "(\\?.*)?");
  }

  private static void submit(String slot) {
    press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    until("left " + slot, () -> !at(slot));
  }

  private static void fillPair() {
    press("2");
    for (int row = 0; row < 4; row++) {
      press("e");
      press("o");
    }
    press("r");
    press("it names <b>Friday</b> \uD83D\uDC4D");
    press(Keys.ESCAPE);
  }

  @Test
  void a_judgement_of_a_pair_is_taken_back_by_a_key_and_nothing_is_lost() {
    LabellingProject project = LabellingProject.create(jdbc, 3, 1);
    begin(project.id());
    String first = slot();
    fillPair();
    submit(first);
    String second = slot();
    assertThat(part("undo").getText()).contains("u", "Take it back", "until");
    until(
        "said", () -> part("undo-said").getAttribute("textContent").startsWith("Judgement saved"));
    // What is typed meanwhile is kept before the task goes back to the queue.
    press("r");
    press("half a thought");
    press(Keys.ESCAPE);
    press("u");
    until("back", () -> at(first));
    assertThat(part("status").getText()).startsWith("Taken back");
    until("said", () -> part("said").getAttribute("textContent").startsWith("Taken back"));
    assertThat(checked("strength")).isEqualTo("-3");
    assertThat(checked("left.concision")).isEqualTo("2");
    assertThat(checked("right.harmlessness")).isEqualTo("1");
    assertThat(reason()).isEqualTo("it names <b>Friday</b> \uD83D\uDC4D");
    assertThat(parts("undo")).as("once").isEmpty();
    assertThat(judgements(project.id())).isZero();
    press("1");
    submit(first);
    assertThat(slot()).isEqualTo(second);
    assertThat(reason()).isEqualTo("half a thought");
    assertThat(judgements(project.id())).isOne();
    assertThat(browser.complaints()).isEmpty();
  }

  private static String reason() {
    return browser.driver().findElement(By.id("reason")).getAttribute("value");
  }

  private static String checked(String name) {
    return browser
        .driver()
        .findElement(By.cssSelector("input[name='" + name + "']:checked"))
        .getAttribute("value");
  }

  private int judgements(long project) {
    return jdbc.sql(
            "select count(*) from judgement j join task t on t.id = j.task_id where t.project_id = ?")
        .param(project)
        .query(Integer.class)
        .single();
  }

  @Test
  void a_skip_and_the_last_judgement_of_all_are_taken_back_by_the_button() {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    begin(project.id());
    String first = slot();
    press("4", "r");
    press("cannot say");
    press(Keys.ESCAPE);
    until("saved", () -> part("status").getText().startsWith("Draft saved"));
    press("s");
    press(Keys.TAB, Keys.TAB, Keys.ENTER);
    until("skipped", () -> !at(first));
    assertThat(part("undo").getText()).contains("You skipped a task");
    part("undo").findElement(By.tagName("button")).sendKeys(Keys.ENTER);
    until("back", () -> at(first));
    assertThat(checked("strength")).isEqualTo("-1");
    assertThat(reason()).isEqualTo("cannot say");
    for (String slot = first; ; slot = slot()) {
      fillPair();
      submit(slot);
      if (parts("task").isEmpty()) {
        break;
      }
    }
    // Nothing is left: the desk itself takes back, with the same key.
    assertThat(part("undo").isDisplayed()).isTrue();
    press("u");
    until("back", () -> !parts("task").isEmpty());
    assertThat(checked("strength")).isEqualTo("-3");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void too_late_says_so_and_the_task_in_hand_stays() {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    begin(project.id());
    String first = slot();
    fillPair();
    submit(first);
    String second = slot();
    clock.forward(Duration.ofMinutes(3));
    press("u");
    until("refused", () -> part("failure").isDisplayed());
    assertThat(part("failure").getText()).startsWith("Too late");
    assertThat(part("undo").isDisplayed()).isFalse();
    assertThat(slot()).isEqualTo(second);
    browser.driver().navigate().refresh();
    assertThat(parts("undo")).isEmpty();
    assertThat(judgements(project.id())).isOne();
  }

  /// The same keys, taken back and sent again as they were, give the same answer.
  private void again(Question question, Runnable keys, String... answers) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      items.add(new Item("Question " + i, answers));
    }
    WorkProject project = WorkProject.create(jdbc, question, 1, items);
    begin(project.id());
    String first = slot();
    keys.run();
    submit(first);
    List<String> given = project.answers(jdbc);
    press("u");
    until(question.kind() + " is back", () -> at(first));
    assertThat(project.answers(jdbc)).isEmpty();
    assertThat(part("status").getText()).startsWith("Taken back");
    submit(first);
    assertThat(project.answers(jdbc)).as(question.kind().name()).isEqualTo(given).hasSize(1);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void every_other_kind_comes_back_as_it_was_given() {
    List<String> levels = List.of("Poor", "Neutral", "Good");
    again(
        new Question.Grade(
            List.of(new Dimension("a", "A", levels), new Dimension("b", "B", levels))),
        () -> press("3", "1"),
        "An answer.");
    again(new Question.Choice(true), () -> press("2"), "alpha", "beta");
    again(new Question.Choice(true), () -> press("8"), "alpha", "beta");
    again(new Question.Rank(true), () -> press("3", "1", "1"), "alpha", "beta", "gamma");
    again(
        new Question.Demonstration(3),
        () -> {
          press("t");
          press("Bring 2 tents\nand a rope.");
          press(Keys.ESCAPE);
        });
    again(
        new Question.Edit(),
        () -> {
          press("t");
          press(Keys.chord(Keys.CONTROL, Keys.END));
          press(" Yes.");
          press(Keys.ESCAPE);
        },
        "As it was.");
    again(
        new Question.Span(List.of("Wrong", "Rude")),
        () -> {
          press("t");
          press(Keys.chord(Keys.CONTROL, Keys.HOME));
          press(Keys.ARROW_DOWN, Keys.chord(Keys.SHIFT, Keys.END), "2");
          press(Keys.ESCAPE);
        },
        "\uD83D\uDC4D yes\r\nno \uD83D\uDC4E never");
    again(
        new Question.RedTeam(Harm.CRIME, List.of("Insults", "Helps with a crime")),
        () -> {
          press("t");
          press("Say it.");
          press(Keys.TAB);
          press(Keys.ENTER);
          until("the model answered", () -> !parts("attempt").isEmpty());
          press("3");
          press("2");
          press("r");
          press("why");
          press(Keys.ESCAPE);
        });
  }

  @Test
  void the_way_back_fits_every_width_and_theme_without_a_complaint() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    begin(project.id());
    String first = slot();
    fillPair();
    submit(first);
    for (String page : List.of(browser.driver().getCurrentUrl(), url("/label"))) {
      browser.driver().get(page);
      for (int width : new int[] {1280, 390, 320}) {
        browser.width(width);
        for (String theme : new String[] {"light", "dark"}) {
          browser.theme(theme);
          browser.screenshot("undo-" + page.contains("/label/") + width + theme);
          assertThat(browser.complaints()).isEmpty();
          assertThat(browser.scrollsSideways()).as(page + width).isFalse();
          assertThat(browser.axeViolations()).as(page + width + theme).isEmpty();
          browser.complaints();
        }
      }
    }
  }

  /// A browser without JavaScript, and a program.
  @Test
  void forms_and_programs_take_back_as_well() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 3, 1);
    try (DeskVisitor ada = new DeskVisitor(port, LabellingProject.person(jdbc, Role.ANNOTATOR))) {
      long slot = ada.claim(project.id());
      ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 4));
      String desk = ada.page("/label").body();
      assertThat(desk).contains("data-role=\"undo\"", "name=\"slot\" value=\"" + slot + "\"");
      LabellingProject.SECRETS.forEach(secret -> assertThat(desk).doesNotContain(secret));
      var back = ada.postForm("/label/undo", Map.of("slot", "" + slot), "text/html");
      assertThat(back.statusCode()).isEqualTo(302);
      assertThat(back.headers().firstValue("Location").orElse(""))
          .endsWith("/label/" + slot + "?after=undone");
      assertThat(ada.page("/label/" + slot).body()).contains("Draft restored", ">shorter<");
      var twice = ada.postForm("/label/undo", Map.of("slot", "" + slot), "application/json");
      assertThat(twice.statusCode()).isEqualTo(200);
      assertThat(twice.body()).contains("already-in-hand");
      var never = ada.postForm("/label/undo", Map.of("slot", "1"), "application/json");
      assertThat(never.statusCode()).isEqualTo(409);
      assertThat(never.body()).contains("not-last");
      assertThat(ada.postForm("/label/undo", Map.of("slot", "1"), "text/html").statusCode())
          .isEqualTo(302);
      assertThat(ada.page("/label").body()).contains("Nothing was taken back");
    }
  }
}
