package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Queue;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Known passages among those that people are dealt to mark: nobody who marks is told, and a lead
/// reads what was found. Over HTTP.
class KnownPassagesIT {
  private static final String KNOWN = "[{\"from\":0,\"to\":8,\"reason\":\"Unclear\"}]";

  private static RunningServer server;
  private static TestProject project;
  private static Browser leading;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    server.person("lena", Role.LEAD);
    leading = server.signedIn("lena");
    project = TestProject.create(server.database().jdbc(), 30);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String root() {
    return "/projects/" + project.id();
  }

  private static Claim claim(Person person) {
    return server
        .bean(Queue.class)
        .claim(project.id(), person.id(), Instant.now(), Duration.ofMinutes(10));
  }

  private static String purpose(long slot) {
    return server
        .database()
        .jdbc()
        .sql("select purpose from slot where id = ?")
        .param(slot)
        .query(String.class)
        .single();
  }

  private static void mark(Browser browser, long slot, String passages) {
    var answer =
        browser.post(
            "/label/work/" + slot,
            Map.of("key", UUID.randomUUID().toString(), "passages", passages));
    assertThat(answer.statusCode()).isEqualTo(302);
  }

  private static void setUp() {
    Map<String, String> form =
        Map.of("kind", "SPAN", "overlap", "1", "most", "40", "reasons", "Not true\nUnclear");
    assertThat(leading.post(root() + "/labelling/setup", form).statusCode()).isEqualTo(302);
    List<Long> tasks =
        server
            .database()
            .jdbc()
            .sql("select id from task where project_id = ? order by key limit 15")
            .param(project.id())
            .query(Long.class)
            .list();
    for (long task : tasks) {
      assertThat(
              leading
                  .post(
                      root() + "/quality/kinds/tasks/" + task + "/gold",
                      Map.of("passages", KNOWN, "atLeast", "80"))
                  .statusCode())
          .isEqualTo(302);
    }
    Map<String, String> rule =
        Map.of(
            "checkPercent", "40",
            "repeatPercent", "0",
            "passPercent", "70",
            "passAfter", "4",
            "below", "NOTHING",
            "qualifyCount", "0",
            "qualifyPercent", "60");
    assertThat(leading.post(root() + "/checks", rule).statusCode()).isEqualTo(302);
  }

  /// The pages of work and checks, texts and numbers of the task itself taken out, are the same.
  @Test
  void nothing_that_is_sent_tells_a_known_passage_and_the_lead_reads_what_was_found() {
    setUp();
    // Checks are of tasks whose work is done: somebody has to have done it.
    Person ben = server.person("ben", Role.ANNOTATOR);
    Browser first = server.signedIn("ben");
    for (int i = 0; i < 25; i++) {
      mark(first, ((Claim.Claimed) claim(ben)).slot().slotId(), KNOWN);
    }
    Person ann = server.person("ann", Role.ANNOTATOR);
    Browser judging = server.signedIn("ann");
    // From here on there is always something before that could be taken back.
    mark(judging, ((Claim.Claimed) claim(ann)).slot().slotId(), "[]");
    Map<String, Set<String>> shapes = new HashMap<>();
    while (claim(ann) instanceof Claim.Claimed(var slot)) {
      long id = slot.slotId();
      var page = judging.get("/label/work/" + id);
      assertThat(page.statusCode()).isEqualTo(200);
      String json = judging.get("/label/work/" + id + ".json").body();
      String headers = new TreeSet<>(page.headers().map().keySet()).toString();
      for (String sent : List.of(page.body(), json, headers)) {
        // A session's token is drawn, and may hold any short word.
        String words = sent.replaceAll("[A-Za-z0-9_-]{60,}", "").toLowerCase(Locale.ROOT);
        assertThat(words)
            .doesNotContain("gold", "atleast", "known", "purpose", "dealt", "attention");
      }
      Document body = Jsoup.parse(page.body());
      body.select(".text, .notice, textarea").forEach(element -> element.text(""));
      shapes
          .computeIfAbsent(purpose(id), _ -> new TreeSet<>())
          .add(
              headers
                  + body.body()
                      .html()
                      .replaceAll("[0-9]+|[0-9a-f]{8}-[0-9a-f-]+", "#")
                      .replaceAll("(value|content)=\"[^\"]*\"", ""));
      mark(judging, id, "[]");
    }
    assertThat(shapes.keySet()).containsExactlyInAnyOrder("WORK", "CHECK");
    assertThat(shapes.get("CHECK")).isEqualTo(shapes.get("WORK"));

    Document checks = Jsoup.parse(leading.get(root() + "/checks").body());
    assertThat(checks.select("tr[data-person-id=" + ben.id() + "]").text()).contains("100.0 %");
    assertThat(checks.select("tr[data-person-id=" + ann.id() + "]").text()).contains("0 of ");
    assertThat(
            Jsoup.parse(leading.get(root() + "/labelling/setup").body())
                .select("#setups progress")
                .attr("value"))
        .as("checks count towards nothing")
        .isEqualTo("40");
  }
}
