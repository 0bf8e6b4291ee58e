package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.web.Trail;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Role;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A lead decides of other kinds of tasks over HTTP. Two people did three tasks of each and differ
/// in one.
class KindAdjudicationRoomsIT {
  private static RunningServer server;
  private static Browser lead;
  private static Browser engineer;

  private AnsweredKinds answered;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    server.person("lena", Role.LEAD);
    server.person("edda", Role.ENGINEER);
    lead = server.signedIn("lena");
    engineer = server.signedIn("edda");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void answers() {
    answered = new AnsweredKinds(server);
  }

  private String root() {
    return "/projects/" + answered.projectId;
  }

  private String list(String kind) {
    return root() + "/adjudication/kinds?setup=" + answered.setups.get(kind);
  }

  private String one(String kind) {
    return root() + "/adjudication/kinds/" + answered.task(kind);
  }

  private static Document page(String path) {
    var answer = lead.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  private static HttpResponse<String> decide(
      String task, Document seen, String verdict, String reason, Map<String, String> more) {
    Map<String, String> fields = new HashMap<>(more);
    fields.put("verdict", verdict);
    fields.put("reason", reason);
    fields.put("named", seen.select("input[name=named]").val());
    fields.put(
        "judgement",
        String.join(",", seen.select("#judgement input[name=judgement]").eachAttr("value")));
    return lead.post(task, fields);
  }

  @Test
  void each_kind_has_its_list_and_is_decided_without_names_and_noted() {
    Map<String, Map<String, String>> own =
        Map.of(
            "GRADE", Map.of("level.tone", "2"),
            "CHOICE", Map.of("choice", "-1"),
            "RANK", Map.of("place.0", "1", "place.1", "1"),
            "SPAN", Map.of("passages", "[{\"from\":0,\"to\":3,\"reason\":\"Rude\"}]"));
    Map<String, String> words =
        Map.of(
            "GRADE", "Tone: warm",
            "CHOICE", "A slightly better",
            "RANK", "A = B",
            "SPAN", "(Rude)");
    lead.post(
        root() + "/adjudication/kinds/rule",
        Map.of("setup", String.valueOf(answered.setups.get("SPAN")), "bound", "70"));
    own.forEach((kind, fields) -> {
      assertThat(page(list(kind)).select("#counts").text())
          .as(kind)
          .isEqualTo("Waiting: 1. Decided: 0.");
      assertThat(page(list(kind)).select("#tasks tbody th a").attr("href")).isEqualTo(one(kind));
      Document blind = page(one(kind));
      assertThat(blind.select("#said").text())
          .contains("Judge 1", "Judge 2")
          .doesNotContain("kind-one", "kind-two");
      assertThat(page(one(kind) + "?named=true").select("#said").text())
          .contains("kind-one", "kind-two");
      assertThat(decide(one(kind), blind, "own", "by the source", fields).statusCode())
          .as(kind)
          .isEqualTo(302);
      assertThat(page(list(kind)).select("#counts").text())
          .as(kind)
          .isEqualTo("Waiting: 0. Decided: 1.");
      assertThat(page(list(kind) + "&show=decided").select("#tasks tbody tr")).hasSize(1);
      assertThat(page(one(kind)).select("#decisions").text())
          .contains(words.get(kind), "by the source", "by Shown lena, names hidden", "answers: 2");
      AuditEvent event = Trail.lastChange(server.bean(AuditRepository.class));
      assertThat(event.action()).isEqualTo("quality.adjudicate");
      assertThat(event.detail()).contains("\"named\"").contains(kind);
    });
    // A later one takes its place, and is the first of the list.
    assertThat(decide(one("GRADE"), page(one("GRADE")), "none", "unclear", Map.of()).statusCode())
        .isEqualTo(302);
    assertThat(page(one("GRADE")).select("#decisions li").eachText())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("No answer can be had unclear");
  }

  @Test
  void a_form_that_is_not_complete_comes_back_with_what_it_held() {
    Document blind = page(one("GRADE"));
    HttpResponse<String> missing =
        decide(one("GRADE"), blind, "own", "  ", Map.of("level.tone", "2"));
    assertThat(missing.statusCode()).isEqualTo(422);
    Document again = Jsoup.parse(missing.body());
    assertThat(again.select("#problems").text()).contains("needs a reason");
    assertThat(again.select("input[name=level.tone][value=2]").hasAttr("checked")).isTrue();
    HttpResponse<String> empty = decide(one("RANK"), page(one("RANK")), "own", "why", Map.of());
    assertThat(empty.statusCode()).isEqualTo(422);
    assertThat(Jsoup.parse(empty.body()).select("#problems").text())
        .contains("Give every answer a place.");
    assertThat(Jsoup.parse(empty.body()).select("#reason").text()).isEqualTo("why");
    assertThat(decide(one("RANK"), blind, "perhaps", "why", Map.of()).statusCode()).isEqualTo(400);
    assertThat(decide(one("GRADE"), blind, "counts", "why", Map.of("counts", "1")).statusCode())
        .as("grades have no text that could count")
        .isEqualTo(400);
  }

  @Test
  void a_page_from_before_an_answer_went_decides_nothing() {
    String task = one("CHOICE");
    Document before = page(task);
    List<String> judgements = before.select("#said input[name=judgement]").eachAttr("value");
    Map<String, String> slip = Map.of("judgement", judgements.getFirst(), "note", "a slip");
    assertThat(lead.post(task + "/withdraw", slip).statusCode()).isEqualTo(302);
    assertThat(page(task).select("#withdrawn").text()).contains("a slip", "Name hidden");
    HttpResponse<String> late = decide(task, before, "own", "late", Map.of("choice", "2"));
    assertThat(late.statusCode()).isEqualTo(409);
    Document again = Jsoup.parse(late.body());
    assertThat(again.select("#problems").text()).contains("Answers have come or gone");
    assertThat(again.select("#reason").text()).isEqualTo("late");
    assertThat(again.select("input[name=choice][value=2]").hasAttr("checked")).isTrue();
    assertThat(lead.post(task + "/withdraw", slip).statusCode())
        .as("it is gone already")
        .isEqualTo(404);
    assertThat(page(list("CHOICE")).select("#counts").text()).isEqualTo("Waiting: 0. Decided: 0.");
    assertThat(decide(task, again, "own", "late", Map.of("choice", "2")).statusCode())
        .isEqualTo(302);
  }

  private static Map<String, String> start(Document seen, String judgement) {
    return Map.of(
        "start",
        judgement,
        "named",
        seen.select("input[name=named]").val(),
        "judgement",
        String.join(",", seen.select("#judgement input[name=judgement]").eachAttr("value")),
        "reason",
        "half a reas");
  }

  /// What the form of a page holds of an answer.
  private static Map<String, String> held(Document page) {
    Map<String, String> held = new HashMap<>();
    for (Element field :
        page.select("#judgement input[type=radio][checked], #judgement input[name=passages]")) {
      held.put(field.attr("name"), field.val());
    }
    return held;
  }

  /// What was kept is compared with what the judge said, whatever order that judge saw.
  @Test
  void a_form_that_starts_from_an_answer_holds_exactly_that_answer() {
    for (String kind : List.of("GRADE", "CHOICE", "RANK", "SPAN")) {
      String task = one(kind);
      Document blind = page(task);
      assertThat(blind.select("[form=judgement], #judgement button").first().val())
          .as("what Enter in a field of %s does without a script", kind)
          .isEqualTo("own");
      List<Element> starts = blind.select("#said [name=start]");
      assertThat(starts).as(kind).hasSize(2);
      for (int judge = 0; judge < starts.size(); judge++) {
        String judgement = starts.get(judge).val();
        HttpResponse<String> answer = lead.post(task, start(blind, judgement));
        assertThat(answer.statusCode()).as(kind).isEqualTo(200);
        Document filled = Jsoup.parse(answer.body());
        assertThat(filled.select("[data-role=started]").text())
            .startsWith("Started from the answer of Judge " + (judge + 1) + ".");
        assertThat(filled.select("#reason").text()).isEqualTo("half a reas");
        assertThat(filled.text()).doesNotContain("kind-one", "kind-two");
        Map<String, String> held = held(filled);
        assertThat(JsonMapper.shared().readValue(starts.get(judge).attr("data-fields"), Map.class))
            .as("what a script fills in")
            .isEqualTo(held);
        held.put("from", filled.select("#judgement [name=from]").val());
        assertThat(decide(task, filled, "own", "as they say", held).statusCode()).isEqualTo(302);
        assertThat(same(judgement)).as(kind + " " + held).isTrue();
        assertThat(Trail.lastChange(server.bean(AuditRepository.class)).detail())
            .contains("\"from\": " + judgement + ",");
      }
    }
  }

  /// Whether the last word on a judgement's task is what that judgement says.
  private static boolean same(String judgement) {
    return server
        .database()
        .jdbc()
        .sql(
            """
            select d.answer - 'shown' = j.answer - 'shown'
            from judgement j
            join last_decision d on d.task_id = j.task_id
            where j.id = :judgement
            """)
        .param("judgement", Long.parseLong(judgement))
        .query(Boolean.class)
        .single();
  }

  @Test
  void a_form_starts_from_no_text_no_other_tasks_answer_and_none_that_is_gone() {
    String task = one("CHOICE");
    Document before = page(task);
    String first = before.select("#said [name=start]").first().val();
    String last = before.select("#said [name=start]").last().val();
    Document started = Jsoup.parse(lead.post(task, start(before, first)).body());
    lead.post(task + "/withdraw", Map.of("judgement", first, "note", "a slip"));
    HttpResponse<String> gone = lead.post(task, start(before, first));
    assertThat(gone.statusCode()).isEqualTo(409);
    assertThat(Jsoup.parse(gone.body()).select("#problems").text())
        .contains("Answers have come or gone");
    assertThat(Jsoup.parse(gone.body()).select("#reason").text()).isEqualTo("half a reas");
    // A form that began with it keeps what it holds, and no decision is traced to what is gone.
    Map<String, String> held = held(started);
    held.put("from", first);
    HttpResponse<String> late = decide(task, started, "own", "late", held);
    assertThat(late.statusCode()).isEqualTo(409);
    Document again = Jsoup.parse(late.body());
    assertThat(held(again)).isEqualTo(held(started));
    assertThat(again.select("#judgement [name=from]").val()).isEmpty();
    assertThat(again.select("[data-role=started]").text()).isEmpty();
    assertThat(decide(task, again, "own", "x", Map.of("choice", "1", "from", first)).statusCode())
        .isEqualTo(400);
    assertThat(decide(task, again, "own", "why", held(again)).statusCode()).isEqualTo(302);
    assertThat(Trail.lastChange(server.bean(AuditRepository.class)).detail())
        .doesNotContain("from");
    Document grades = page(one("GRADE"));
    assertThat(lead.post(one("GRADE"), start(grades, last)).statusCode())
        .as("an answer of another task")
        .isEqualTo(409);
    Document texts = page(one("EDIT"));
    assertThat(texts.select("[name=start], [name=from]")).isEmpty();
    assertThat(
            lead.post(one("EDIT"), start(texts, texts.select("input[name=counts]").first().val()))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void of_texts_the_lead_says_whose_counts_and_red_team_tasks_say_why_there_is_nothing() {
    assertThat(page(list("DEMONSTRATION")).select("#counts").text())
        .isEqualTo("Waiting: 3. Decided: 0.");
    String task = one("DEMONSTRATION");
    Document blind = page(task);
    assertThat(blind.select("[name=counts]")).hasSize(2);
    assertThat(decide(task, blind, "counts", "why", Map.of()).statusCode()).isEqualTo(422);
    String second = blind.select("[name=counts]").last().val();
    assertThat(decide(task, blind, "counts", "the clearer one", Map.of("counts", second)))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(302);
    assertThat(page(task).select("#decisions").text()).contains("Pitch a tent.", "the clearer one");
    assertThat(decide(task, blind, "counts", "x", Map.of("counts", "1")).statusCode())
        .as("a judgement that is none of the task")
        .isEqualTo(400);
    assertThat(page(list("RED_TEAM")).select("main").text())
        .contains("Red-team tasks are not adjudicated", "people ask different things");
    Document attacked = page(one("RED_TEAM"));
    assertThat(attacked.select("main").text()).contains("people ask different things");
    assertThat(attacked.select("#judgement")).isEmpty();
    assertThat(attacked.select("#said form")).as("withdrawal").hasSize(2);
    assertThat(decide(one("RED_TEAM"), attacked, "none", "x", Map.of()).statusCode())
        .isEqualTo(400);
  }

  /// One of the two chose the decided side: Wilson's interval of 1 of 2, by hand with z = 1.959964,
  /// is 0.0945 to 0.9055. Of the passages 0 to 4 and 0 to 2 beside 0 to 4, F1 is 1 and 2*2/6.
  @Test
  void the_quality_page_compares_answers_with_decisions() {
    String quality = root() + "/quality/kinds";
    assertThat(page(quality + "?setup=" + answered.setups.get("CHOICE")).select("#decided").text())
        .contains("no answered task was decided");
    String said = page(one("CHOICE")).select("#said tbody td").first().text();
    decide(
        one("CHOICE"),
        page(one("CHOICE")),
        "own",
        "why",
        Map.of("choice", said.startsWith("A") ? "-1" : "1"));
    JsonNode choice = json(quality, "CHOICE");
    assertThat(choice.path("tasks").asInt()).isOne();
    assertThat(choice.at("/agreement/choice/value").asDouble()).isEqualTo(0.5);
    assertThat(choice.at("/agreement/choice/low").asDouble()).isBetween(0.0945, 0.0946);
    assertThat(choice.at("/agreement/choice/n").asInt()).isEqualTo(2);
    assertThat(page(quality + "?setup=" + answered.setups.get("CHOICE")).select("#decided").text())
        .contains("Answers that chose the decided side", "50.0", "9.5 % to 90.5 %");
    decide(
        one("SPAN"),
        page(one("SPAN")),
        "own",
        "why",
        Map.of("passages", "[{\"from\":0,\"to\":4,\"reason\":\"Wrong\"}]"));
    assertThat(json(quality, "SPAN").at("/agreement/f1/value").asDouble())
        .isEqualTo((1 + 4 / 6.0) / 2);
    decide(one("GRADE"), page(one("GRADE")), "none", "why", Map.of());
    JsonNode grade = json(quality, "GRADE");
    assertThat(grade.path("withoutAnswer").asInt()).isOne();
    assertThat(grade.at("/agreement/tone/undefined").asString()).contains("no answered task");
  }

  private JsonNode json(String quality, String kind) {
    return JsonMapper.shared()
        .readTree(
            lead.send(
                    "GET",
                    quality + ".json?setup=" + answered.setups.get(kind),
                    "Accept",
                    "application/json")
                .body())
        .path("decisions");
  }

  @Test
  void a_rule_is_kept_and_only_leads_of_the_project_reach_any_of_it() {
    String rule = root() + "/adjudication/kinds/rule";
    String setup = String.valueOf(answered.setups.get("SPAN"));
    assertThat(page(list("SPAN")).select("#counts").text()).isEqualTo("Waiting: 0. Decided: 0.");
    assertThat(lead.post(rule, Map.of("setup", setup, "bound", "67")).statusCode()).isEqualTo(302);
    Document ruled = page(list("SPAN"));
    assertThat(ruled.select("#counts").text()).isEqualTo("Waiting: 1. Decided: 0.");
    assertThat(ruled.select("#bound option[selected]").val()).isEqualTo("67");
    assertThat(ruled.select("#tasks td.num").last().text()).isEqualTo("0.67");
    assertThat(lead.post(rule, Map.of("setup", setup, "bound", "101")).statusCode()).isEqualTo(400);
    assertThat(lead.post(rule, Map.of("setup", "999999", "bound", "5")).statusCode())
        .isEqualTo(404);
    assertThat(engineer.get(list("SPAN")).statusCode()).isEqualTo(404);
    assertThat(engineer.get(one("SPAN")).statusCode()).isEqualTo(404);
    assertThat(lead.get(root() + "/adjudication/kinds/999999").statusCode()).isEqualTo(404);
    AnsweredKinds other = new AnsweredKinds(server);
    assertThat(lead.get(root() + "/adjudication/kinds/" + other.task("GRADE")).statusCode())
        .isEqualTo(404);
    assertThat(
            page("/projects/" + answered.projectId + "/quality/kinds/tasks/" + answered.taskId)
                .select("a[href$=/adjudication/kinds/" + answered.taskId + "]"))
        .hasSize(1);
    assertThat(
            Jsoup.parse(
                    engineer
                        .get(
                            "/projects/"
                                + answered.projectId
                                + "/quality/kinds/tasks/"
                                + answered.taskId)
                        .body())
                .select("a[href*=adjudication]"))
        .isEmpty();
  }
}
