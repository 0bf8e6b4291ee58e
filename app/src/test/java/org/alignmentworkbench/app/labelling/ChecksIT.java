package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.web.Trail;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.GoldRepository;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.db.task.Task;
import org.alignmentworkbench.db.task.TaskRepository;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A lead checks people, and they are told no more than they may know, over HTTP.
class ChecksIT {
  private static RunningServer server;
  private static Person lena;
  private static Person ann;
  private static Person ben;
  private static Browser leading;
  private static Browser judging;
  private static Browser engineering;
  private static Browser looking;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    lena = server.person("lena", Role.LEAD);
    ann = server.person("ann", Role.ANNOTATOR);
    ben = server.person("ben", Role.ANNOTATOR);
    server.person("edda", Role.ENGINEER);
    server.person("vera", Role.VIEWER);
    leading = server.signedIn("lena");
    judging = server.signedIn("ann");
    engineering = server.signedIn("edda");
    looking = server.signedIn("vera");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Thirty comparisons; of the first twelve it is known that B is the better answer.
  @BeforeEach
  void aProject() {
    var jdbc = server.database().jdbc();
    jdbc.sql("update project set state = 'FINISHED'").update();
    project = TestProject.create(jdbc, 30);
    project.makeTasks(jdbc, 1);
    for (Task task : new TaskRepository(jdbc).page(project.id(), "", 12)) {
      new GoldRepository(jdbc)
          .set(task.id(), new GoldRepository.Known(true, false), lena.id(), Instant.now());
    }
  }

  private String path() {
    return "/projects/" + project.id() + "/checks";
  }

  private static Map<String, String> fields(String... changes) {
    Map<String, String> fields =
        new HashMap<>(
            Map.of(
                "checkPercent", "30",
                "repeatPercent", "20",
                "passPercent", "70",
                "passAfter", "4",
                "below", "STOP",
                "qualifyCount", "0",
                "qualifyPercent", "60"));
    for (int i = 0; i < changes.length; i += 2) {
      fields.put(changes[i], changes[i + 1]);
    }
    return fields;
  }

  private Document page(Browser browser) {
    var answer = browser.get(path());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  private Claim claim(Person person) {
    return server
        .bean(Queue.class)
        .claim(project.id(), person.id(), Instant.now(), Duration.ofMinutes(10));
  }

  private void judge(Person person, ClaimedSlot slot, boolean forB) {
    boolean aLeft =
        server
            .database()
            .jdbc()
            .sql("select a_left from slot where id = ?")
            .param(slot.slotId())
            .query(Boolean.class)
            .single();
    var grades = new Grades(1, 1, 1, 1);
    server
        .bean(Queue.class)
        .submit(
            new Submission(
                slot.slotId(),
                person.id(),
                UUID.randomUUID(),
                aLeft == forB ? 2 : -2,
                grades,
                grades,
                "",
                1000,
                0,
                false),
            Instant.now());
  }

  private void work(Person person, int most, boolean forB) {
    for (int i = 0; i < most && claim(person) instanceof Claim.Claimed(ClaimedSlot slot); i++) {
      judge(person, slot, forB);
    }
  }

  @Test
  void a_lead_sets_the_checks_and_what_cannot_be_is_told() {
    assertThat(page(leading).select("#checkPercent").val()).isEqualTo("5");
    assertThat(page(leading).text()).contains("Comparisons with a known answer: 12");
    assertThat(leading.post(path(), fields("agreementShown", "true")).statusCode()).isEqualTo(302);
    Document kept = page(leading);
    assertThat(kept.select("main .notice").text()).contains("Kept.");
    assertThat(kept.select("#checkPercent").val()).isEqualTo("30");
    assertThat(kept.select("#below option[selected]").val()).isEqualTo("STOP");
    assertThat(kept.selectFirst("input[name=agreementShown]").hasAttr("checked")).isTrue();
    assertThat(Trail.lastChange(server.bean(AuditRepository.class)).action())
        .isEqualTo("checks.rule");

    Document refused =
        Jsoup.parse(leading.post(path(), fields("checkPercent", "51", "passAfter", "many")).body());
    assertThat(refused.select("#rule-problems p").eachText())
        .containsExactly(
            "Checks, percent of pairs: must be a whole number from 0 to 50, was “51”.",
            "Holds after so many: must be a whole number from 1 to 1,000, was “many”.");
    assertThat(refused.select("#passAfter").val()).isEqualTo("many");
    assertThat(page(leading).select("#checkPercent").val()).isEqualTo("30");

    assertThat(page(engineering).select("main form button")).isEmpty();
    assertThat(engineering.post(path(), fields()).statusCode()).isEqualTo(404);
    assertThat(looking.get(path()).statusCode()).isEqualTo(404);
    assertThat(judging.get(path()).statusCode()).isEqualTo(404);
  }

  @Test
  void who_finds_too_few_is_stopped_with_figures_until_the_lead_decides() {
    leading.post(path(), fields("agreementShown", "true"));
    while (claim(ann) instanceof Claim.Claimed(ClaimedSlot slot)) {
      judge(ann, slot, false);
    }
    Document desk = Jsoup.parse(judging.get("/label").body());
    assertThat(desk.select("[data-role=queue]").attr("data-state")).isEqualTo("closed");
    assertThat(desk.select("[data-role=standing]").text())
        .isEqualTo(
            "You found 0 of 4 known answers, fewer than this project asks for. Nothing is dealt"
                + " to you here until a lead decides.");
    assertThat(desk.select("[data-role=next]")).isEmpty();
    // Wilson's interval of 0 of 4: 0 to 0.4899 (research table's formula, z = 1.959964).
    Document people = page(leading);
    String row = people.select("tr[data-person-id=" + ann.id() + "]").text();
    assertThat(row).contains("Stopped: 0 of 4. Decide.", "0 of 4 0.0 – 49.0 %");
    assertThat(
            leading
                .post(path() + "/people/" + ann.id(), Map.of("decision", "LET_IN", "note", "ok"))
                .statusCode())
        .isEqualTo(302);
    assertThat(page(leading).select("tr[data-person-id=" + ann.id() + "]").text())
        .contains("Works", "Let in by Shown lena", "ok");
    assertThat(Trail.lastChange(server.bean(AuditRepository.class)).detail()).contains("LET_IN");
    assertThat(claim(ann)).isInstanceOf(Claim.Claimed.class);
    assertThat(leading.post(path() + "/people/999999", Map.of("decision", "STOP")).statusCode())
        .isEqualTo(404);
    assertThat(leading.post(path() + "/people/" + ann.id(), Map.of("decision", "BAN")).statusCode())
        .isEqualTo(400);
    assertThat(
            engineering
                .post(path() + "/people/" + ann.id(), Map.of("decision", "STOP"))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void who_fails_the_qualification_reads_so_and_is_asked_again_by_the_lead() {
    leading.post(path(), fields("qualifyCount", "5"));
    Document before = Jsoup.parse(judging.get("/label").body());
    assertThat(before.select("[data-role=standing]").text()).startsWith("Qualification: 0 of 5");
    work(ann, 5, false);
    Document failed = Jsoup.parse(judging.get("/label").body());
    assertThat(failed.select("[data-role=standing]").text())
        .isEqualTo(
            "In the qualification you found 0 of 5 known answers, fewer than this project asks"
                + " for. A lead decides whether you are let in or asked again.");
    assertThat(judging.get("/label/next?project=" + project.id()).statusCode()).isEqualTo(302);
    assertThat(judging.get("/label").body()).contains("notice-warn", "you found 0 of 5");
    leading.post(path() + "/people/" + ann.id(), Map.of("decision", "ASK_AGAIN"));
    work(ann, 5, true);
    assertThat(Jsoup.parse(judging.get("/label").body()).select("[data-role=standing]")).isEmpty();
    assertThat(page(leading).select("tr[data-person-id=" + ann.id() + "]").text())
        .contains("5 of 10");
  }

  /// The pages of every kind of pair, texts and numbers of the pair itself taken out, are the same.
  @Test
  void nothing_that_is_sent_tells_a_check_or_a_repeat_from_work() {
    leading.post(path(), fields("below", "NOTHING", "repeatPercent", "40"));
    work(ben, 22, true);
    // Ann has judged enough to be shown something again.
    var jdbc = server.database().jdbc();
    new TaskRepository(jdbc)
        .make(
            project.id(),
            2,
            9,
            1,
            new java.util.ArrayList<>(
                java.util.stream.IntStream.range(0, 30)
                    .mapToObj(i ->
                        new org.alignmentworkbench.db.task.Comparison(
                            project.prompts().get(i).id(),
                            project.responses().get(2 * i + 1).id(),
                            project.responses().get(2 * i).id()))
                    .toList()));
    // From here on there is always something before that could be taken back.
    work(ann, 1, true);
    Map<String, Set<String>> shapes = new HashMap<>();
    while (claim(ann) instanceof Claim.Claimed(ClaimedSlot slot)) {
      String purpose =
          jdbc.sql("select purpose from slot where id = ?")
              .param(slot.slotId())
              .query(String.class)
              .single();
      var answer = judging.get("/label/" + slot.slotId());
      assertThat(answer.statusCode()).isEqualTo(200);
      String headers = new TreeSet<>(answer.headers().map().keySet()).toString();
      String json = judging.get("/label/" + slot.slotId() + ".json").body();
      for (String sent : List.of(answer.body(), json, headers)) {
        // A session's token is drawn, and may hold any short word.
        String words = sent.replaceAll("[A-Za-z0-9_-]{60,}", "");
        assertThat(words.toLowerCase(java.util.Locale.ROOT))
            .doesNotContain("gold", "repeat", "qualify", "purpose", "known answer", "dealt");
      }
      Document page = Jsoup.parse(answer.body());
      page.select(".text, .notice").forEach(element -> element.text(""));
      shapes
          .computeIfAbsent(purpose, _ -> new TreeSet<>())
          .add(
              headers
                  + page.body()
                      .html()
                      .replaceAll("[0-9]+|[0-9a-f]{8}-[0-9a-f-]+", "#")
                      .replaceAll("(value|content)=\"[^\"]*\"", ""));
      judge(ann, slot, true);
    }
    assertThat(shapes.keySet()).containsExactlyInAnyOrder("WORK", "CHECK", "REPEAT");
    assertThat(shapes.get("CHECK")).isEqualTo(shapes.get("WORK"));
    assertThat(shapes.get("REPEAT")).isEqualTo(shapes.get("WORK"));
    // The list of own judgements holds all of them alike.
    String done =
        judging
            .get("/label/done")
            .body()
            .replaceAll("[A-Za-z0-9_-]{60,}", "")
            .toLowerCase(java.util.Locale.ROOT);
    assertThat(done).doesNotContain("gold", "repeat", "known answer");
  }
}
