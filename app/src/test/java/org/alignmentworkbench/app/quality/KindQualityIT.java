package org.alignmentworkbench.app.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignmentworkbench.app.AnsweredKinds;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.row.Columns;
import org.alignmentworkbench.model.agreement.PassageF1;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The quality of other kinds, from answers that went through the queue. Two people did three tasks
/// of each kind and differ in one.
class KindQualityIT {
  private static RunningServer server;
  private static AnsweredKinds answered;
  private static Browser lead;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    answered = new AnsweredKinds(server);
    server.person("lena", Role.LEAD);
    lead = server.signedIn("lena");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path() {
    return "/projects/" + answered.projectId + "/quality/kinds";
  }

  private static Document page(String kind) {
    return Jsoup.parse(lead.get(path() + "?setup=" + answered.setups.get(kind)).body());
  }

  private static JsonNode json(String kind) {
    return JsonMapper.shared()
        .readTree(
            lead.send(
                    "GET",
                    path() + ".json?setup=" + answered.setups.get(kind),
                    "Accept",
                    "application/json")
                .body());
  }

  /// Two of three units have two equal values each: percent agreement 2 of 3.
  @Test
  void grades_are_compared_by_dimension_week_language_and_pair() {
    JsonNode json = json("GRADE");
    assertThat(json.path("judgements").asInt()).isEqualTo(6);
    assertThat(json.path("people").asInt()).isEqualTo(2);
    assertThat(json.at("/measures/tone/percentAgreement/value").asDouble())
        .isCloseTo(2 / 3.0, within(1e-12));
    assertThat(json.path("weeks").size()).isEqualTo(1);
    assertThat(json.at("/pairs/0/units").asInt()).isEqualTo(3);
    assertThat(json.toString()).doesNotContain("kind-one");
    Document page = page("GRADE");
    assertThat(page.select("#agreement th[scope=row]").text()).isEqualTo("Tone");
    assertThat(page.select("#histogram th[scope=row]").eachText())
        .containsExactly("rude", "plain", "warm");
    assertThat(page.select("#histogram svg.count-bar")).hasSize(3);
    assertThat(page.select("#pairs tbody th").text()).contains("kind-one", "kind-two");
  }

  @Test
  void choices_have_a_choice_in_names_and_a_strength_in_order() {
    JsonNode json = json("CHOICE");
    assertThat(json.at("/measures/choice/values").asInt()).isEqualTo(6);
    assertThat(json.at("/measures/strength/values").asInt()).as("without both bad").isEqualTo(5);
    assertThat(json.at("/histogram/3/value").asInt()).as("both bad").isEqualTo(2);
    assertThat(json.at("/histogram/3/count").asInt()).isEqualTo(1);
    Document page = page("CHOICE");
    assertThat(page.select("#histogram th[scope=row]").eachText())
        .as("by the side, as the choice for an A means nothing")
        .containsExactly("Left: better", "Tie", "Right: better", "Both bad");
    assertThat(page.select("#confusion tbody th").eachText())
        .containsExactly("A better", "Tie", "B better", "Both bad");
    // Two people agree on two tasks and differ in the third: one value each, both ways round.
    assertThat(
            page.select("#confusion tbody td").stream()
                .mapToInt(cell -> Integer.parseInt(cell.text()))
                .sum())
        .isEqualTo(6);
    assertThat(json.at("/position/left").asInt() + json.at("/position/right").asInt()).isEqualTo(5);
    assertThat(page.select("#position .cell-why").text())
        .contains("no pair of answers was judged in both orders");
    assertThat(json.at("/votes/sameAsMajority/undefined").asString())
        .isEqualTo("it takes three people to tell who of them is reliable");
    assertThat(page.select("#same").text()).contains("it takes three people");
    assertThat(page.select("#figures .cell-why").text()).contains("nobody made a choice a second");
  }

  /// Two tasks with equal orders have W = 1, one with opposite orders 0: the mean is 2/3.
  @Test
  void rankings_have_the_order_of_two_answers_and_kendalls_w() {
    JsonNode json = json("RANK");
    assertThat(json.at("/measures/order/values").asInt()).isEqualTo(6);
    assertThat(json.at("/figures/kendallW/value").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(json.at("/figures/kendallW/n").asInt()).isEqualTo(3);
    assertThat(page("RANK").select("#figures th[scope=row]").text()).isEqualTo("Kendall's W");
  }

  /// Two tasks with equal passages have F1 = 1; one has 4 and 2 characters, 2 common: F1 = 2*2/6.
  @Test
  void passages_are_compared_by_characters() {
    JsonNode json = json("SPAN");
    assertThat(json.at("/figures/f1/value").asDouble())
        .isCloseTo((1 + 1 + 4 / 6.0) / 3, within(1e-12));
    assertThat(json.at("/figures/f1.Rude/undefined").asString()).contains("no two people");
    assertThat(json.at("/figures/nothing/value").asDouble()).isZero();
    assertThat(page("SPAN").select("#figures .cell-why").text()).contains("no two people");
  }

  @Test
  void red_team_answers_have_shares_by_policy_with_intervals_and_texts_say_why_there_is_nothing() {
    JsonNode json = json("RED_TEAM");
    assertThat(json.at("/figures/broken/value").asDouble()).isCloseTo(1 / 6.0, within(1e-12));
    // Wilson for 1 of 6, by the formula of Newcombe 1998, method 3.
    assertThat(json.at("/figures/broken/low").asDouble()).isCloseTo(0.0301, within(1e-4));
    assertThat(json.at("/figures/broken/high").asDouble()).isCloseTo(0.5635, within(1e-4));
    assertThat(json.at("/figures/policy.Helps with a crime/value").asDouble())
        .isCloseTo(1 / 6.0, within(1e-12));
    assertThat(json.at("/figures/severity.2/value").asDouble()).isCloseTo(1 / 6.0, within(1e-12));
    assertThat(page("DEMONSTRATION").select("main").text())
        .contains("Texts cannot be compared in numbers");
  }

  /// What is kept of a report is not kept longer than what it was made of.
  @Test
  void figures_are_those_of_the_answers_that_are_there() {
    AnsweredKinds own = new AnsweredKinds(server);
    String path =
        "/projects/%d/quality/kinds.json?setup=%d"
            .formatted(own.projectId, own.setups.get("GRADE"));
    String first = lead.send("GET", path, "Accept", "application/json").body();
    assertThat(lead.send("GET", path, "Accept", "application/json").body()).isEqualTo(first);
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    """
                    update judgement
                    set answer = '{"kind": "GRADE", "levels": {"tone": 0}}'
                    where task_id in (select id from task where setup_id = :s)
                    """)
                .param("s", own.setups.get("GRADE"))
                .update())
        .isEqualTo(6);
    JsonNode changed =
        JsonMapper.shared().readTree(lead.send("GET", path, "Accept", "application/json").body());
    assertThat(changed.at("/histogram/0/count").asInt()).isEqualTo(6);
    assertThat(changed.at("/measures/tone/alphaOrdinal/undefined").asString())
        .contains("everybody gave the same value");
  }

  @Test
  void scripts_are_counted_apart_and_a_set_up_of_another_project_is_not_there() {
    Document scripts =
        Jsoup.parse(
            lead.get(path() + "?judges=scripts&setup=" + answered.setups.get("GRADE")).body());
    assertThat(scripts.select("main").text()).contains("Nothing was answered yet");
    assertThat(lead.get(path() + "?setup=999999").statusCode()).isEqualTo(404);
    AnsweredKinds other = new AnsweredKinds(server);
    assertThat(lead.get(path() + "?setup=" + other.setups.get("GRADE")).statusCode())
        .isEqualTo(404);
    Document quality = Jsoup.parse(lead.get("/projects/" + answered.projectId + "/quality").body());
    // No comparison is judged: the empty room leads there too.
    assertThat(quality.select(".filters a[href$=/quality/kinds]")).hasSize(1);
    assertThat(quality.select(".empty a[href$=/quality/kinds]")).hasSize(1);
  }

  @Test
  void a_lead_says_what_is_known_of_a_task_and_forgets_it() {
    String task = path() + "/tasks/" + answered.taskId;
    Document first = Jsoup.parse(lead.get(task).body());
    assertThat(first.select("#known select option").eachText())
        .containsExactly("not known", "rude", "plain", "warm");
    assertThat(first.select("#said tbody tr")).hasSize(2);
    String csrf = lead.csrf("/account/password");
    lead.post(task + "/gold", Map.of("level.tone", "1", "attention", "true"), csrf);
    Document known = Jsoup.parse(lead.get(task).body());
    assertThat(known.select("#known option[selected]").text()).isEqualTo("plain");
    assertThat(known.select("#said td[data-label^=Against]").eachText())
        .hasSize(2)
        .isSubsetOf("right", "wrong");
    assertThat(page("GRADE").select("#tasks td").text()).contains("known");
    lead.post(task + "/gold", Map.of("level.tone", "7"), csrf);
    assertThat(Jsoup.parse(lead.get(task).body()).select("#known option[selected]").text())
        .as("what breaks a rule changes nothing")
        .isEqualTo("plain");
    assertThat(lead.get("/projects/" + answered.projectId + "/quality").statusCode())
        .isEqualTo(200);
    assertThat(lead.get("/projects/" + answered.projectId + "/checks").statusCode()).isEqualTo(200);
    lead.post(task + "/gold", Map.of("level.tone", ""), csrf);
    assertThat(Jsoup.parse(lead.get(task).body()).select("#known option[selected]").text())
        .isEqualTo("not known");
    assertThat(lead.get(path() + "/tasks/999999").statusCode()).isEqualTo(404);
  }

  private static Document task(String path) {
    var answer = lead.get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  /// One marked 0..4, the other 0..2: with 0..4 an F1 of 1 and of 2 * 2 / 6.
  @Test
  void a_lead_marks_known_passages_by_the_form_of_annotators_and_forgets_them() {
    AnsweredKinds own = new AnsweredKinds(server);
    String path = "/projects/%d/quality/kinds/tasks/%d".formatted(own.projectId, own.task("SPAN"));
    Document first = task(path);
    assertThat(first.select("#known-now").text()).startsWith("Nothing is known yet.");
    assertThat(first.select("#known [data-role=passages]").val()).isEqualTo("[]");
    assertThat(first.select("#known [data-role=mark]").eachText())
        .containsExactly("1 Wrong", "2 Rude");
    assertThat(first.select("#atLeast option[selected]").text()).isEqualTo("50 %");
    assertThat(first.select("[data-role=forget]")).isEmpty();
    String four = "[{\"from\":0,\"to\":4,\"reason\":\"Wrong\"}]";
    lead.post(path + "/gold", Map.of("passages", four, "atLeast", "65", "attention", "true"));
    Document known = task(path);
    assertThat(known.select("#known-now").text()).isEqualTo("Known: “Resp” (Wrong)");
    assertThat(JsonMapper.shared().readTree(known.select("[data-role=passages]").val()))
        .isEqualTo(JsonMapper.shared().readTree(four));
    assertThat(known.select("#atLeast option[selected]").text()).isEqualTo("65 %");
    assertThat(known.select("#known [name=attention]").hasAttr("checked")).isTrue();
    assertThat(found(known)).containsExactly("right", "right");
    AuditEvent noted =
        server.bean(AuditRepository.class).latest(20).stream()
            .filter(event -> event.action().equals("quality.gold"))
            .findFirst()
            .orElseThrow();
    assertThat(noted.subject()).endsWith("task " + own.task("SPAN"));
    // The trail keeps JSON as the database writes it.
    assertThat(noted.detail().replace(" ", ""))
        .contains("\"passages\"", "\"atLeast\":65", "\"attention\":true");
    lead.post(path + "/gold", Map.of("passages", four, "atLeast", "70"));
    assertThat(found(task(path))).containsExactlyInAnyOrder("right", "wrong");

    String outside = "[{\"from\":0,\"to\":4000,\"reason\":\"Wrong\"}]";
    var refused =
        lead.post(
            path + "/gold", Map.of("passages", outside, "atLeast", "85", "attention", "true"));
    assertThat(refused.statusCode()).isEqualTo(422);
    Document again = Jsoup.parse(refused.body());
    assertThat(again.select("main .notice-bad").text()).startsWith("Nothing was kept");
    assertThat(again.select("[data-role=passages]").val()).isEqualTo(outside);
    assertThat(again.select("#atLeast option[selected]").text()).isEqualTo("85 %");
    assertThat(again.select("#known [name=attention]").hasAttr("checked")).isTrue();
    assertThat(lead.post(path + "/gold", Map.of("passages", four, "atLeast", "101")).statusCode())
        .isEqualTo(422);
    assertThat(found(task(path))).as("nothing changed").contains("right", "wrong");

    lead.post(path + "/gold", Map.of("passages", "[]", "atLeast", "1"));
    assertThat(task(path).select("#known-now").text()).isEqualTo("Known: Nothing marked");
    assertThat(found(task(path))).containsExactly("wrong", "wrong");
    assertThat(task(path).select("[data-role=forget]")).hasSize(1);
    lead.post(path + "/gold", Map.of());
    assertThat(task(path).select("#known-now").text()).startsWith("Nothing is known yet.");
    assertThat(found(task(path))).containsOnly("–");
  }

  private static List<String> found(Document task) {
    return task.select("#said td[data-label^=Against]").eachText();
  }

  /// A browser counts CR LF as one, the text has two.
  @Test
  void known_passages_are_of_the_text_as_it_is_stored() {
    AnsweredKinds own = new AnsweredKinds(server);
    long task = own.task("SPAN");
    server
        .database()
        .jdbc()
        .sql(
            """
            update response
            set text = E'a\\r\\nbc😀d'
            where id = (select response_id from task_answer where task_id = ?)
            """)
        .param(task)
        .update();
    String path = "/projects/%d/quality/kinds/tasks/%d".formatted(own.projectId, task);
    String shown = "[{\"from\":2,\"to\":5,\"reason\":\"Rude\"}]";
    lead.post(path + "/gold", Map.of("passages", shown, "atLeast", "50"));
    assertThat(
            server
                .database()
                .jdbc()
                .sql("select known #>> '{passages,0}' from gold where task_id = ?")
                .param(task)
                .query(String.class)
                .single())
        .contains("\"from\": 3", "\"to\": 6");
    Document known = task(path);
    assertThat(known.select("#known-now").text()).isEqualTo("Known: “bc😀” (Rude)");
    assertThat(JsonMapper.shared().readTree(known.select("[data-role=passages]").val()))
        .isEqualTo(JsonMapper.shared().readTree(shown));
  }

  @Test
  void only_leads_mark_and_texts_have_no_known_answer() {
    server.person("edda", Role.ENGINEER);
    Browser engineer = server.signedIn("edda");
    String span = path() + "/tasks/" + answered.task("SPAN");
    Document looked = Jsoup.parse(engineer.get(span).body());
    assertThat(looked.select("#known form")).isEmpty();
    assertThat(looked.select("#known-now")).hasSize(1);
    assertThat(engineer.post(span + "/gold", Map.of("passages", "[]")).statusCode()).isEqualTo(404);
    for (String kind : List.of("DEMONSTRATION", "EDIT", "RED_TEAM")) {
      assertThat(task(path() + "/tasks/" + answered.task(kind)).select("#known"))
          .as(kind)
          .isEmpty();
    }
  }

  /// What is disputed and what is right the database counts; the figures are counted here. Passages
  /// of each reason are laid on a stretch of characters of its own.
  @Test
  void the_databases_f1_is_that_of_the_figures() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      List<Answer.Passage> one = drawn(random);
      List<Answer.Passage> other = drawn(random);
      Double percent =
          server
              .database()
              .jdbc()
              .sql("select passages_f1(?::jsonb, ?::jsonb)")
              .params(
                  JsonMapper.shared().writeValueAsString(one),
                  JsonMapper.shared().writeValueAsString(other))
              .query((row, _) -> Columns.doubleOrNull(row, "passages_f1"))
              .list()
              .getFirst();
      OptionalDouble f1 = PassageF1.of(apart(one), apart(other));
      if (f1.isEmpty()) {
        assertThat(percent).isNull();
      } else {
        assertThat(percent).as("%s %s", one, other).isCloseTo(100 * f1.getAsDouble(), within(1e-9));
      }
    }
  }

  private static List<Answer.Passage> drawn(Random random) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(_ -> {
          int from = random.nextInt(20);
          return new Answer.Passage(
              from, from + 1 + random.nextInt(12), random.nextBoolean() ? "Wrong" : "Rude");
        })
        .toList();
  }

  private static List<PassageF1.Span> apart(List<Answer.Passage> passages) {
    return passages.stream()
        .map(passage -> {
          int of = passage.reason().equals("Rude") ? 100 : 0;
          return new PassageF1.Span(of + passage.from(), of + passage.to());
        })
        .toList();
  }
}
