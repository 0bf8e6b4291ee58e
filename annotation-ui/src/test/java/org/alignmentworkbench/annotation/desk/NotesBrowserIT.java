package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.note.AnswerOutcome;
import org.alignmentworkbench.db.note.Note;
import org.alignmentworkbench.db.note.NoteKind;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;

/// Flags, questions and comments by keyboard, and the answers to them.
class NotesBrowserIT extends DeskBrowser {
  @Autowired private Notes notes;

  private String begin(long project) {
    browser.width(1280);
    String name = signIn();
    browser.driver().get(url("/label/next?project=" + project));
    part("task");
    return name;
  }

  private Note only(long project) {
    List<Note> all = notes.ofProject(project, null, null, Long.MAX_VALUE, 10);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private long lead() {
    return new PersonRepository(jdbc)
        .findByUsername(LabellingProject.person(jdbc, Role.LEAD))
        .orElseThrow()
        .id();
  }

  @Test
  void a_task_is_flagged_by_keys_and_stays_in_hand() {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    begin(project.id());
    String task = part("task").getAttribute("data-slot");
    press("3");
    press("f");
    // The kind is marked already: a flag. Down twice: broken text is the second reason.
    press(Keys.TAB, Keys.ARROW_DOWN);
    press(Keys.TAB);
    press("Cut off after <b>two</b> words \uD83D\uDC4D");
    press(Keys.TAB, Keys.ENTER);
    until("noted", () -> part("note-said").getText().startsWith("Noted"));
    until("shown", () -> part("own-notes").getText().contains("Flag: Broken text"));
    assertThat(part("own-notes").getText()).contains("Cut off after <b>two</b> words", "Open");
    assertThat(part("task").getAttribute("data-slot")).isEqualTo(task);
    assertThat(browser.driver().findElement(By.id("note-text")).getAttribute("value")).isEmpty();
    Note note = only(project.id());
    assertThat(note.kind()).isEqualTo(NoteKind.FLAG);
    assertThat(note.held()).isTrue();
    // Keys do what they did, and the strength is there still.
    press(Keys.ESCAPE);
    assertThat(
            browser
                .driver()
                .findElement(By.cssSelector("input[name=strength]:checked"))
                .getAttribute("value"))
        .isEqualTo("-2");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void a_question_without_words_is_not_sent_and_its_answer_comes_to_desk_and_task() {
    WorkProject project =
        WorkProject.create(
            jdbc, new Question.Edit(), 1, List.of(new WorkProject.Item("Question", "As it was.")));
    String name = begin(project.id());
    press("f");
    press(Keys.ARROW_DOWN);
    press(Keys.TAB, Keys.TAB, Keys.ENTER);
    until("refused", () -> part("note-problem").isDisplayed());
    assertThat(part("note-problem").getText()).startsWith("Not sent");
    assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
        .isEqualTo("note-text");
    browser.complaints();
    press("May I change the tone?");
    press(Keys.TAB, Keys.ENTER);
    until("noted", () -> part("note-said").getText().startsWith("Noted"));
    assertThat(part("note-panel").getText()).doesNotContain("What is wrong");
    String task = browser.driver().getCurrentUrl();
    Note note = only(project.id());
    assertThat(
            notes.answer(
                project.id(),
                note.id(),
                lead(),
                UUID.randomUUID(),
                "Yes, do.",
                false,
                Instant.now()))
        .isEqualTo(AnswerOutcome.KEPT);
    browser.driver().get(url("/label"));
    assertThat(part("answered").getText()).contains("A lead has answered you.");
    browser.driver().get(task);
    assertThat(part("note-panel").getAttribute("open")).isNotNull();
    assertThat(part("note-reply").getText()).contains("Yes, do.");
    assertThat(part("own-notes").getText()).contains("New", "Answered");
    // It was shown.
    browser.driver().get(url("/label"));
    assertThat(parts("answered")).isEmpty();
    browser.driver().get(url("/label/notes"));
    assertThat(part("note").getText()).contains("May I change the tone?", "Yes, do.", "Question");
    part("note").findElement(By.tagName("summary")).sendKeys(Keys.ENTER);
    part("note").findElement(By.tagName("textarea")).sendKeys("Thank you.");
    press(Keys.TAB, Keys.ENTER);
    until("added", () -> part("note").getText().contains("Thank you."));
    assertThat(browser.complaints()).isEmpty();
    long person = new PersonRepository(jdbc).findByUsername(name).orElseThrow().id();
    assertThat(notes.unseen(person)).isZero();
  }

  @Test
  void a_judgement_is_commented_on_afterwards() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    String name = LabellingProject.person(jdbc, Role.ANNOTATOR);
    try (DeskVisitor ada = new DeskVisitor(port, name);
        DeskVisitor ben = new DeskVisitor(port, LabellingProject.person(jdbc, Role.ANNOTATOR))) {
      long slot = ada.claim(project.id());
      long judgement =
          DeskVisitor.json(ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 2)))
              .get("judgement")
              .asLong();
      String key = UUID.randomUUID().toString();
      Map<String, String> comment =
          Map.of("judgement", "" + judgement, "text", "Close call.", "key", key);
      assertThat(ben.postForm("/label/notes", comment, "text/html").statusCode()).isEqualTo(404);
      for (int time = 0; time < 2; time++) {
        assertThat(ada.postForm("/label/notes", comment, "text/html").statusCode()).isEqualTo(302);
      }
      Note note = only(project.id());
      assertThat(note.kind()).isEqualTo(NoteKind.COMMENT);
      assertThat(note.body()).isEqualTo("Close call.");
      String own = ada.page("/label/notes").body();
      assertThat(own).contains("Close call.");
      LabellingProject.SECRETS.forEach(secret -> assertThat(own).doesNotContain(secret));
      assertThat(ben.page("/label/notes").body()).doesNotContain("Close call.");
      assertThat(
              ben.postForm(
                      "/label/notes/" + note.id() + "/replies",
                      Map.of("text", "x", "key", UUID.randomUUID().toString()),
                      "text/html")
                  .statusCode())
          .isEqualTo(404);
      Map<String, String> late =
          Map.of("slot", "" + slot, "text", "late", "key", UUID.randomUUID().toString());
      assertThat(ada.postForm("/label/notes", late, "text/html").statusCode())
          .as("not in hand any more")
          .isEqualTo(404);
      String done = ada.page("/label/done").body();
      assertThat(done).contains("name=\"judgement\" value=\"" + judgement + "\"");
    }
  }

  @Test
  void a_desk_that_was_empty_says_that_work_has_come_without_a_reload() {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    begin(project.id());
    jdbc.sql(
            "update slot set leased_by = null, leased_until = null, done = true where project_id = ?")
        .param(project.id())
        .update();
    browser.driver().get(url("/label"));
    assertThat(parts("next")).isEmpty();
    assertThat(part("news").isDisplayed()).isFalse();
    browser.driver().executeScript("document.body.dataset.same = 'yes'");
    // Work that is not for them says nothing: the project is restricted to others.
    LabellingProject closed = LabellingProject.create(jdbc, 1, 1);
    jdbc.sql("update project set restricted = true where id = ?").param(closed.id()).update();
    long person =
        jdbc.sql("select max(id) from person where role = 'ANNOTATOR'").query(Long.class).single();
    assertThat(new org.alignmentworkbench.db.task.News(jdbc).waiting(person, Instant.now()))
        .isFalse();
    jdbc.sql("update slot set done = false where project_id = ?").param(project.id()).update();
    // As in a tab that is not looked at.
    browser
        .driver()
        .executeScript(
            "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden', configurable: true});");
    until("told", () -> part("news-work").isDisplayed());
    assertThat(browser.driver().getTitle()).startsWith("(1) ");
    assertThat(part("news-said").getAttribute("textContent")).isEqualTo("New work has come: begin");
    until("the project is shown as it is", () -> parts("next").size() == 1);
    assertThat(browser.driver().findElement(By.tagName("body")).getAttribute("data-same"))
        .isEqualTo("yes");
    browser
        .driver()
        .executeScript(
            "Object.defineProperty(document, 'visibilityState', {get: () => 'visible'});"
                + "document.dispatchEvent(new Event('visibilitychange'));");
    assertThat(browser.driver().getTitle()).doesNotStartWith("(");
    part("news-work").sendKeys(Keys.ENTER);
    until("begun", () -> !parts("task").isEmpty());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void notes_fit_every_width_and_theme_without_a_complaint() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    begin(project.id());
    press("f");
    press(Keys.TAB, Keys.TAB);
    press(
        "a_very_long_identifier_without_any_break_in_it_that_must_not_push_the_page_wider_at_all");
    press(Keys.TAB, Keys.ENTER);
    until("noted", () -> part("note-said").getText().startsWith("Noted"));
    notes.answer(
        project.id(),
        only(project.id()).id(),
        lead(),
        UUID.randomUUID(),
        "شكرا.",
        true,
        Instant.now());
    String task = browser.driver().getCurrentUrl();
    for (String page : List.of(url("/label"), task, url("/label/notes"), url("/label/done"))) {
      browser.driver().get(page);
      for (int width : new int[] {1280, 390, 320}) {
        browser.width(width);
        for (String theme : new String[] {"light", "dark"}) {
          browser.theme(theme);
          browser.screenshot(
              "notes-"
                  + page.replaceAll(".*/label/?", "").replaceAll("[^a-z]", "")
                  + width
                  + theme);
          assertThat(browser.complaints()).isEmpty();
          assertThat(browser.scrollsSideways()).as(page + width).isFalse();
          assertThat(browser.axeViolations()).as(page + width + theme).isEmpty();
          browser.complaints();
        }
      }
    }
  }
}
