package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A lead publishes guidelines, an annotator is told of a new one, over HTTP.
class GuidelineIT {
  private static RunningServer server;
  private static Person annotator;
  private static Browser leading;
  private static Browser judging;
  private static Browser looking;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    server.person("lena", Role.LEAD);
    annotator = server.person("ann", Role.ANNOTATOR);
    server.person("vera", Role.VIEWER);
    leading = server.signedIn("lena");
    judging = server.signedIn("ann");
    looking = server.signedIn("vera");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aProject() {
    project = TestProject.create(server.database().jdbc(), 3);
    project.makeTasks(server.database().jdbc(), 1);
  }

  private String path() {
    return "/projects/" + project.id() + "/guideline";
  }

  private Document page(Browser browser) {
    var answer = browser.get(path());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  private Document publish(String body, int version) {
    var answer = leading.post(path(), Map.of("body", body, "version", Integer.toString(version)));
    return answer.statusCode() == 302 ? page(leading) : Jsoup.parse(answer.body());
  }

  private int versions() {
    return server.bean(GuidelineRepository.class).all(project.id()).size();
  }

  @Test
  void a_new_version_is_published_noted_and_read_by_all_who_look() {
    int before = versions();
    Document after = publish("Prefer what is true.\r\nThen what is short.", before);
    assertThat(after.select("main .notice").text())
        .isEqualTo(
            "Version "
                + (before + 1)
                + " is published. Annotators see it from their next pair on.");
    assertThat(after.selectFirst("#body").wholeText())
        .isEqualTo("Prefer what is true.\nThen what is short.");
    AuditEvent event = server.bean(AuditRepository.class).latest(1).getFirst();
    assertThat(event.action()).isEqualTo("guideline.publish");
    assertThat(event.username()).isEqualTo("lena");
    assertThat(event.detail()).contains("\"version\": " + (before + 1));
    assertThat(page(looking).text()).contains("Then what is short.");
    assertThat(page(looking).select("textarea")).isEmpty();
    assertThat(looking.post(path(), Map.of("body", "x", "version", "1")).statusCode())
        .isIn(403, 404);
    assertThat(judging.get(path()).statusCode()).isIn(403, 404);
    assertThat(versions()).isEqualTo(before + 1);
  }

  @Test
  void what_cannot_be_published_is_told_and_what_was_typed_is_kept() {
    int before = versions();
    assertThat(publish("  \n ", before).select("#guideline-problem").text())
        .isEqualTo("A guideline needs a text.");
    assertThat(publish("a\0b", before).select("#guideline-problem").text())
        .contains("NUL character");
    Document tooLong = publish("\uD83D\uDE00".repeat(20_001), before);
    assertThat(tooLong.select("#guideline-problem").text())
        .isEqualTo("A guideline may have 20,000 characters, this one has 20,001.");
    publish("first", before);
    Document overtaken = publish("mine", before);
    assertThat(overtaken.select("#guideline-problem").text())
        .contains("Somebody published version " + (before + 1));
    assertThat(overtaken.selectFirst("#body").wholeText()).isEqualTo("mine");
    assertThat(overtaken.select("input[name=version]").val())
        .isEqualTo(Integer.toString(before + 1));
    assertThat(publish("first", before + 1).select("main .notice").text())
        .isEqualTo("The text is the same as before: nothing was published.");
    assertThat(versions()).isEqualTo(before + 1);
  }

  @Test
  void an_annotator_is_told_of_a_new_version_once_they_have_judged_by_an_older_one() {
    publish("By facts.", versions());
    int first = versions();
    Document fresh = task();
    assertThat(fresh.select("[data-role=guideline-changed]")).isEmpty();
    var grades = new Grades(1, 1, 1, 1);
    new Queue(server.database().jdbc())
        .submit(
            new Submission(
                claim().slotId(),
                annotator.id(),
                UUID.randomUUID(),
                2,
                grades,
                grades,
                "",
                1000,
                first,
                false),
            Instant.now());
    assertThat(task().select("[data-role=guideline-changed]")).isEmpty();
    publish("By facts and brevity.", first);
    Document told = task();
    assertThat(told.select("[data-role=guideline-changed]").text())
        .isEqualTo(
            "The guideline has changed since your last judgement here: you judged by version "
                + first
                + ", now version "
                + (first + 1)
                + " holds. Read it before you go on.");
    assertThat(told.selectFirst("[data-role=guideline]").hasAttr("open")).isTrue();
    assertThat(told.select("[data-role=guideline]").text()).contains("By facts and brevity.");
    assertThat(page(leading).text()).contains("Version " + first + ", judgements: 1");
  }

  private ClaimedSlot claim() {
    return ((Claim.Claimed)
            new Queue(server.database().jdbc())
                .claim(project.id(), annotator.id(), Instant.now(), Duration.ofMinutes(10)))
        .slot();
  }

  private Document task() {
    var answer = judging.get("/label/" + claim().slotId());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }
}
