package org.alignmentworkbench.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.note.NewNote;
import org.alignmentworkbench.db.note.Note;
import org.alignmentworkbench.db.note.NoteKind;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Queue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// A lead's work in a real browser without a mouse: from the door on, with Tab, letters, arrows and
/// Enter alone.
class KeysAloneIT {
  private static final int FURTHEST = 150;

  private static RunningServer server;
  private static HeadlessChromium browser;
  private static SeededProject seeded;
  private static AnsweredKinds answered;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    server = new RunningServer("--workbench.worker=false");
    seeded = new SeededProject(server);
    answered = new AnsweredKinds(server);
    server.person("lena", Role.LEAD);
    browser = new HeadlessChromium();
    browser.width(1280);
    go("/sign-in");
    tabTo("#username");
    press("lena");
    press(Keys.TAB);
    press(RunningServer.PASSWORD, Keys.ENTER);
    browser.until("in", () -> address().endsWith("/projects"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  private static void go(String path) {
    browser.driver().get(server.url() + path);
  }

  private static String address() {
    return String.valueOf(browser.driver().getCurrentUrl());
  }

  private static void press(CharSequence... keys) {
    browser.driver().switchTo().activeElement().sendKeys(keys);
  }

  /// Presses Tab until the focus is on what a selector names, and sees that it shows there.
  private static void tabTo(String selector) {
    for (int i = 0; i < FURTHEST; i++) {
      boolean there =
          Boolean.TRUE.equals(
              browser
                  .driver()
                  .executeScript("return document.activeElement.matches(arguments[0])", selector));
      if (there) {
        assertThat(
                browser
                    .driver()
                    .executeScript("return document.activeElement.matches(':focus-visible')"))
            .isEqualTo(true);
        return;
      }
      press(Keys.TAB);
    }
    throw new AssertionError("no way by Tab to " + selector + " on " + address());
  }

  private static void waitFor(String words) {
    browser.until(words, () -> browser.text("main").contains(words));
  }

  @Test
  void a_lead_answers_a_question_and_closes_it() {
    Person ann = server.person("ann", Role.ANNOTATOR);
    Instant now = Instant.now();
    long slot =
        ((Claim.Claimed)
                server
                    .bean(Queue.class)
                    .claim(seeded.projectId, ann.id(), now, Duration.ofHours(1)))
            .slot()
            .slotId();
    Notes notes = server.bean(Notes.class);
    notes.ofHeld(
        slot,
        ann.id(),
        new NewNote(UUID.randomUUID(), NoteKind.QUESTION, null, "Is a joke a truth?"),
        now);
    Note asked =
        notes.ofProject(seeded.projectId, false, null, Long.MAX_VALUE, 10).stream()
            .filter(note -> note.personId() == ann.id())
            .findFirst()
            .orElseThrow();
    go("/projects/" + seeded.projectId + "/labelling");
    tabTo("a[href$='/notes']");
    press(Keys.ENTER);
    waitFor("Is a joke a truth?");
    tabTo("a[href$='/notes/" + asked.id() + "']");
    press(Keys.ENTER);
    browser.until("the note", () -> address().endsWith("/notes/" + asked.id()));
    tabTo("#text");
    press("Only where it says so.");
    tabTo("button[name=close]");
    press(Keys.ENTER);
    browser.until("closed", () -> notes.find(seeded.projectId, asked.id()).orElseThrow().closed());
    assertThat(server.signedIn("ann").get("/label/notes").body())
        .contains("Only where it says so.", "Closed");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void a_lead_marks_what_is_known_of_a_graded_task() {
    go(
        "/projects/%d/quality/kinds?setup=%d"
            .formatted(answered.projectId, answered.setups.get("GRADE")));
    String task = "/quality/kinds/tasks/" + answered.taskId;
    tabTo("a[href$='" + task + "']");
    press(Keys.ENTER);
    browser.until("the task", () -> address().endsWith(task));
    tabTo("#known select");
    // Not known, rude, plain, warm.
    press(Keys.ARROW_DOWN);
    press(Keys.ARROW_DOWN);
    tabTo("#known input[name=attention]");
    press(Keys.SPACE);
    tabTo("#known button[type=submit]");
    press(Keys.ENTER);
    browser.until(
        "kept",
        () ->
            server
                    .database()
                    .jdbc()
                    .sql("select count(*) from gold where task_id = :t and attention")
                    .param("t", answered.taskId)
                    .query(Long.class)
                    .single()
                == 1);
    browser.until(
        "shown",
        () ->
            "plain"
                .equals(
                    browser
                        .driver()
                        .executeScript(
                            "return document.querySelector('#known select')?.selectedOptions[0].text")));
    assertThat(browser.complaints()).isEmpty();
  }

  /// From the beginning of the text, three characters to the right, by the keys of annotators.
  @Test
  void a_lead_marks_known_passages() {
    long task = answered.task("SPAN");
    go("/projects/%d/quality/kinds/tasks/%d".formatted(answered.projectId, task));
    press("t");
    press(Keys.chord(Keys.CONTROL, Keys.HOME));
    press(Keys.chord(Keys.SHIFT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT));
    press("2");
    browser.until("marked", () -> browser.text("#known [data-role=marks]").contains("Rude"));
    tabTo("#atLeast");
    press("80");
    press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser.until("kept", () -> knownPassages(task).contains("\"atLeast\": 80"));
    assertThat(knownPassages(task)).contains("\"from\": 0", "\"to\": 3", "\"reason\": \"Rude\"");
    waitFor("Known: “Res” (Rude)");
    tabTo("#known [data-role=unmark]");
    press(Keys.ENTER);
    tabTo("#known [data-role=keep]");
    press(Keys.ENTER);
    waitFor("Known: Nothing marked");
    // Enter alone, where nothing is chosen, keeps and forgets nothing.
    press(Keys.ESCAPE);
    press(Keys.ENTER);
    tabTo("#known [data-role=forget]");
    press(Keys.ENTER);
    waitFor("Nothing is known yet.");
    assertThat(knownPassages(task)).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  private static String knownPassages(long task) {
    return server
        .database()
        .jdbc()
        .sql("select known::text from gold where task_id = :t")
        .param("t", task)
        .query(String.class)
        .optional()
        .orElse("");
  }

  @Test
  void runs_are_found_restarted_and_stopped_where_they_are_listed() {
    go("/runs");
    tabTo("#text");
    press("NaN", Keys.ENTER);
    browser.until("found", () -> address().contains("text=NaN"));
    assertThat(browser.text("#run-list tbody")).contains("mdloo-try").doesNotContain("itec-1");
    String failed = "/runs/" + seeded.failedRun;
    tabTo("form[action$='" + failed + "/restart'] button");
    press(Keys.ENTER);
    waitFor("mdloo-try is queued again");
    assertThat(address()).contains("text=NaN");
    assertThat(server.bean(RunRepository.class).find(seeded.failedRun).orElseThrow().state())
        .isEqualTo(RunState.QUEUED);
    go("/runs?state=QUEUED");
    tabTo("form[action$='" + failed + "/stop'] button");
    press(Keys.ENTER);
    waitFor("mdloo-try was asked to stop");
    assertThat(address()).endsWith("/runs?state=QUEUED");
    assertThat(server.bean(AuditRepository.class).latest(2))
        .extracting(event -> event.action() + " " + event.subject())
        .contains("run.stop run " + seeded.failedRun);
    assertThat(browser.complaints()).isEmpty();
  }
}
