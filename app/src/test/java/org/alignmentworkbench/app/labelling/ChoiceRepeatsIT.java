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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A lead wants some choices made twice; whoever makes them is not told, and the quality page tells
/// whether the side decided. Over HTTP.
class ChoiceRepeatsIT {
  private static RunningServer server;
  private static Person annotator;
  private static Browser leading;
  private static Browser judging;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    server.person("lena", Role.LEAD);
    annotator = server.person("ann", Role.ANNOTATOR);
    leading = server.signedIn("lena");
    judging = server.signedIn("ann");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void thirtyPromptsWithTwoAnswers() {
    project = TestProject.create(server.database().jdbc(), 30);
  }

  private String path() {
    return "/projects/" + project.id() + "/labelling/setup";
  }

  private static Map<String, String> form(String repeats) {
    return Map.of("kind", "CHOICE", "overlap", "1", "most", "100", "repeats", repeats);
  }

  private Claim claim() {
    return server
        .bean(Queue.class)
        .claim(project.id(), annotator.id(), Instant.now(), Duration.ofMinutes(10));
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

  private static void chooseLeft(long slot) {
    var answer =
        judging.post(
            "/label/work/" + slot, Map.of("key", UUID.randomUUID().toString(), "choice", "-2"));
    assertThat(answer.statusCode()).isEqualTo(302);
  }

  @Test
  void a_share_that_cannot_be_is_told_with_value_and_rule() {
    var refused = leading.post(path(), form("51"));
    assertThat(refused.statusCode()).isEqualTo(422);
    Document page = Jsoup.parse(refused.body());
    assertThat(page.select("#setup-problem").text()).contains("from 0 to 50, was “51”");
    assertThat(page.select("#repeats").val()).isEqualTo("51");
    assertThat(Jsoup.parse(leading.get(path() + "?kind=GRADE").body()).select("#repeats"))
        .as("other kinds have none")
        .isEmpty();
  }

  /// The pages of work and repeats, texts and numbers of the task itself taken out, are the same.
  @Test
  void nothing_that_is_sent_tells_a_repeat_and_the_quality_page_tells_the_side() {
    assertThat(leading.post(path(), form("50")).statusCode()).isEqualTo(302);
    assertThat(Jsoup.parse(leading.get(path()).body()).select("#setups").text())
        .contains("Swapped repeats: 50 %");
    // From here on there is always something before that could be taken back.
    chooseLeft(((Claim.Claimed) claim()).slot().slotId());
    Map<String, Set<String>> shapes = new HashMap<>();
    long repeats = 0;
    while (claim() instanceof Claim.Claimed(var slot)) {
      String purpose = purpose(slot.slotId());
      repeats += purpose.equals("REPEAT") ? 1 : 0;
      var page = judging.get("/label/work/" + slot.slotId());
      assertThat(page.statusCode()).isEqualTo(200);
      String json = judging.get("/label/work/" + slot.slotId() + ".json").body();
      String headers = new TreeSet<>(page.headers().map().keySet()).toString();
      for (String sent : List.of(page.body(), json, headers)) {
        // A session's token is drawn, and may hold any short word.
        String words = sent.replaceAll("[A-Za-z0-9_-]{60,}", "").toLowerCase(Locale.ROOT);
        assertThat(words).doesNotContain("repeat", "swap", "purpose", "dealt");
      }
      Document body = Jsoup.parse(page.body());
      body.select(".text, .notice").forEach(element -> element.text(""));
      shapes
          .computeIfAbsent(purpose, _ -> new TreeSet<>())
          .add(
              headers
                  + body.body()
                      .html()
                      .replaceAll("[0-9]+|[0-9a-f]{8}-[0-9a-f-]+", "#")
                      .replaceAll("(value|content)=\"[^\"]*\"", ""));
      chooseLeft(slot.slotId());
    }
    assertThat(shapes.keySet()).containsExactlyInAnyOrder("WORK", "REPEAT");
    assertThat(shapes.get("REPEAT")).isEqualTo(shapes.get("WORK"));
    assertThat(judging.get("/label/done").body().toLowerCase(Locale.ROOT)).doesNotContain("swap");
    quality(repeats);
  }

  /// Whoever always takes the left one prefers the other answer each time that the sides turn.
  private void quality(long repeats) {
    String path = "/projects/" + project.id() + "/quality/kinds";
    JsonNode json =
        JsonMapper.shared()
            .readTree(leading.send("GET", path + ".json", "Accept", "application/json").body());
    assertThat(json.path("judgements").asLong()).as("repeats left out").isEqualTo(30);
    assertThat(json.at("/position/left").asLong()).isEqualTo(30 + repeats);
    assertThat(json.at("/position/leftShare/value").asDouble()).isEqualTo(1);
    assertThat(json.at("/position/swappedSamePerson/bothLeft").asLong()).isEqualTo(repeats);
    assertThat(json.at("/position/swappedSamePerson/consistent/value").asDouble()).isZero();
    assertThat(json.at("/figures/sameAgain/value").asDouble()).isZero();
    assertThat(json.at("/figures/sameAgain/n").asLong()).isEqualTo(repeats);
    Document page = Jsoup.parse(leading.get(path).body());
    assertThat(page.select("#position").text())
        .contains("Left won " + (30 + repeats) + " times, right 0");
    assertThat(page.select("#position tbody tr").first().text()).contains("the same person");
    assertThat(page.select("#figures th[scope=row]").text()).isEqualTo("Said the same again");
    assertThat(page.select("#tasks td[data-label=Answers]").eachText()).containsOnly("1");
    Document setups = Jsoup.parse(leading.get(path()).body());
    assertThat(setups.select("#setups progress").attr("value")).isEqualTo("30");
  }
}
