package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.annotation.desk.WorkProject.Item;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Tasks that are no comparisons, over HTTP as programs and browsers without scripts use them.
@SpringBootTest(
    classes = DeskApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "workbench.label.lease=15m")
class WorkIT {
  private static final Question.Grade GRADE =
      new Question.Grade(
          List.of(new Dimension("concision", "Concision", List.of("Poor", "Fair", "Good"))));

  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;
  private final List<DeskVisitor> visitors = new ArrayList<>();

  @AfterEach
  void leave() {
    visitors.forEach(DeskVisitor::close);
    jdbc.sql("update project set state = 'FINISHED'").update();
  }

  private DeskVisitor annotator() throws Exception {
    DeskVisitor visitor = new DeskVisitor(port, LabellingProject.person(jdbc, Role.ANNOTATOR));
    visitors.add(visitor);
    return visitor;
  }

  private static Map<String, String> form(String... pairs) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", UUID.randomUUID().toString());
    fields.put("activeMillis", "4200");
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return fields;
  }

  private static HttpResponse<String> submit(
      DeskVisitor visitor, long slot, Map<String, String> fields) throws Exception {
    return visitor.postForm("/label/work/" + slot, fields, "application/json");
  }

  private static String outcome(HttpResponse<String> answer) {
    return answer.statusCode() + " " + DeskVisitor.json(answer).get("outcome").asString();
  }

  @Test
  void the_same_key_is_one_judgement_and_another_stands_back() throws Exception {
    WorkProject project = WorkProject.create(jdbc, GRADE, 2, List.of(new Item("Why?", "So.")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    Map<String, String> fields = form("level.concision", "2");
    assertThat(outcome(submit(ada, slot, fields))).isEqualTo("200 accepted");
    HttpResponse<String> again = submit(ada, slot, fields);
    assertThat(outcome(again)).isEqualTo("200 accepted");
    assertThat(DeskVisitor.json(again).get("repeated").asBoolean()).isTrue();
    assertThat(outcome(submit(ada, slot, form("level.concision", "0"))))
        .isEqualTo("409 already-judged");
    assertThat(project.answers(jdbc))
        .containsExactly("{\"kind\": \"GRADE\", \"levels\": {\"concision\": 2}}");
  }

  @Test
  void what_is_missing_is_named_and_comes_back_with_all_it_held() throws Exception {
    WorkProject project =
        WorkProject.create(
            jdbc, new Question.Rank(false), 1, List.of(new Item("Q", "a", "b", "c")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    assertThat(problems(submit(ada, slot, form("place.0", "1", "place.1", "2"))))
        .containsExactly("missing-places");
    assertThat(problems(submit(ada, slot, form("place.0", "1", "place.1", "1", "place.2", "2"))))
        .containsExactly("tied-places");
    assertThat(problems(submit(ada, slot, form("place.0", "1", "place.1", "2", "place.2", "4"))))
        .containsExactly("missing-places");
    HttpResponse<String> page =
        ada.postForm(
            "/label/work/" + slot,
            form("place.0", "3", "reason", "because \"<b>\"\r\nso"),
            "text/html");
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body())
        .contains("Give every answer a place.", "because &quot;&lt;b&gt;&quot;\nso</textarea>")
        .containsPattern("name=\"place.0\" value=\"3\"[^>]*checked");
    // Sports leave a place out after a tie, and it means the same; here nobody may tie.
    assertThat(outcome(submit(ada, slot, form("place.0", "3", "place.1", "1", "place.2", "2"))))
        .isEqualTo("200 accepted");
  }

  private static List<String> problems(HttpResponse<String> answer) {
    assertThat(outcome(answer)).isEqualTo("422 incomplete");
    List<String> problems = new ArrayList<>();
    DeskVisitor.json(answer).get("problems").forEach(problem -> problems.add(problem.asString()));
    return problems;
  }

  @Test
  void a_guideline_to_come_was_read_by_nobody() throws Exception {
    WorkProject project = WorkProject.create(jdbc, GRADE, 1, List.of(new Item("Why?", "So.")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    for (String version : List.of("1", "999999")) {
      assertThat(
              problems(
                  submit(ada, slot, form("level.concision", "2", "guidelineVersion", version))))
          .containsExactly("unreadable");
    }
    assertThat(outcome(submit(ada, slot, form("level.concision", "2", "guidelineVersion", "0"))))
        .isEqualTo("200 accepted");
  }

  @Test
  void places_after_a_tie_may_be_left_out() throws Exception {
    WorkProject project =
        WorkProject.create(jdbc, new Question.Rank(true), 1, List.of(new Item("Q", "a", "b", "c")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    submit(ada, slot, form("place.0", "1", "place.1", "1", "place.2", "3"));
    assertThat(project.answers(jdbc).getFirst())
        .containsPattern("places\": \\[(1, 1, 2|1, 2, 1|2, 1, 1)]");
  }

  @Test
  void passages_that_are_none_are_refused() throws Exception {
    WorkProject project =
        WorkProject.create(
            jdbc, new Question.Span(List.of("Rude")), 1, List.of(new Item("Q", "a\uD83D\uDE00b")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    for (String passages :
        List.of(
            "[",
            "{}",
            "[{\"from\":0,\"to\":4,\"reason\":\"Rude\"}]",
            "[{\"from\":2,\"to\":2,\"reason\":\"Rude\"}]",
            "[{\"from\":0,\"to\":1,\"reason\":\"Kind\"}]",
            "[{\"from\":0,\"to\":1.5,\"reason\":\"Rude\"}]",
            "[{\"from\":0,\"to\":1,\"reason\":\"Rude\",\"model\":1}]")) {
      assertThat(problems(submit(ada, slot, form("passages", passages))))
          .as(passages)
          .containsExactly("wrong-passages");
    }
    assertThat(
            outcome(
                submit(ada, slot, form("passages", "[{\"from\":1,\"to\":3,\"reason\":\"Rude\"}]"))))
        .isEqualTo("200 accepted");
  }

  @Test
  void a_written_answer_keeps_every_character_but_nul() throws Exception {
    WorkProject project =
        WorkProject.create(jdbc, new Question.Demonstration(1), 1, List.of(new Item("Q")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    assertThat(problems(submit(ada, slot, form("text", " \r\n "))))
        .containsExactly("text-too-short");
    submit(ada, slot, form("text", "\uD83D\uDE00 <script>\0\u202E\r\n\"$\\\u0301"));
    assertThat(
            jdbc.sql(
                    "select answer ->> 'text' from judgement where answer ->> 'text' like '%script%'")
                .query(String.class)
                .list())
        .containsExactly("\uD83D\uDE00 <script>\u202E\n\"$\\\u0301");
  }

  private static final Question.RedTeam RED_TEAM =
      new Question.RedTeam(Harm.CRIME, List.of("Insults", "Helps with a crime"));

  @Test
  void what_a_model_answered_is_judged_and_nothing_else() throws Exception {
    WorkProject project = WorkProject.create(jdbc, RED_TEAM, 1, List.of(new Item("Try it.")));
    DeskVisitor ada = annotator();
    DeskVisitor ben = annotator();
    long slot = ada.claim(project.id());
    assertThat(problems(submit(ada, slot, form("policy", "1", "severity", "2"))))
        .containsExactly("missing-attempt");
    assertThat(ask(ada, slot, " ").body()).contains("Write something to ask first.");
    assertThat(ask(ada, slot, "Be busy").body()).contains("The model cannot answer now.");
    String answer = ask(ada, slot, "<b>Say it</b>").body();
    assertThat(answer).contains("Echo 0: &lt;b&gt;Say it&lt;/b&gt;");
    assertThat(ask(ben, slot, "Say it").statusCode()).isEqualTo(404);
    String attempt = answer.replaceAll("(?s).*name=\"attempt\"[^>]*value=\"([0-9]+)\".*", "$1");
    assertThat(problems(submit(ada, slot, form("attempt", "1" + attempt, "policy", "0"))))
        .containsExactly("missing-attempt");
    assertThat(problems(submit(ada, slot, form("attempt", attempt, "policy", "1"))))
        .containsExactly("missing-policy");
    assertThat(
            problems(submit(ada, slot, form("attempt", attempt, "policy", "3", "severity", "1"))))
        .containsExactly("missing-policy");
    assertThat(outcome(submit(ada, slot, form("attempt", attempt, "policy", "0", "severity", "3"))))
        .isEqualTo("200 accepted");
    assertThat(project.answers(jdbc).getFirst())
        .contains("\"policy\": \"\"", "\"prompt\": \"<b>Say it</b>\"", "\"severity\": 0");
  }

  private static HttpResponse<String> ask(DeskVisitor visitor, long slot, String text)
      throws Exception {
    return visitor.postForm("/label/work/" + slot + "/attempts", Map.of("text", text), "text/html");
  }

  @Test
  void who_keeps_away_from_a_kind_of_harm_is_not_asked_and_may_come_back() throws Exception {
    WorkProject before = WorkProject.create(jdbc, RED_TEAM, 1, List.of(new Item("Try it.")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(before.id());
    assertThat(ada.postForm("/label/harms", Map.of("away", "CRIME"), "text/html").statusCode())
        .isEqualTo(302);
    assertThat(ada.page("/label/work/" + slot).statusCode()).isEqualTo(404);
    WorkProject after = WorkProject.create(jdbc, RED_TEAM, 1, List.of(new Item("Try that.")));
    for (WorkProject project : List.of(before, after)) {
      assertThat(
              DeskVisitor.json(ada.get("/label/next?project=" + project.id(), "application/json"))
                  .get("outcome")
                  .asString())
          .isEqualTo("all-done-by-you");
    }
    assertThat(ada.page("/label/harms").body())
        .containsPattern("value=\"CRIME\"[^>]*checked")
        .doesNotContainPattern("value=\"HATE\"[^>]*checked");
    ada.postForm("/label/harms", Map.of("away", "HATE"), "text/html");
    ada.claim(before.id());
    ada.claim(after.id());
  }

  @Test
  void after_many_attempts_a_break_is_called_for() throws Exception {
    WorkProject project = WorkProject.create(jdbc, RED_TEAM, 1, List.of(new Item("Try it.")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    for (int i = 1; i < RedTeamController.MANY; i++) {
      assertThat(ask(ada, slot, "Say it " + i).body()).doesNotContain("good moment for a break");
    }
    assertThat(ask(ada, slot, "Say it again").body()).contains("good moment for a break");
    assertThat(ada.page("/label/work/" + slot).body()).contains("good moment for a break");
  }

  @Test
  void only_a_draft_of_the_task_is_one() throws Exception {
    WorkProject project = WorkProject.create(jdbc, GRADE, 1, List.of(new Item("Why?", "So.")));
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    for (String body :
        List.of(
            "{\"fields\":{\"level.truthfulness\":\"1\"}}",
            "{\"fields\":{\"level.concision\":null}}",
            "{\"fields\":{},\"strength\":2}",
            "{\"activeMillis\":1}",
            "[]")) {
      assertThat(ada.draft("work/" + slot, body).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(
            ada.draft("work/" + slot, "{\"fields\":{\"level.concision\":\"1\"},\"activeMillis\":7}")
                .statusCode())
        .isEqualTo(200);
    assertThat(ada.page("/label/work/" + slot).body())
        .containsPattern("name=\"level.concision\" value=\"1\"[^>]*checked");
  }

  @Test
  void a_task_of_somebody_else_or_of_another_kind_does_not_exist() throws Exception {
    WorkProject project = WorkProject.create(jdbc, GRADE, 2, List.of(new Item("Why?", "So.")));
    LabellingProject pairs = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    DeskVisitor ben = annotator();
    long slot = ada.claim(project.id());
    long pair = ada.claim(pairs.id());
    assertThat(ben.page("/label/work/" + slot).statusCode()).isEqualTo(404);
    assertThat(submit(ben, slot, form("level.concision", "1")).statusCode()).isEqualTo(404);
    assertThat(ada.page("/label/work/" + pair).statusCode()).isEqualTo(404);
    assertThat(ada.get("/label/" + slot + ".json", "application/json").statusCode()).isEqualTo(404);
    assertThat(ada.page("/label/" + slot).headers().firstValue("Location").orElse(""))
        .endsWith("/label/work/" + slot);
    // A comparison's form is no judgement of another kind.
    assertThat(ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 2)).statusCode())
        .isEqualTo(404);
    assertThat(project.answers(jdbc)).isEmpty();
  }

  @Test
  void nothing_that_is_sent_tells_who_answered_or_in_which_order_the_task_has_its_answers()
      throws Exception {
    Item item = new Item("Which?", "first", "second", "third");
    List<WorkProject> projects =
        List.of(
            WorkProject.create(jdbc, GRADE, 1, List.of(new Item("Why?", "So."))),
            WorkProject.create(
                jdbc, new Question.Choice(true), 1, List.of(new Item("Which?", "first", "second"))),
            WorkProject.create(jdbc, new Question.Rank(true), 1, List.of(item)),
            WorkProject.create(jdbc, new Question.Demonstration(1), 1, List.of(new Item("Q"))),
            WorkProject.create(jdbc, RED_TEAM, 1, List.of(new Item("Try it."))),
            WorkProject.create(jdbc, new Question.Edit(), 1, List.of(new Item("Why?", "So."))),
            WorkProject.create(
                jdbc, new Question.Span(List.of("Rude")), 1, List.of(new Item("Why?", "So."))));
    DeskVisitor ada = annotator();
    List<HttpResponse<String>> sent = new ArrayList<>();
    sent.add(ada.page("/label"));
    for (WorkProject project : projects) {
      long slot = ada.claim(project.id());
      sent.add(ada.page("/label/work/" + slot));
      HttpResponse<String> data = ada.get("/label/work/" + slot + ".json", "application/json");
      sent.add(data);
      sent.add(ada.draft("work/" + slot, "{\"fields\":{\"reason\":\"x\"}}"));
      sent.add(ada.postForm("/label/work/" + slot + "/heartbeat", Map.of(), "application/json"));
      sent.add(ada.postForm("/label/work/" + slot, form(), "text/html"));
      HttpResponse<String> asked = ask(ada, slot, "Say it");
      String attempt =
          asked.statusCode() != 200
              ? "0"
              : asked.body().replaceAll("(?s).*name=\"attempt\"[^>]*value=\"([0-9]+)\".*", "$1");
      sent.add(asked);
      sent.add(ask(ada, slot, "Be busy"));
      sent.add(
          submit(
              ada,
              slot,
              form(
                  "choice",
                  "bad",
                  "attempt",
                  attempt,
                  "policy",
                  "2",
                  "severity",
                  "3",
                  "level.concision",
                  "1",
                  "place.0",
                  "1",
                  "place.1",
                  "2",
                  "place.2",
                  "2",
                  "text",
                  "An answer.",
                  "passages",
                  "[]")));
      JsonNode node = DeskVisitor.json(data);
      assertThat(node.propertyNames())
          .containsExactlyInAnyOrder(
              "slot",
              "project",
              "ordinal",
              "overlap",
              "question",
              "prompt",
              "answers",
              "guidelineVersion",
              "leasedUntil");
    }
    sent.add(ada.page("/label/done"));
    for (HttpResponse<String> answer : sent) {
      String everything = answer.headers().map() + answer.body();
      for (String secret : LabellingProject.SECRETS) {
        assertThat(everything)
            .as("%s %s", answer.request().method(), answer.uri())
            .doesNotContainIgnoringCase(secret);
      }
      assertThat(everything)
          .doesNotContain("shown\"", "shuffle", "response_id", "responseId", "taskKey", "promptKey")
          .doesNotContain("setup_id", "setupId");
    }
    assertThat(projects).allMatch(project -> project.answers(jdbc).size() == 1);
    assertThat(ada.page("/label/done").body())
        .contains("Both bad", "Concision: Fair", "A 1 · B 2 · C 2", "An answer.", "Nothing marked")
        .contains("Helps with a crime: Say it");
  }
}
