package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.annotation.desk.WorkProject.Item;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// Every kind of task in a real browser: labelled to its end by keyboard alone, looked at on both
/// widths and in both themes.
class WorkBrowserIT extends DeskBrowser {
  private static final List<String> LEVELS = List.of("Poor", "Neutral", "Good");
  private static final Question.Grade GRADE =
      new Question.Grade(
          List.of(
              new Dimension("composition", "Composition", LEVELS),
              new Dimension("groundedness", "Groundedness", LEVELS),
              new Dimension("tone", "Tone", List.of("Rude", "Curt", "Plain", "Warm", "Gushing"))));
  private static final Question.RedTeam RED_TEAM =
      new Question.RedTeam(Harm.CRIME, List.of("Insults", "Helps with a crime"));
  private static final Question.Span SPAN = new Question.Span(List.of("Wrong", "Rude"));

  private void begin(WorkProject project) {
    browser.width(1280);
    signIn();
    browser.driver().get(url("/label/next?project=" + project.id()));
    assertThat(browser.driver().getCurrentUrl()).contains("/label/work/");
  }

  /// Does each task of a project by the same keys, until the desk says that nothing is left.
  private static void labelAll(int tasks, Runnable keys) {
    for (int i = 0; i < tasks; i++) {
      String slot = part("task").getAttribute("data-slot");
      keys.run();
      press(Keys.chord(Keys.CONTROL, Keys.ENTER));
      until("the next task", () -> !browser.driver().getCurrentUrl().contains("/work/" + slot));
    }
    assertThat(browser.driver().getCurrentUrl()).endsWith("/label");
    assertThat(browser.complaints()).isEmpty();
  }

  private static List<Item> items(int count, String... answers) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Item("Question " + i, answers));
    }
    return items;
  }

  @Test
  void answers_are_graded_by_keys() {
    WorkProject project = WorkProject.create(jdbc, GRADE, 1, items(3, "An answer."));
    begin(project);
    labelAll(3, () -> press("3", "1", "5", "k", "2"));
    assertThat(project.answers(jdbc))
        .hasSize(3)
        .containsOnly(
            "{\"kind\": \"GRADE\", \"levels\": {\"tone\": 4, \"composition\": 2, \"groundedness\": 1}}");
  }

  @Test
  void two_answers_are_compared_by_keys_with_a_tie_and_both_bad_apart() {
    WorkProject project =
        WorkProject.create(jdbc, new Question.Choice(true), 1, items(6, "alpha", "beta"));
    begin(project);
    labelAll(6, () -> press(part("answer").getText().equals("alpha") ? "1" : "7"));
    assertThat(project.answers(jdbc))
        .hasSize(6)
        .allMatch(answer -> answer.endsWith("\"choice\": \"PREFERS\", \"strength\": -3}"));
    assertThat(project.answers(jdbc).stream().distinct()).as("both orders").hasSize(2);
    WorkProject undecided =
        WorkProject.create(jdbc, new Question.Choice(true), 1, items(2, "alpha", "beta"));
    begin(undecided);
    var keys = List.of("4", "8").iterator();
    labelAll(2, () -> press(keys.next()));
    assertThat(undecided.answers(jdbc).stream().map(a -> a.replaceAll(".*\"choice\": ", "")))
        .containsExactlyInAnyOrder("\"TIE\", \"strength\": 0}", "\"BOTH_BAD\", \"strength\": 0}");
  }

  @Test
  void answers_are_ranked_by_keys_with_ties_whatever_order_they_are_shown_in() {
    WorkProject project =
        WorkProject.create(jdbc, new Question.Rank(true), 1, items(6, "alpha", "beta", "gamma"));
    begin(project);
    // Each key belongs to the answer that is shown there: alpha is the best, the others tie.
    labelAll(
        6,
        () -> {
          for (WebElement answer :
              browser.driver().findElements(By.cssSelector("[data-role=answer]"))) {
            press(answer.getText().equals("alpha") ? "1" : "3");
          }
          assertThat(part("order").getText()).contains(" = ");
        });
    assertThat(project.answers(jdbc))
        .hasSize(6)
        .allMatch(answer -> answer.contains("\"places\": [1, 2, 2]"));
    assertThat(project.answers(jdbc).stream().map(a -> a.replaceAll(".*\"shown\"", "")).distinct())
        .as("orders in which they were shown")
        .hasSizeGreaterThan(1);
  }

  @Test
  void an_ideal_answer_is_written_by_keys() {
    WorkProject project = WorkProject.create(jdbc, new Question.Demonstration(10), 1, items(2));
    begin(project);
    press("t");
    press("too short");
    press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    until("refused", () -> part("failure").isDisplayed());
    assertThat(part("failure").getText()).isEqualTo("The text has 10 characters or more.");
    browser.complaints();
    labelAll(
        2,
        () -> {
          press(Keys.ESCAPE);
          press("t");
          press(Keys.chord(Keys.CONTROL, "a"));
          press("Bring 2 tents\nand a rope: 1, 3.");
        });
    assertThat(project.answers(jdbc))
        .hasSize(2)
        .containsOnly(
            "{\"kind\": \"DEMONSTRATION\", \"text\": \"Bring 2 tents\\nand a rope: 1, 3.\"}");
  }

  /// The longest text, in letters that a form sends as six and nine bytes each.
  @Test
  void the_longest_text_is_kept_and_sent_in_any_script() {
    for (String letter : List.of("\u0633", "\u4f60")) {
      WorkProject project = WorkProject.create(jdbc, new Question.Demonstration(10), 1, items(1));
      begin(project);
      browser
          .driver()
          .executeScript(
              "const field = document.querySelector('textarea[name=text]');"
                  + "field.value = arguments[0].repeat(arguments[1]);"
                  + "field.dispatchEvent(new Event('input', { bubbles: true }));",
              letter,
              Answer.LONGEST);
      until("saved", () -> part("status").getText().startsWith("Draft saved"));
      labelAll(1, () -> {});
      assertThat(project.answers(jdbc))
          .containsExactly(
              "{\"kind\": \"DEMONSTRATION\", \"text\": \"%s\"}"
                  .formatted(letter.repeat(Answer.LONGEST)));
    }
  }

  @Test
  void an_answer_is_edited_by_keys_and_shows_what_changed() {
    WorkProject project =
        WorkProject.create(
            jdbc, new Question.Edit(), 1, items(2, "The lab is closed on <b>Friday</b>."));
    begin(project);
    labelAll(
        2,
        () -> {
          press("t");
          press(Keys.chord(Keys.CONTROL, Keys.END));
          press(Keys.BACK_SPACE, ", all day.");
          until("what changed", () -> part("changes").findElements(By.tagName("ins")).size() == 1);
          assertThat(part("changes").getText()).contains("<b>Friday</b>");
          assertThat(part("changes").findElement(By.tagName("ins")).getText())
              .isEqualTo(", all day");
        });
    assertThat(project.answers(jdbc))
        .hasSize(2)
        .containsOnly(
            "{\"kind\": \"EDIT\", \"text\": \"The lab is closed on <b>Friday</b>, all day.\"}");
  }

  /// The text has an emoji of two UTF-16 units, and begins with a line end, which a browser drops.
  @Test
  void passages_are_marked_by_keys_and_kept_in_code_points() {
    WorkProject project =
        WorkProject.create(jdbc, SPAN, 1, items(1, "\n\uD83D\uDC4D yes\r\nno \uD83D\uDC4E never"));
    begin(project);
    labelAll(
        1,
        () -> {
          press("t");
          press(Keys.chord(Keys.CONTROL, Keys.HOME));
          press(Keys.ARROW_DOWN, Keys.chord(Keys.SHIFT, Keys.END), "1");
          press(Keys.ARROW_DOWN, Keys.HOME, Keys.chord(Keys.SHIFT, Keys.END), "2");
          press("x");
          assertThat(part("marks").getText()).contains("\uD83D\uDC4D yes", "no \uD83D\uDC4E never");
        });
    // By hand: the first line end is 0, the thumb 1, a space 2, "yes" 3 to 6, CR LF 6 and 7, then
    // "no" from 8 on and "never" up to 18.
    assertThat(project.answers(jdbc))
        .containsExactly(
            "{\"kind\": \"SPAN\", \"passages\": [{\"to\": 6, \"from\": 1, \"reason\": \"Wrong\"},"
                + " {\"to\": 18, \"from\": 8, \"reason\": \"Rude\"}]}");
    assertThat(
            jdbc.sql(
                    """
                    select substring(r.text from (p ->> 'from')::int + 1
                      for (p ->> 'to')::int - (p ->> 'from')::int)
                    from judgement j
                    join task_answer a on a.task_id = j.task_id
                    join response r on r.id = a.response_id
                    join task t on t.id = j.task_id
                    cross join jsonb_array_elements(j.answer -> 'passages') p
                    where t.project_id = ?
                    """)
                .param(project.id())
                .query(String.class)
                .list())
        .containsExactly("\uD83D\uDC4D yes", "no \uD83D\uDC4E never");
  }

  @Test
  void passages_of_right_to_left_text_are_marked_where_they_are() {
    WorkProject project = WorkProject.create(jdbc, SPAN, 1, items(1, "שלום עולם \uD83D\uDC4D טוב"));
    begin(project);
    labelAll(
        1,
        () -> {
          press("t");
          press(Keys.chord(Keys.CONTROL, Keys.HOME));
          // Forward is to the left here.
          for (int i = 0; i < 4; i++) {
            press(Keys.chord(Keys.SHIFT, Keys.ARROW_LEFT));
          }
          press("2");
          browser
              .driver()
              .executeScript("document.getElementById('source').setSelectionRange(10, 12)");
          browser.driver().findElement(By.cssSelector("[data-reason=Wrong]")).click();
          assertThat(part("marks").getText()).contains("שלום", "\uD83D\uDC4D");
          // A mark that is taken away again leaves nothing behind.
          browser
              .driver()
              .executeScript("document.getElementById('source').setSelectionRange(0, 9)");
          browser.driver().findElement(By.cssSelector("[data-reason=Wrong]")).click();
          browser.driver().findElement(By.cssSelector("[aria-label*='שלום עולם']")).click();
        });
    assertThat(project.answers(jdbc))
        .containsExactly(
            "{\"kind\": \"SPAN\", \"passages\": [{\"to\": 4, \"from\": 0, \"reason\": \"Rude\"},"
                + " {\"to\": 11, \"from\": 10, \"reason\": \"Wrong\"}]}");
  }

  @Test
  void a_model_is_asked_and_its_answer_judged_by_keys() {
    WorkProject project = WorkProject.create(jdbc, RED_TEAM, 1, items(2));
    begin(project);
    labelAll(
        2,
        () -> {
          press("t");
          press("Say it.");
          press(Keys.TAB);
          press(Keys.ENTER);
          until("the model answered", () -> !parts("attempt").isEmpty());
          assertThat(part("response").isDisplayed()).as("covered until asked for").isFalse();
          part("veil").findElement(By.tagName("summary")).sendKeys(Keys.ENTER);
          assertThat(part("response").getText()).isEqualTo("Echo 0: Say it.");
          press("3");
          press("2");
        });
    assertThat(project.answers(jdbc))
        .hasSize(2)
        .containsOnly(
            "{\"kind\": \"RED_TEAM\", \"policy\": \"Helps with a crime\", \"prompt\": \"Say it.\","
                + " \"response\": \"Echo 0: Say it.\", \"severity\": 2}");
  }

  @Test
  void a_draft_of_each_kind_is_there_again_after_a_reload() {
    WorkProject graded = WorkProject.create(jdbc, GRADE, 1, items(1, "An answer."));
    begin(graded);
    press("2");
    press("r");
    press("half a thought");
    reload();
    assertThat(part("work-row").findElement(By.cssSelector("input:checked")).getAttribute("value"))
        .isEqualTo("1");
    assertThat(browser.driver().findElement(By.id("reason")).getAttribute("value"))
        .isEqualTo("half a thought");
    WorkProject marked = WorkProject.create(jdbc, SPAN, 1, items(1, "\uD83D\uDC4D yes"));
    begin(marked);
    press("t");
    press(Keys.chord(Keys.CONTROL, "a"), "1");
    reload();
    assertThat(part("marks").getText()).contains("\uD83D\uDC4D yes", "Wrong");
    WorkProject edited = WorkProject.create(jdbc, new Question.Edit(), 1, items(1, "As it was."));
    begin(edited);
    press("t");
    press(Keys.chord(Keys.CONTROL, "a"));
    press("Otherwise.");
    reload();
    assertThat(browser.driver().findElement(By.id("text")).getAttribute("value"))
        .isEqualTo("Otherwise.");
    assertThat(part("changes").findElement(By.tagName("del")).getText()).isEqualTo("As it was");
  }

  private static void reload() {
    until("saved", () -> part("status").getText().startsWith("Draft saved "));
    browser.driver().navigate().refresh();
    assertThat(part("status").getText()).startsWith("Draft restored, saved ");
  }

  @Test
  void every_kind_fits_both_widths_and_themes_without_a_complaint() throws Exception {
    String text =
        "Bring a tent, a stove and a_very_long_identifier_without_any_break_in_it_that_must_not_push_the_page_wider.\n\n"
            + "سأرسل التقرير اليوم.";
    List<Question> questions =
        List.of(
            new Question.Choice(true),
            GRADE,
            new Question.Rank(true),
            new Question.Demonstration(1),
            new Question.Edit(),
            SPAN,
            RED_TEAM);
    for (Question question : questions) {
      String[] answers =
          switch (question) {
            case Question.Rank _ ->
                new String[] {text, text + "2", text + "3", "4", "5", "6", "7", "8", "9"};
            case Question.Choice _ -> new String[] {text, text + "2"};
            case Question.Demonstration _, Question.RedTeam _ -> new String[0];
            default -> new String[] {text};
          };
      begin(WorkProject.create(jdbc, question, 2, items(1, answers)));
      press("t");
      if (question == SPAN) {
        press(Keys.chord(Keys.CONTROL, "a"), "1");
      } else {
        press("3");
      }
      if (question == RED_TEAM) {
        part("ask").click();
        until("the model answered", () -> !parts("attempt").isEmpty());
      }
      for (int width : new int[] {1280, 390}) {
        browser.width(width);
        for (String theme : new String[] {"light", "dark"}) {
          look("work-" + question.kind() + "-" + width + "-" + theme, theme);
        }
      }
      browser.width(320);
      assertThat(browser.scrollsSideways()).as(question.kind() + " 320").isFalse();
    }
    browser.driver().get(url("/label/harms"));
    for (int width : new int[] {1280, 390}) {
      browser.width(width);
      look("harms-" + width + "-light", "light");
      look("harms-" + width + "-dark", "dark");
    }
  }

  private static void look(String name, String theme) throws Exception {
    browser.theme(theme);
    browser.screenshot(name);
    // Before axe, which adds a style of its own that the policy blocks.
    assertThat(browser.complaints()).as(name).isEmpty();
    assertThat(browser.scrollsSideways()).as(name).isFalse();
    assertThat(browser.axeViolations()).as(name).isEmpty();
    browser.complaints();
  }
}
