package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.web.Trail;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A lead decides where two people disagree, over HTTP.
class AdjudicationRoomsIT {
  private static RunningServer server;
  private static Person ann;
  private static Person ben;
  private static Browser leading;
  private static Browser engineering;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    ann = server.person("ann", Role.ANNOTATOR);
    ben = server.person("ben", Role.ANNOTATOR);
    server.person("lena", Role.LEAD);
    server.person("edda", Role.ENGINEER);
    leading = server.signedIn("lena");
    engineering = server.signedIn("edda");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Of one comparison Ann says that the left answer is better, and so does Ben, who sees the other
  /// one on the left: they contradict each other.
  @BeforeEach
  void aDispute() {
    project = TestProject.create(server.database().jdbc(), 1);
    project.makeTasks(server.database().jdbc(), 2);
    judge(ann, -3);
    judge(ben, -3);
  }

  private void judge(Person person, int strength) {
    Queue queue = server.bean(Queue.class);
    var claim = queue.claim(project.id(), person.id(), Instant.now(), Duration.ofMinutes(10));
    var grades = new Grades(1, 1, 1, 1);
    queue.submit(
        new Submission(
            ((Claim.Claimed) claim).slot().slotId(),
            person.id(),
            UUID.randomUUID(),
            strength,
            grades,
            grades,
            "because",
            1000,
            0,
            false),
        Instant.now());
  }

  private String path() {
    return "/projects/" + project.id() + "/adjudication";
  }

  private String one() {
    return path()
        + "/"
        + server
            .database()
            .jdbc()
            .sql("select id from task where project_id = ?")
            .param(project.id())
            .query(Long.class)
            .single();
  }

  private static Document page(String path) {
    var answer = leading.get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  private static Map<String, String> decision(Document page, String answer, String reason) {
    Map<String, String> fields = new HashMap<>();
    fields.put("answer", answer);
    fields.put("reason", reason);
    fields.put("named", page.select("input[name=named]").val());
    fields.put(
        "judgement",
        String.join(
            ",",
            page.select("form input[type=hidden][name=judgement]").eachAttr("value").stream()
                .distinct()
                .toList()));
    return fields;
  }

  @Test
  void a_dispute_is_decided_without_names_and_noted() {
    assertThat(page(path()).text()).contains("Waiting: 1. Decided: 0.");
    Document blind = page(one());
    assertThat(blind.select("#said").text()).contains("Judge 1", "Judge 2").doesNotContain("ann");
    assertThat(page(one() + "?named=true").select("#said").text()).contains("Shown ann");
    assertThat(leading.post(one(), decision(blind, "2", " ")).statusCode()).isEqualTo(302);
    assertThat(page(one()).select("main .notice").text()).contains("needs a reason");
    assertThat(leading.post(one(), decision(blind, "7", "x")).statusCode()).isEqualTo(400);
    assertThat(leading.post(one(), decision(blind, "2", "by the source")).statusCode())
        .isEqualTo(302);
    assertThat(page(path()).text()).contains("Waiting: 0. Decided: 1.");
    assertThat(page(one()).text()).contains("by the source", "by Shown lena, names hidden");
    assertThat(Trail.lastChange(server.bean(AuditRepository.class)).action())
        .isEqualTo("quality.adjudicate");
    assertThat(engineering.get(path()).statusCode()).isEqualTo(404);
    assertThat(engineering.post(one(), decision(blind, "2", "x")).statusCode()).isEqualTo(404);
    assertThat(leading.get("/projects/424242/adjudication").statusCode()).isEqualTo(404);
  }

  /// One of the two chose the decided side. Wilson's interval of 1 of 2, by hand with z = 1.959964:
  /// 0.0945 to 0.9055.
  @Test
  void a_decision_is_compared_with_the_judgements_and_leaves_with_them() {
    String root = "/projects/" + project.id();
    assertThat(page(root + "/quality").select("#decided-agreement").text())
        .contains("no judged comparison was decided");
    leading.post(one(), decision(page(one()), "2", "by the =source"));
    Document quality = page(root + "/quality");
    assertThat(quality.select("#decided").text())
        .contains("50.0", "9.5 % to 90.5 %", "of 2 judgements of decided comparisons", "0 without");
    JsonNode json =
        JsonMapper.shared()
            .readTree(
                leading.send("GET", root + "/quality.json", "Accept", "application/json").body())
            .path("decisions");
    assertThat(json.path("comparisons").asInt()).isOne();
    assertThat(json.path("agreement").path("value").asDouble()).isEqualTo(0.5);
    assertThat(json.path("agreement").path("low").asDouble()).isBetween(0.0945, 0.0946);
    assertThat(json.path("agreement").path("n").asInt()).isEqualTo(2);
    leading.post(root + "/judgements/exports", Map.of("format", "spreadsheet"));
    String file =
        leading
            .get(page(root + "/judgements").select("#exports a[href$=/file]").first().attr("href"))
            .body();
    assertThat(file.lines().findFirst().orElseThrow())
        .contains("decided,decided_strength,decided_by,decided_reason");
    assertThat(file.lines().skip(1)).hasSize(2).allMatch(row -> row.contains("true,2,lena,by the"));
    List<String> judgements = page(one()).select("#said input[name=judgement]").eachAttr("value");
    leading.post(one() + "/withdraw", Map.of("judgement", judgements.getFirst(), "note", ""));
    assertThat(page(root + "/quality").select("#decided").text())
        .contains("of 1 judgements of decided comparisons", "Withdrawn by leads 1");
  }

  @Test
  void a_judgement_is_withdrawn_and_a_page_from_before_decides_nothing() {
    Document before = page(one());
    List<String> judgements = before.select("#said input[name=judgement]").eachAttr("value");
    assertThat(
            leading
                .post(
                    one() + "/withdraw",
                    Map.of("judgement", judgements.getFirst(), "note", "a slip"))
                .statusCode())
        .isEqualTo(302);
    assertThat(page(one()).text()).contains("a slip", "Withdrawn judgements");
    assertThat(leading.post(one(), decision(before, "2", "late")).statusCode()).isEqualTo(302);
    assertThat(page(one()).select("main .notice").text()).contains("have changed");
    assertThat(
            leading
                .post(one() + "/withdraw", Map.of("judgement", judgements.getFirst()))
                .statusCode())
        .isEqualTo(404);
    assertThat(page(path()).text()).contains("Waiting: 0. Decided: 0.");
  }
}
