package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.TaskRepository;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A round waits for two people, a lead and an annotator: what they cannot give is seen and given
/// up, over HTTP.
class LabellingIT {
  private static final Duration LEASE = Duration.ofMinutes(10);

  private static RunningServer server;
  private static Person lead;
  private static Person annotator;
  private static Browser leading;
  private static Browser judging;
  private static Browser looking;

  private TestProject project;
  private Run round;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    lead = server.person("lena", Role.LEAD);
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

  /// Three comparisons, three judgements of each wanted from two people.
  @BeforeEach
  void aRoundThatWaits() {
    project = TestProject.create(server.database().jdbc(), 3);
    project.makeTasks(server.database().jdbc(), 3);
    RunRepository runs = server.bean(RunRepository.class);
    round =
        runs.create(
            new NewRun(project.id(), "itec-1", "itecRound", "{\"round\":1}", 1, "test", "none"));
    runs.change(round.id(), RunState.RUNNING, "");
    runs.change(round.id(), RunState.WAITING, "waiting for 9 judgements");
  }

  private String path() {
    return "/projects/" + project.id() + "/labelling";
  }

  private Document page(Browser browser) {
    var answer = browser.get(path());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  /// The cells of the round: number, comparisons, judgements, in hand, free, by nobody, given up.
  private List<String> roundCells(Browser browser) {
    return page(browser).select("#rounds tbody tr").first().children().stream()
        .limit(7)
        .map(Element::text)
        .toList();
  }

  private ClaimedSlot claim(Person person) {
    return ((Claim.Claimed)
            new Queue(server.database().jdbc())
                .claim(project.id(), person.id(), Instant.now(), LEASE))
        .slot();
  }

  private void judge(Person person) {
    var grades = new Grades(1, 1, 1, 1);
    new Queue(server.database().jdbc())
        .submit(
            new Submission(
                claim(person).slotId(),
                person.id(),
                UUID.randomUUID(),
                2,
                grades,
                grades,
                "",
                1000,
                1,
                false),
            Instant.now());
  }

  private long missing() {
    return new TaskRepository(server.database().jdbc())
        .progressOfRound(project.id(), 1, Instant.now())
        .missing();
  }

  private AuditEvent lastEvent() {
    return server.bean(AuditRepository.class).latest(1).getFirst();
  }

  @Test
  void what_nobody_can_judge_is_seen_by_all_who_look_and_given_up_by_a_lead() {
    assertThat(roundCells(looking)).containsExactly("1", "3", "0 of 9", "0", "9", "3", "0");
    assertThat(page(looking).select("#stuck tbody tr")).hasSize(3);
    assertThat(page(looking).select("a[href*=close]")).isEmpty();
    assertThat(looking.get(path() + "/close?round=1&onlyByNobody=true").statusCode())
        .isEqualTo(404);
    assertThat(Jsoup.parse(looking.get("/projects/" + project.id()).body()).text())
        .contains("3 judgements can be given by nobody.");

    String ask = page(leading).select("#rounds a[href*=onlyByNobody]").attr("href");
    Document question = Jsoup.parse(leading.get(ask).body());
    assertThat(question.select("h1").text()).isEqualTo("Give up what nobody can judge in round 1");
    assertThat(question.text())
        .contains("To be given up: 3. Judgements that the round has: 0. Being given right now: 0.")
        .contains("This cannot be undone.");
    assertThat(missing()).as("asking closes nothing").isEqualTo(9);
    Element form = question.selectFirst("main form");
    var answer =
        leading.post(
            form.attr("action"),
            Map.of(
                "round", form.select("[name=round]").val(),
                "onlyByNobody", form.select("[name=onlyByNobody]").val()),
            form.select("[name=_csrf]").val());
    assertThat(Browser.location(answer)).endsWith(path());
    Document after = page(leading);
    assertThat(after.select("main .notice").text())
        .isEqualTo("Judgements given up in round 1: 3. The round goes on when no other is wanted.");
    assertThat(roundCells(leading)).containsExactly("1", "3", "0 of 6", "0", "6", "0", "3");
    assertThat(after.select("#stuck")).isEmpty();
    assertThat(missing()).isEqualTo(6);
    assertThat(lastEvent().username()).isEqualTo("lena");
    assertThat(lastEvent().action()).isEqualTo("labelling.close");
    assertThat(lastEvent().subject()).isEqualTo("project " + project.id() + ", round 1");
    assertThat(lastEvent().detail()).contains("\"slots\": 3").contains("\"onlyByNobody\": true");
  }

  @Test
  void a_round_whose_rest_is_given_up_waits_for_nothing_more() {
    judge(annotator);
    judge(lead);
    ClaimedSlot inHand = claim(annotator);
    var closed = leading.post(path() + "/close", Map.of("round", "1"));
    assertThat(closed.statusCode()).isEqualTo(302);
    assertThat(page(leading).select("main .notice").text())
        .isEqualTo(
            "Judgements given up in round 1: 6. Being given right now, and still wanted: 1.");
    assertThat(missing()).isEqualTo(1);
    // What is in hand can still be given; then the round has what it waits for.
    assertThat(judging.get("/label/" + inHand.slotId()).statusCode()).isEqualTo(200);
    judge(annotator);
    assertThat(missing()).isZero();
    assertThat(roundCells(leading)).containsExactly("1", "3", "3 of 3", "0", "0", "0", "6");
    assertThat(page(leading).select("a[href*=close]")).isEmpty();
  }

  @Test
  void a_task_that_everybody_skipped_is_told_with_their_reasons_and_closed_alone() {
    Queue queue = new Queue(server.database().jdbc());
    queue.skip(claim(lead).slotId(), lead.id(), "same: word for word", Instant.now());
    queue.skip(claim(annotator).slotId(), annotator.id(), "cannotJudge", Instant.now());
    Element skipped =
        page(leading).select("#stuck tbody tr").stream()
            .filter(row -> row.child(3).text().equals("2"))
            .findFirst()
            .orElseThrow();
    String key = skipped.child(0).text();
    assertThat(skipped.child(4).text())
        .isEqualTo("The answers say the same: word for word · I cannot judge this");
    assertThat(skipped.child(5).text()).isEqualTo("3");
    Document question =
        Jsoup.parse(leading.get(skipped.selectFirst("a[href*=close]").attr("href")).body());
    assertThat(question.select("h1").text()).isEqualTo("Give up the free judgements of " + key);
    String task = question.select("main form [name=task]").val();
    leading.post(path() + "/close", Map.of("round", "1", "task", task, "onlyByNobody", "false"));
    assertThat(page(leading).select("main .notice").text())
        .startsWith("Judgements given up in round 1: 3.");
    assertThat(roundCells(leading)).containsExactly("1", "3", "0 of 6", "0", "6", "2", "3");
    assertThat(page(leading).select("#stuck tbody tr"))
        .hasSize(2)
        .noneSatisfy(row -> assertThat(row.child(0).text()).isEqualTo(key));
    assertThat(lastEvent().subject())
        .isEqualTo("project " + project.id() + ", round 1, task " + task);
  }

  @Test
  void whoever_held_a_pair_too_long_meets_a_page_and_no_failure_when_it_was_given_up() {
    judge(lead);
    ClaimedSlot late = claim(annotator);
    server
        .database()
        .jdbc()
        .sql("update slot set leased_until = now() - interval '1 minute' where id = :id")
        .param("id", late.slotId())
        .update();
    leading.post(path() + "/close", Map.of("round", "1"));
    assertThat(missing()).isZero();
    var answer = judging.post("/label/" + late.slotId(), Map.of("strength", "2"));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(judging.get("/label/" + late.slotId()).statusCode()).isEqualTo(404);
    var next = judging.get("/label/next?project=" + project.id());
    assertThat(Browser.location(next)).endsWith("/label");
  }

  @Test
  void a_round_without_any_judgement_is_not_given_up_whole() {
    leading.post(path() + "/close", Map.of("round", "1"));
    assertThat(page(leading).select("main .notice").text())
        .isEqualTo(
            "Round 1 would have no judgement to learn from. Stop its run instead, or let somebody"
                + " judge first.");
    assertThat(missing()).isEqualTo(9);
    assertThat(lastEvent().subject()).doesNotContain("project " + project.id() + ",");
  }

  @Test
  void only_leads_close_only_with_their_token_and_only_what_is_there() {
    judge(annotator);
    for (Browser other : List.of(judging, looking)) {
      assertThat(other.post(path() + "/close", Map.of("round", "1")).statusCode()).isEqualTo(404);
    }
    assertThat(leading.post(path() + "/close", Map.of("round", "1"), "forged").statusCode())
        .isEqualTo(403);
    assertThat(leading.post(path() + "/close", Map.of("round", "7")).statusCode()).isEqualTo(404);
    assertThat(leading.post(path() + "/close", Map.of("round", "1", "task", "999999")).statusCode())
        .isEqualTo(404);
    assertThat(leading.post("/projects/424242/labelling/close", Map.of("round", "1")).statusCode())
        .isEqualTo(404);
    assertThat(missing()).isEqualTo(8);
  }
}
