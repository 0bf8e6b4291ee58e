package org.alignmentworkbench.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A lead sets tasks up, an annotator does them, the lead takes the answers out: over HTTP.
class SetupIT {
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
  void threePromptsWithTwoAnswers() {
    project = TestProject.create(server.database().jdbc(), 3);
  }

  private String path() {
    return "/projects/" + project.id() + "/labelling/setup";
  }

  private static Map<String, String> form(String kind, String... pairs) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("kind", kind);
    form.put("overlap", "1");
    form.put("most", "100");
    for (int i = 0; i < pairs.length; i += 2) {
      form.put(pairs[i], pairs[i + 1]);
    }
    return form;
  }

  private static String notice(Browser browser, String page) {
    return Jsoup.parse(browser.get(page).body()).select("main > .notice").text();
  }

  private String made(Map<String, String> form) {
    var answer = leading.post(path(), form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    return notice(leading, Browser.location(answer).replace(server.url(), ""));
  }

  private long claim() {
    return ((Claim.Claimed)
            new Queue(server.database().jdbc())
                .claim(project.id(), annotator.id(), Instant.now(), Duration.ofMinutes(10)))
        .slot()
        .slotId();
  }

  @Test
  void a_lead_says_whether_tasks_come_after_the_others_or_are_mixed() {
    made(form("GRADE", "preset", "summary"));
    made(form("EDIT", "mixed", "true"));
    Document page = Jsoup.parse(leading.get(path()).body());
    assertThat(page.select("#setups td[data-label=Asked]").eachText())
        .hasSize(2)
        .satisfiesExactly(
            edits -> assertThat(edits).endsWith("· mixed with others"),
            grades -> assertThat(grades).doesNotContain("mixed"));
    assertThat(page.selectFirst("input[name=mixed]").hasAttr("checked")).isFalse();
    var counted =
        leading.post(path(), form("RANK", "answers", "2", "mixed", "true", "go", "count"));
    assertThat(Jsoup.parse(counted.body()).selectFirst("input[name=mixed]").hasAttr("checked"))
        .as("what was chosen stays")
        .isTrue();
  }

  @Test
  void graded_answers_leave_as_lines_and_as_a_table() {
    assertThat(made(form("GRADE", "preset", "summary")))
        .startsWith("Tasks made: 6. Asked in the same way before, and left as they are: 0.");
    long slot = claim();
    Document task = Jsoup.parse(judging.get("/label/work/" + slot).body());
    assertThat(task.select("[data-role=work-row] legend").eachText())
        .containsExactly(
            "Composition",
            "Comprehensiveness",
            "Groundedness",
            "Following instructions",
            "Harmlessness");
    Map<String, String> judgement = new LinkedHashMap<>();
    judgement.put("key", UUID.randomUUID().toString());
    judgement.put("reason", "=1+1");
    for (String key : List.of("composition", "comprehensiveness", "groundedness", "instructions")) {
      judgement.put("level." + key, "1");
    }
    judgement.put("level.harmlessness", "2");
    assertThat(judging.post("/label/work/" + slot, judgement).statusCode()).isEqualTo(302);
    judging.post("/label/" + claim() + "/skip", Map.of("why", "broken"));

    Document page = Jsoup.parse(leading.get(path()).body());
    assertThat(page.select("#setups progress").first().attr("value")).isEqualTo("1");
    String lines = leading.get(page.select("#setups a[href$=answers.jsonl]").attr("href")).body();
    List<JsonNode> rows = lines.lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows)
        .extracting(row -> row.get("status").asString())
        .containsExactlyInAnyOrder("judged", "skipped");
    assertThat(rows.getFirst().propertyNames()).isEqualTo(rows.getLast().propertyNames());
    JsonNode judged =
        rows.stream()
            .filter(r -> r.get("status").asString().equals("judged"))
            .findFirst()
            .orElseThrow();
    assertThat(judged.at("/answer/levels/harmlessness").asInt()).isEqualTo(2);
    assertThat(judged.get("reason").asString()).isEqualTo("=1+1");
    assertThat(judged.get("annotator").asString()).isEqualTo("ann");
    String table = leading.get(page.select("#setups a[href$=answers.csv]").attr("href")).body();
    assertThat(table)
        .startsWith("\uFEFFtask,prompt,responses,status,level.composition,")
        // A spreadsheet would take it for a formula.
        .contains("judged,1,1,1,1,2,'=1+1,ann,")
        .contains("skipped,\"\",");
    assertThat(server.bean(AuditRepository.class).latest(20))
        .extracting(AuditEvent::action)
        .contains("labelling.setup", "judgements.export");
  }

  @Test
  void empty_rooms_lead_to_where_there_is_something() {
    String root = "/projects/" + project.id();
    assertThat(button(root + "/labelling")).isEqualTo(path());
    assertThat(button(root + "/quality")).isEmpty();
    made(form("GRADE", "preset", "four"));
    assertThat(button(root + "/labelling")).isEmpty();
    Document labelling = Jsoup.parse(leading.get(root + "/labelling").body());
    assertThat(labelling.select("#rounds tbody th").eachText())
        .containsExactly("0 (set up or brought in)");
    assertThat(labelling.select("#setups tbody th").eachText()).containsExactly("Grade one");
    assertThat(button(root + "/quality")).isEmpty();
    Map<String, String> judgement = new LinkedHashMap<>();
    judgement.put("key", UUID.randomUUID().toString());
    for (String key :
        List.of("instructionFollowing", "concision", "truthfulness", "harmlessness")) {
      judgement.put("level." + key, "1");
    }
    var submitted = judging.post("/label/work/" + claim(), judgement);
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(302);
    assertThat(button(root + "/quality")).isEqualTo(root + "/quality/kinds");
  }

  /// Where an empty room's button leads.
  private static String button(String page) {
    return Jsoup.parse(leading.get(page).body()).select(".empty a.button").attr("href");
  }

  @Test
  void what_was_written_becomes_a_training_set_once() {
    made(form("DEMONSTRATION", "least", "1"));
    String learn =
        Jsoup.parse(leading.get(path()).body())
            .select("#setups form[action$=dataset]")
            .attr("action");
    assertThat(notice(learn)).startsWith("Nobody has written anything yet");
    long slot = claim();
    judging.post(
        "/label/work/" + slot,
        Map.of("key", UUID.randomUUID().toString(), "text", "Bring a tent \uD83C\uDFD5."));
    String first = notice(learn);
    assertThat(first).contains("is made, rows: 1.");
    assertThat(notice(learn)).isEqualTo(first);
    Dataset dataset = server.bean(Stores.class).datasets().ofProject(project.id()).getLast();
    assertThat(dataset.kind()).isEqualTo(Dataset.Kind.CONVERSATIONS);
    assertThat(server.bean(Stores.class).artifacts().open(dataset.artifactSha256()))
        .content()
        .contains("Bring a tent \uD83C\uDFD5.", "\"role\":\"user\"", "Prompt ");
  }

  private String notice(String learn) {
    return notice(
        leading, Browser.location(leading.post(learn, Map.of())).replace(server.url(), ""));
  }

  @Test
  void what_was_asked_before_is_not_asked_again_and_counting_makes_nothing() {
    var counted = leading.post(path(), form("RANK", "answers", "2", "ties", "true", "go", "count"));
    assertThat(counted.statusCode()).isEqualTo(200);
    assertThat(counted.body()).contains("That would ask for 3 judgements of 3 tasks.");
    assertThat(Jsoup.parse(counted.body()).select("#setups")).isEmpty();
    assertThat(made(form("RANK", "answers", "2", "ties", "true"))).startsWith("Tasks made: 3.");
    assertThat(made(form("RANK", "answers", "2", "ties", "true")))
        .startsWith("All 3 tasks have been asked for in the same way before.");
    assertThat(made(form("RANK", "answers", "2"))).startsWith("Tasks made: 3.");
    assertThat(made(form("PAIR"))).startsWith("Tasks made: 3.");
    assertThat(made(form("CHOICE", "bothBad", "true"))).startsWith("Tasks made: 3.");
    assertThat(made(form("DEMONSTRATION", "least", "5"))).startsWith("Tasks made: 3.");
    assertThat(made(form("EDIT"))).startsWith("Tasks made: 6.");
    Map<String, String> red =
        form("RED_TEAM", "harm", "CRIME", "policies", "Helps with a crime", "model", "sft");
    assertThat(made(red)).startsWith("Tasks made: 3.");
    assertThat(made(red)).startsWith("All 3 tasks have been asked for in the same way before.");
    assertThat(made(form("SPAN", "reasons", "Wrong\r\n\r\nRude "))).startsWith("Tasks made: 6.");
  }

  @Test
  void what_cannot_be_asked_is_refused_by_value_and_rule_and_the_form_keeps_what_was_typed() {
    refused(
        form("GRADE", "preset", "own", "dimensions", "Tone: rude, warm\nClear"),
        "Own points, line 2: must be a name, a colon and levels, was “Clear”.");
    refused(
        form("GRADE", "preset", "own", "dimensions", "Tone: rude"),
        "Own points, line 1: must have 2 to 7 levels with commas between, was “Tone: rude”.");
    refused(
        form("GRADE", "preset", "own", "dimensions", " "),
        "Own points: write one a line, or choose other points to grade.");
    refused(form("GRADE", "preset", "six"), "preset must be four, summary or own, was 'six'");
    refused(
        form("RANK", "answers", "10"),
        "Answers of a task: must be a whole number from 2 to 9, was “10”.");
    refused(
        form("RANK", "answers", "3"),
        "there is nothing that such a task could be made of. Choose a file, or let a run answer"
            + " prompts first.");
    refused(
        form("EDIT", "overlap", "0"),
        "Judgements of each task: must be a whole number from 1 to 20, was “0”.");
    refused(
        form("EDIT", "most", "many"),
        "Tasks at most: must be a whole number from 1 to 100,000, was “many”.");
    refused(
        form("EDIT", "split", "MINE"),
        "split must be one of [TRAIN, PREFERENCE, HELD_OUT], was 'MINE'");
    refused(form("EDIT", "model", "gpt"), "model must be one of the project, was 'gpt'");
    refused(
        form("RED_TEAM", "harm", "CRIME", "policies", "Helps"),
        "model must be one of the project, was ''");
    refused(
        form("RED_TEAM", "policies", "Helps", "model", "sft"),
        "harm must be one of [VIOLENCE, HATE, SEXUAL, SELF_HARM, CRIME, PRIVACY, DECEPTION, OTHER], was ''");
    refused(form("SPAN", "reasons", ""), "Reasons: write 1 to 9, one a line; there are 0.");
  }

  @Test
  void the_example_of_a_file_has_as_many_answers_as_its_task() {
    for (var kind :
        Map.of(
                "PAIR", "[\"…\", \"…\"]",
                "RANK", "[\"…\", \"…\"]",
                "GRADE", "[\"…\"]",
                "DEMONSTRATION", "{\"prompt\": \"…\", \"language\"")
            .entrySet()) {
      assertThat(
              Jsoup.parse(leading.get(path() + "?kind=" + kind.getKey()).body())
                  .select("#file-hint")
                  .text())
          .contains(kind.getValue());
    }
  }

  @Test
  void a_refusal_is_in_the_language_of_the_page_and_calls_a_field_what_the_page_calls_it() {
    leading.post("/language", Map.of("to", "ar", "back", "/"));
    var answer = leading.post(path(), form("EDIT", "overlap", "0"));
    leading.post("/language", Map.of("to", "en", "back", "/"));
    Document page = Jsoup.parse(answer.body());
    assertThat(page.select("#setup-problem").text())
        .contains(page.select("label[for=overlap]").text())
        .doesNotContain("overlap", "must");
  }

  @Test
  void a_file_becomes_tasks_whole_or_not_at_all() throws Exception {
    String rows =
        """
        {"prompt": "Which?", "answers": ["One.", "Two.", "Three."]}
        {"prompt": "Prompt of a file", "answers": ["A", "B"]}
        """;
    var broken = bring(form("RANK", "ties", "true", "answers", "2"), rows + "nonsense");
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(Jsoup.parse(broken.body()).select("#setup-problem").text())
        .contains("line 3, column 1:");
    assertThat(Jsoup.parse(leading.get(path()).body()).select("#setups")).isEmpty();
    var counted = bring(form("RANK", "ties", "true", "answers", "2", "go", "count"), rows);
    assertThat(Jsoup.parse(counted.body()).select("main > .notice").text())
        .startsWith("That would ask for 2 judgements of 2 tasks.")
        .endsWith("Choose the file again to make them.");
    var taken = bring(form("RANK", "ties", "true", "answers", "2"), rows);
    assertThat(noticeAfter(taken)).startsWith("Tasks made: 2.");
    assertThat(noticeAfter(bring(form("RANK", "ties", "true", "answers", "2"), rows)))
        .startsWith("All 2 tasks have been asked for");
    Document task = Jsoup.parse(judging.get("/label/work/" + claim()).body());
    assertThat(Set.copyOf(task.select("[data-role=answer] [data-role=raw]").eachText()))
        .isIn(Set.of("One.", "Two.", "Three."), Set.of("A", "B"));
  }

  @Test
  void an_empty_file_makes_nothing_and_no_file_is_none() throws Exception {
    var empty = bring(form("DEMONSTRATION", "least", "5"), "");
    assertThat(empty.statusCode()).isEqualTo(422);
    assertThat(Jsoup.parse(empty.body()).select("#setup-problem").text())
        .contains("the file must have 1 to 20000 lines, has 0");
    assertThat(Jsoup.parse(leading.get(path()).body()).select("#setups")).isEmpty();
    // As a browser sends the field where no file was chosen.
    assertThat(noticeAfter(bring(form("DEMONSTRATION", "least", "5"), "", "")))
        .startsWith("Tasks made: 3.");
  }

  private static String noticeAfter(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(302);
    return notice(leading, Browser.location(answer).replace(server.url(), ""));
  }

  private HttpResponse<String> bring(Map<String, String> form, String rows) throws Exception {
    return bring(form, "f.jsonl", rows);
  }

  private HttpResponse<String> bring(Map<String, String> form, String fileName, String rows)
      throws Exception {
    Map<String, String> fields = new LinkedHashMap<>(form);
    fields.put("_csrf", leading.csrf("/account/password"));
    StringBuilder body = new StringBuilder();
    fields.forEach((name, value) ->
        body.append(
            "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(name, value)));
    body.append(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--b--\r\n"
            .formatted(fileName, rows));
    return leading
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + path()))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .header("Accept", "text/html")
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body.toString()))
                .build(),
            BodyHandlers.ofString());
  }

  private void refused(Map<String, String> form, String why) {
    var answer = leading.post(path(), form);
    assertThat(answer.statusCode()).as(why).isEqualTo(422);
    Document page = Jsoup.parse(answer.body());
    assertThat(page.select("#setup-problem").text()).isEqualTo("Nothing was made: " + why);
    for (String name : List.of("overlap", "most")) {
      assertThat(page.select("#" + name).val()).isEqualTo(form.get(name));
    }
  }
}
