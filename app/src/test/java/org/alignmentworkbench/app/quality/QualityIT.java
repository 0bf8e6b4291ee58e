package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Three people judge twenty comparisons at the queue; the page and its JSON tell the same of them.
///
/// Ann and Ben choose as the two coders of the reference figures do ("two coders, binary,
/// complete": krippendorff 0.9.0, scikit-learn 1.9.1), Kim always takes the left side.
class QualityIT {
  private static final String ANN = "11001101101010011100";
  private static final String BEN = "11000100110110000100";
  private static final int TASKS = 20;

  private static RunningServer server;
  private static Person ann;
  private static Person ben;
  private static Person kim;
  private static Browser leading;
  private static Browser engineering;
  private static Browser looking;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    ann = server.person("ann", Role.ANNOTATOR);
    ben = server.person("ben", Role.ANNOTATOR);
    kim = server.person("kim", Role.ANNOTATOR);
    server.person("lena", Role.LEAD);
    server.person("edda", Role.ENGINEER);
    server.person("vera", Role.VIEWER);
    leading = server.signedIn("lena");
    engineering = server.signedIn("edda");
    looking = server.signedIn("vera");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aProject() {
    project = TestProject.create(server.database().jdbc(), TASKS);
    project.makeTasks(server.database().jdbc(), 3);
  }

  private String path() {
    return "/projects/" + project.id() + "/quality";
  }

  /// Every task by the key of its prompt, in order of prompts.
  private Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < TASKS; i++) {
      places.put(project.prompts().get(i).key(), i);
    }
    return places;
  }

  /// Ann and Ben choose the second response for a 1, whatever side it is shown on.
  private void judge(Person person, String choices) {
    for (int i = 0; i < TASKS; i++) {
      ClaimedSlot slot = claim(person);
      int place = places().get(slot.promptKey());
      boolean second = choices.charAt(place) == '1';
      boolean secondLeft = slot.left().equals(project.responses().get(2 * place + 1).text());
      submit(person, slot, second == secondLeft ? -2 : 2);
    }
  }

  private void judgeByTheLeft(Person person) {
    for (int i = 0; i < TASKS; i++) {
      submit(person, claim(person), -4);
    }
  }

  private ClaimedSlot claim(Person person) {
    return ((Claim.Claimed)
            new Queue(server.database().jdbc())
                .claim(project.id(), person.id(), Instant.now(), Duration.ofMinutes(10)))
        .slot();
  }

  private void submit(Person person, ClaimedSlot slot, int strength) {
    var grades = new Grades(2, 1, 1, 2);
    new Queue(server.database().jdbc())
        .submit(
            new Submission(
                slot.slotId(),
                person.id(),
                UUID.randomUUID(),
                strength,
                grades,
                grades,
                "",
                12_000,
                1,
                false),
            Instant.now());
  }

  private Document page(String query) {
    var answer = leading.get(path() + query);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  private JsonNode json(String query) {
    var answer = leading.get(path() + ".json" + query, "Accept", "application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    return JsonMapper.shared().readTree(answer.body());
  }

  private static Element row(Document page, String table, String name) {
    return page.select(table + " tbody tr").stream()
        .filter(row -> row.child(0).text().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row " + name + " in " + page.select(table)));
  }

  @Test
  void two_peoples_agreement_as_the_reference_has_it() {
    judge(ann, ANN);
    judge(ben, BEN);
    Document page = page("?on=choice");
    Element choice = row(page, "#agreement", "Choice");
    assertThat(choice.text()).contains("65.0 %").contains("0.316").contains("0.298");
    assertThat(choice.text()).contains("a ratio has no meaning for values below zero");
    Element pair = row(page, "#pairs", "Shown ann and Shown ben");
    assertThat(pair.text()).contains("0.314 −0.081 to 0.708 n = 20");
    assertThat(page.select("#votes").text()).contains("Nowhere.");
    assertThat(page.select("#same").text())
        .isEqualTo("– it takes three people to tell who of them is reliable");
    assertThat(page.select("#gold").text())
        .startsWith("– no judged comparison has an answer known to be right");
    assertThat(page.select("#time").text()).contains("12.0 s").contains("Together 8 min 00 s");
    // Counted in the two rows: 7 times both A, 6 times both B, 2 and 5 times one of each.
    assertThat(page.select("#confusion td").eachText()).containsExactly("14", "7", "7", "12");
    String matrix = pair.select("a").attr("href");
    Document ofPair = Jsoup.parse(leading.get(matrix.replaceAll("#.*", "")).body());
    assertThat(ofPair.select("#confusion td").eachText()).containsExactly("7", "2", "5", "6");
    assertThat(ofPair.select("#confusion .hint").text())
        .isEqualTo("Rows: Shown ann. Columns: Shown ben.");

    JsonNode json = json("?on=choice");
    JsonNode alpha = json.path("dimensions").path("choice").path("alphaNominal");
    assertThat(alpha.path("value").asDouble()).isCloseTo(0.3157894736842105, within(1e-9));
    assertThat(alpha.path("n").asLong()).isEqualTo(20);
    assertThat(alpha.path("low").asDouble()).isLessThan(alpha.path("value").asDouble());
    JsonNode kappa = json.path("pairs").path(0).path("cohenPlain");
    assertThat(kappa.path("value").asDouble()).isCloseTo(0.3137254901960784, within(1e-9));
    assertThat(
            json.path("dimensions").path("choice").path("alphaRatio").path("undefined").asString())
        .isEqualTo("a ratio has no meaning for values below zero");
    assertThat(json.path("votes").path("sameAsMajority").path("undefined").asString())
        .isEqualTo("it takes three people to tell who of them is reliable");
    assertThat(json.path("people").path(0).path("person").asString()).isEqualTo("p" + ann.id());
    assertThat(json.toString()).doesNotContain("Shown").doesNotContain("NaN");
  }

  @Test
  void somebody_who_always_takes_the_left_side_is_seen() {
    judge(ann, ANN);
    judge(ben, BEN);
    judgeByTheLeft(kim);
    Document page = page("");
    assertThat(page.select("p.lead").text())
        .isEqualTo("Judgements: 60. Comparisons: 20. People: 3.");
    assertThat(row(page, "#people", "Shown kim").text()).contains("100.0 %");
    assertThat(row(page, "#people", "Shown ann").text()).doesNotContain("100.0 %");
    assertThat(row(page, "#histogram", "Left: significantly better").text()).contains("20");
    assertThat(row(page, "#histogram", "Right: significantly better").child(2).text())
        .isEqualTo("0");
    JsonNode json = json("");
    assertThat(
            json.path("position").path("left").asLong()
                + json.path("position").path("right").asLong())
        .isEqualTo(60);
    JsonNode anybody = json.path("position").path("swappedAnybody");
    assertThat(
            anybody.path("bothFirst").asLong()
                + anybody.path("bothSecond").asLong()
                + anybody.path("bothLeft").asLong()
                + anybody.path("bothRight").asLong())
        .isEqualTo(20);
    assertThat(
            json.path("position")
                .path("swappedSamePerson")
                .path("bias")
                .path("undefined")
                .asString())
        .isEqualTo("no pair of answers was judged in both orders with one preferred each time");
    // Every comparison has three votes, so none is tied.
    assertThat(json.path("votes").path("tied").asLong()).isZero();
    assertThat(json.path("votes").path("sameAsMajority").path("n").asLong()).isEqualTo(20);
  }

  private QualityReport report(Integer round) {
    return server
        .bean(QualityReports.class)
        .of(project.id(), Judges.PEOPLE, round, Dimension.STRENGTH);
  }

  private void sql(String statement) {
    assertThat(server.database().jdbc().sql(statement).param("project", project.id()).update())
        .as(statement)
        .isPositive();
  }

  @Test
  void a_report_is_kept_until_a_judgement_comes_changes_or_goes_or_an_answer_becomes_known() {
    judge(ann, ANN);
    QualityReport first = report(null);
    assertThat(report(null)).isSameAs(first);
    assertThat(report(1)).as("of a round alone").isNotSameAs(first);
    assertThat(report(null)).as("others beside it change nothing").isSameAs(first);

    submit(ben, claim(ben), 1);
    QualityReport second = report(null);
    assertThat(second.judgements()).isEqualTo(first.judgements() + 1);
    assertThat(report(null)).isSameAs(second);

    sql(
        """
        update judgement
        set active_ms = 7
        where id = (
          select max(j.id) from judgement j join task t on t.id = j.task_id
          where t.project_id = :project)
        """);
    QualityReport third = report(null);
    assertThat(third).isNotSameAs(second);

    sql(
        """
        delete from judgement
        where id = (
          select min(j.id) from judgement j join task t on t.id = j.task_id
          where t.project_id = :project)
        """);
    assertThat(report(null).judgements()).isEqualTo(first.judgements());

    QualityReport unknown = report(null);
    leading.post(path() + "/comparisons/" + taskOf(0) + "/gold", Map.of("answer", "b"));
    QualityReport b = report(null);
    assertThat(b.gold().tasks()).isEqualTo(unknown.gold().tasks() + 1);
    leading.post(path() + "/comparisons/" + taskOf(0) + "/gold", Map.of("answer", "a"));
    assertThat(report(null)).as("the same number of answers, another one").isNotSameAs(b);
  }

  @Test
  void nothing_is_judged_yet() {
    Document page = page("");
    assertThat(page.select("main").text()).contains("No judgements to look at");
    assertThat(
            json("")
                .path("dimensions")
                .path("strength")
                .path("alphaOrdinal")
                .path("undefined")
                .asString())
        .isEqualTo("there are no judgements");
    assertThat(json("?judges=scripts&round=1").path("judges").asString()).isEqualTo("scripts");
  }

  @Test
  void who_leads_or_engineers_finds_it_and_nobody_else() {
    assertThat(engineering.get(path()).statusCode()).isEqualTo(200);
    assertThat(engineering.get(path() + ".json", "Accept", "application/json").statusCode())
        .isEqualTo(200);
    Document overview = Jsoup.parse(engineering.get("/projects/" + project.id()).body());
    assertThat(overview.select("nav.tabs a").eachText()).contains("Quality");
    for (Browser other : List.of(looking, server.signedIn("ann"))) {
      assertThat(other.get(path()).statusCode()).isEqualTo(404);
      assertThat(other.get(path() + ".json").statusCode()).isEqualTo(404);
    }
    Document looked = Jsoup.parse(looking.get("/projects/" + project.id()).body());
    assertThat(looked.select("nav.tabs a").eachText()).doesNotContain("Quality");
    assertThat(leading.get("/projects/424242/quality").statusCode()).isEqualTo(404);
    assertThat(
            leading.get("/projects/424242/quality.json", "Accept", "application/json").statusCode())
        .isEqualTo(404);
    assertThat(leading.get(path() + "?on=nothing&pair=x&judges=y").statusCode()).isEqualTo(200);
    assertThat(leading.get(path() + "?round=x").statusCode()).isEqualTo(400);
  }

  private long taskOf(int place) {
    return server
        .database()
        .jdbc()
        .sql("select id from task where prompt_id = :id")
        .param("id", project.prompts().get(place).id())
        .query(Long.class)
        .single();
  }

  @Test
  void a_lead_says_what_is_right_and_judgements_are_held_against_it() {
    judge(ann, ANN);
    judge(ben, BEN);
    // Both choose B for the first comparison; for the fifth Ann chooses B and Ben A.
    Document prompt =
        Jsoup.parse(
            leading
                .get("/projects/" + project.id() + "/prompts/" + project.prompts().get(4).id())
                .body());
    String fifth = prompt.select("#comparisons a").attr("href");
    assertThat(fifth).isEqualTo(path() + "/comparisons/" + taskOf(4));
    String first = path() + "/comparisons/" + taskOf(0);
    Document page = Jsoup.parse(leading.get(fifth).body());
    assertThat(page.select("#said tbody th").eachText()).containsExactly("Shown ann", "Shown ben");
    assertThat(page.select("#said tbody tr").get(0).child(1).text())
        .isEqualTo("B: slightly better");
    assertThat(page.select("#gold").text()).contains("It is not known");

    var answer = leading.post(fifth + "/gold", Map.of("answer", "b"));
    assertThat(Browser.location(answer)).endsWith(fifth);
    leading.post(first + "/gold", Map.of("answer", "b"));
    assertThat(Jsoup.parse(leading.get(fifth).body()).select("#gold").text())
        .contains("The better answer is B.");
    JsonNode gold = json("").path("gold");
    assertThat(gold.path("comparisons").asLong()).isEqualTo(2);
    assertThat(gold.path("accuracy").path("value").asDouble()).isEqualTo(0.75);
    assertThat(gold.path("accuracy").path("n").asLong()).isEqualTo(4);
    Document quality = page("");
    assertThat(quality.select("#known tbody tr")).hasSize(2);
    assertThat(row(quality, "#people", "Shown ben").text()).contains("50.0 %");
    // Looking at the page is in the trail as well.
    var event =
        server.bean(AuditRepository.class).latest(10).stream()
            .filter(latest -> latest.action().equals("quality.gold"))
            .findFirst()
            .orElseThrow();
    assertThat(event.username()).isEqualTo("lena");
    assertThat(event.subject()).isEqualTo("project " + project.id() + ", task " + taskOf(0));
    assertThat(event.detail()).contains("\"answer\": \"b\"");

    leading.post(fifth + "/gold", Map.of("answer", "none"));
    leading.post(first + "/gold", Map.of("answer", "none"));
    assertThat(json("").path("gold").path("accuracy").path("undefined").asString())
        .isEqualTo("no judged comparison has an answer known to be right");
  }

  @Test
  void only_leads_say_what_is_right_with_their_token_and_of_their_project() {
    String task = path() + "/comparisons/" + taskOf(0);
    assertThat(engineering.get(task).statusCode()).isEqualTo(200);
    assertThat(Jsoup.parse(engineering.get(task).body()).select("#gold form")).isEmpty();
    for (Browser other : List.of(engineering, looking, server.signedIn("ann"))) {
      assertThat(other.post(task + "/gold", Map.of("answer", "b")).statusCode()).isEqualTo(404);
    }
    assertThat(looking.get(task).statusCode()).isEqualTo(404);
    assertThat(leading.post(task + "/gold", Map.of("answer", "b"), "forged").statusCode())
        .isEqualTo(403);
    assertThat(leading.post(task + "/gold", Map.of("answer", "maybe")).statusCode()).isEqualTo(400);
    TestProject other = TestProject.create(server.database().jdbc(), 1);
    String elsewhere = "/projects/" + other.id() + "/quality/comparisons/" + taskOf(0);
    assertThat(leading.get(elsewhere).statusCode()).isEqualTo(404);
    assertThat(leading.post(elsewhere + "/gold", Map.of("answer", "b")).statusCode())
        .isEqualTo(404);
    assertThat(json("").path("gold").path("comparisons").asLong()).isZero();
    assertThat(Jsoup.parse(leading.get(task).body()).select("#gold").text())
        .contains("It is not known");
  }

  /// What is known about a comparison changes nothing in what its judge is sent.
  @Test
  void the_desk_is_not_told_what_is_known() {
    ClaimedSlot slot = claim(ann);
    Browser judging = server.signedIn("ann");
    String before = told(judging, slot);
    long task = taskOf(places().get(slot.promptKey()));
    leading.post(path() + "/comparisons/" + task + "/gold", Map.of("answer", "a"));
    assertThat(Jsoup.parse(leading.get(path() + "/comparisons/" + task).body()).text())
        .contains("The better answer is A.");
    assertThat(told(judging, slot)).isEqualTo(before);
    assertThat(before).contains(slot.left());
  }

  /// The page of a slot without what differs from visit to visit: tokens, keys and times.
  private static String told(Browser judging, ClaimedSlot slot) {
    Document page = Jsoup.parse(judging.get("/label/" + slot.slotId()).body());
    page.select("[name=_csrf], [name=key], meta[name=csrf-token], time, [data-role=lease]")
        .remove();
    page.select("[data-left-millis]").removeAttr("data-left-millis");
    page.body().removeAttr("hx-headers");
    return page.html()
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "")
        .replaceAll("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "")
        .replaceAll("\\s+", " ");
  }
}
