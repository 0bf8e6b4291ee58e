package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Submission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
    classes = DeskApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DeskIT {
  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;
  @Autowired private TurnedClock clock;

  private final List<DeskVisitor> visitors = new ArrayList<>();

  @AfterEach
  void everybodyLeaves() {
    visitors.forEach(DeskVisitor::close);
    clock.reset();
    // Projects of other tests must not show in an overview.
    jdbc.sql("update project set state = 'FINISHED'").update();
  }

  private DeskVisitor visitor(Role role) throws Exception {
    DeskVisitor visitor = new DeskVisitor(port, LabellingProject.person(jdbc, role));
    visitors.add(visitor);
    return visitor;
  }

  private DeskVisitor annotator() throws Exception {
    return visitor(Role.ANNOTATOR);
  }

  private long judgements(long slot) {
    return jdbc.sql("select count(*) from judgement where slot_id = ?")
        .param(slot)
        .query(Long.class)
        .single();
  }

  @Test
  void a_pair_is_claimed_drafted_submitted_and_submitted_again() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    DeskVisitor ada = annotator();
    HttpResponse<String> next = ada.page("/label/next?project=" + project.id());
    assertThat(next.statusCode()).isEqualTo(302);
    String path =
        next.headers().firstValue("Location").orElseThrow().replaceFirst(".*(/label/\\d+).*", "$1");
    long slot = Long.parseLong(path.substring(7));

    String page = ada.page(path).body();
    assertThat(page)
        .contains(
            "data-role=\"prompt\">",
            ">Question ",
            "data-role=\"answer-left\">",
            "data-role=\"answer-right\">")
        .contains("Judgement 1 of 1 wanted");
    assertThat(
            ada.draft(slot, "{\"strength\":-3,\"reason\":\"so far\",\"activeMillis\":900}")
                .statusCode())
        .isEqualTo(200);
    assertThat(ada.page(path).body()).contains("Draft restored", ">so far</textarea>");

    Map<String, String> judgement = DeskVisitor.judgement(UUID.randomUUID(), -3);
    HttpResponse<String> first = ada.postForm(path, judgement, "text/html");
    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(first.headers().firstValue("Location").orElseThrow())
        .endsWith("/label/next?project=" + project.id() + "&after=saved");
    JsonNode again = DeskVisitor.json(ada.submit(slot, judgement));
    assertThat(again.get("outcome").asString()).isEqualTo("accepted");
    assertThat(again.get("repeated").asBoolean()).isTrue();
    assertThat(judgements(slot)).isEqualTo(1);
    // The same pair under another key is a conflict, and the first judgement stands.
    HttpResponse<String> other = ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 4));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(judgements(slot)).isEqualTo(1);
    assertThat(
            jdbc.sql("select count(*) from draft where slot_id = ?")
                .param(slot)
                .query(Long.class)
                .single())
        .isZero();
    // Done is done: the page is gone.
    assertThat(ada.page(path).statusCode()).isEqualTo(404);
  }

  @Test
  void left_and_right_become_a_and_b_as_the_slot_showed_them() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 8, 1);
    DeskVisitor ada = annotator();
    Map<Boolean, Integer> strengthByOrder = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      long slot = ada.claim(project.id());
      JsonNode pair = DeskVisitor.json(ada.get("/label/" + slot + ".json", "application/json"));
      record Stored(boolean aLeft, int strength, String leftConcision, String a, String b) {}
      assertThat(ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), -2)).statusCode())
          .isEqualTo(200);
      Stored stored =
          jdbc.sql(
                  """
                  select j.a_left, j.strength,
                    j.grades -> case when j.a_left then 'a' else 'b' end ->> 'concision',
                    a.text, b.text
                  from judgement j
                  join task t on t.id = j.task_id
                  join response a on a.id = t.response_a
                  join response b on b.id = t.response_b
                  where j.slot_id = ?
                  """)
              .param(slot)
              .query((row, n) ->
                  new Stored(
                      row.getBoolean(1),
                      row.getInt(2),
                      row.getString(3),
                      row.getString(4),
                      row.getString(5)))
              .single();
      assertThat(pair.get("left").asString()).isEqualTo(stored.aLeft() ? stored.a() : stored.b());
      assertThat(pair.get("right").asString()).isEqualTo(stored.aLeft() ? stored.b() : stored.a());
      // -2 is "left is slightly better": A's side when A was left, B's otherwise.
      assertThat(stored.strength()).isEqualTo(stored.aLeft() ? -2 : 2);
      // The form graded the left answer's concision 1.
      assertThat(stored.leftConcision()).isEqualTo("1");
      strengthByOrder.put(stored.aLeft(), stored.strength());
    }
    // Both orders must have come up, or this test has shown nothing.
    assertThat(strengthByOrder).hasSize(2);
  }

  @Test
  void a_slot_in_other_hands_does_not_exist() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    DeskVisitor bob = annotator();
    long slot = ada.claim(project.id());
    for (long not : new long[] {slot, 999_999_999L}) {
      assertThat(bob.page("/label/" + not).statusCode()).isEqualTo(404);
      assertThat(bob.get("/label/" + not + ".json", "application/json").statusCode())
          .isEqualTo(404);
      assertThat(bob.draft(not, "{\"strength\":1}").statusCode()).isEqualTo(404);
      assertThat(bob.heartbeat(not).statusCode()).isEqualTo(404);
      assertThat(
              bob.postForm("/label/" + not + "/skip", Map.of("why", "same"), "application/json")
                  .statusCode())
          .isEqualTo(404);
      assertThat(bob.submit(not, DeskVisitor.judgement(UUID.randomUUID(), 1)).statusCode())
          .isEqualTo(404);
      assertThat(bob.submit(not, Map.of()).statusCode()).isEqualTo(404);
    }
    assertThat(judgements(slot)).isZero();
    assertThat(ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 1)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void nothing_tells_who_answered() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 3, 2);
    DeskVisitor ada = annotator();
    List<HttpResponse<String>> seen = new ArrayList<>();
    seen.add(ada.page("/label"));
    for (int i = 0; i < 2; i++) {
      seen.add(ada.get("/label/next?project=" + project.id(), "application/json"));
      long slot = DeskVisitor.json(seen.getLast()).get("slot").asLong();
      seen.add(ada.page("/label/next?project=" + project.id()));
      seen.add(ada.page("/label/" + slot));
      seen.add(ada.get("/label/" + slot + ".json", "application/json"));
      seen.add(ada.draft(slot, "{\"strength\":1}"));
      seen.add(ada.heartbeat(slot));
      seen.add(ada.submit(slot, Map.of()));
      seen.add(ada.postForm("/label/" + slot, Map.of(), "text/html"));
      seen.add(ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 1)));
    }
    seen.add(ada.page("/label/done"));
    assertThat(seen.getLast().body()).contains("First answer", "Second answer");
    for (HttpResponse<String> answer : seen) {
      String everything = answer.headers().map() + "\n" + answer.body();
      for (String secret : LabellingProject.SECRETS) {
        assertThat(everything)
            .as("%s %s", answer.request().method(), answer.uri())
            .doesNotContainIgnoringCase(secret);
      }
      assertThat(everything)
          .doesNotContain("a_left", "aLeft", "response_a", "responseA", "taskKey", "promptKey");
    }
  }

  @Test
  void the_pair_for_programs_holds_exactly_what_the_page_shows() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 3);
    DeskVisitor ada = annotator();
    JsonNode pair =
        DeskVisitor.json(
            ada.get("/label/" + ada.claim(project.id()) + ".json", "application/json"));
    assertThat(pair.propertyNames())
        .containsExactlyInAnyOrder(
            "slot",
            "project",
            "ordinal",
            "overlap",
            "prompt",
            "left",
            "right",
            "guidelineVersion",
            "leasedUntil");
    assertThat(pair.get("overlap").asInt()).isEqualTo(3);
  }

  @Test
  void an_incomplete_form_comes_back_with_all_it_held() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    UUID key = UUID.randomUUID();
    Map<String, String> fields = DeskVisitor.judgement(key, 3);
    fields.remove("left.concision");
    fields.put("reason", "because \"<b>\"\r\nso");
    HttpResponse<String> page = ada.postForm("/label/" + slot, fields, "text/html");
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body())
        .contains("Grade both answers on all four points.")
        .doesNotContain("Say which answer is better.")
        .contains("because &quot;&lt;b&gt;&quot;\nso</textarea>")
        .contains("value=\"" + key + "\"")
        .containsPattern(
            "name=\"strength\" value=\"3\" required checked|name=\"strength\" value=\"3\"[^>]*checked");
    JsonNode outcome =
        DeskVisitor.json(ada.submit(slot, Map.of("strength", "0", "key", "not-a-uuid")));
    assertThat(outcome.get("problems").toString())
        .contains("unreadable", "missing-strength", "missing-grades");
    assertThat(judgements(slot)).isZero();
  }

  /// What a page says of itself is typed by nobody, but sent by whoever likes.
  @Test
  void a_guideline_to_come_was_read_by_nobody_and_no_pair_takes_longer_than_a_day()
      throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    Map<String, String> fields = DeskVisitor.judgement(UUID.randomUUID(), 3);
    for (String version : List.of("1", "999999", "-1")) {
      fields.put("guidelineVersion", version);
      assertThat(DeskVisitor.json(ada.submit(slot, fields)).get("problems").toString())
          .as(version)
          .contains("unreadable");
    }
    assertThat(judgements(slot)).isZero();
    fields.put("guidelineVersion", "0");
    fields.put("activeMillis", "999999999999");
    assertThat(ada.submit(slot, fields).statusCode()).isEqualTo(200);
    assertThat(
            jdbc.sql("select active_ms from judgement where slot_id = :slot")
                .param("slot", slot)
                .query(Long.class)
                .single())
        .isEqualTo(Submission.MOST_ACTIVE_MS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"strength\":0}",
        "{\"strength\":5}",
        "{\"left\":{\"concision\":3}}",
        "{\"activeMillis\":-1}",
        "{\"model\":\"x\"}",
        "[]",
        "null",
        "{",
        "\"text\""
      })
  void what_is_no_draft_is_refused(String body) throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    assertThat(ada.draft(slot, body).statusCode()).isEqualTo(400);
  }

  @Test
  void a_draft_is_idempotent_counts_as_nothing_and_keeps_every_character() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    DeskVisitor ada = annotator();
    long slot = ada.claim(project.id());
    String overview = ada.page("/label").body();
    String body =
        "{\"strength\":-1,\"left\":{\"concision\":2},\"reason\":\"😀 </textarea> العربية \\u0000\"}";
    for (int i = 0; i < 3; i++) {
      assertThat(ada.draft(slot, body).statusCode()).isEqualTo(200);
    }
    assertThat(
            jdbc.sql("select count(*) from draft where slot_id = ?")
                .param(slot)
                .query(Long.class)
                .single())
        .isEqualTo(1);
    assertThat(counts(ada.page("/label").body())).isEqualTo(counts(overview));
    assertThat(ada.page("/label/" + slot).body()).contains("😀 &lt;/textarea&gt; العربية");
  }

  private static String counts(String overview) {
    return overview.substring(overview.indexOf("data-waiting"), overview.indexOf("data-state"));
  }

  @Test
  void the_overview_says_why_there_is_nothing() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    DeskVisitor bob = annotator();
    DeskVisitor eve = annotator();
    assertThat(bob.page("/label").body()).contains("data-state=\"waiting\"");
    long slot = ada.claim(project.id());
    assertThat(ada.page("/label").body()).contains("data-state=\"yours\"", "Go on with your task");

    assertThat(bob.page("/label").body())
        .contains("data-state=\"leased\"", "the first lease ends at");
    JsonNode leased = DeskVisitor.json(bob.get("/label/next", "application/json"));
    assertThat(leased.get("outcome").asString()).isEqualTo("all-leased");
    assertThat(Instant.parse(leased.get("retryAt").asString()))
        .isBetween(
            clock.instant().plus(Duration.ofMinutes(14)),
            clock.instant().plus(Duration.ofMinutes(16)));
    assertThat(bob.page("/label/next").headers().firstValue("Location").orElseThrow())
        .endsWith("/label");
    assertThat(bob.page("/label").body()).contains("Try again at");

    ada.postForm(
        "/label/" + slot + "/skip", Map.of("why", "same", "note", "word for word"), "text/html");
    assertThat(ada.page("/label").body()).contains("data-state=\"yours-done\"");
    assertThat(
            DeskVisitor.json(ada.get("/label/next", "application/json")).get("outcome").asString())
        .isEqualTo("all-done-by-you");
    assertThat(jdbc.sql("select reason from skip").query(String.class).list())
        .contains("same: word for word");

    assertThat(bob.claim(project.id())).isEqualTo(slot);
    assertThat(bob.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 1)).statusCode())
        .isEqualTo(200);
    assertThat(eve.page("/label").body()).contains("data-state=\"complete\"");
    assertThat(
            DeskVisitor.json(eve.get("/label/next", "application/json")).get("outcome").asString())
        .isEqualTo("nothing-left");
  }

  @Test
  void a_late_judgement_counts_unless_somebody_else_has_taken_the_pair() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 1);
    DeskVisitor ada = annotator();
    DeskVisitor bob = annotator();
    long slot = ada.claim(project.id());
    clock.forward(Duration.ofMinutes(20));
    assertThat(ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 1)).statusCode())
        .isEqualTo(200);

    long other = ada.claim(project.id());
    clock.forward(Duration.ofMinutes(20));
    assertThat(bob.claim(project.id())).isEqualTo(other);
    assertThat(ada.submit(other, DeskVisitor.judgement(UUID.randomUUID(), 1)).statusCode())
        .isEqualTo(404);
    assertThat(ada.heartbeat(other).statusCode()).isEqualTo(404);
    assertThat(bob.submit(other, DeskVisitor.judgement(UUID.randomUUID(), 1)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_heartbeat_keeps_the_pair() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 1, 1);
    DeskVisitor ada = annotator();
    DeskVisitor bob = annotator();
    long slot = ada.claim(project.id());
    for (int i = 0; i < 3; i++) {
      clock.forward(Duration.ofMinutes(10));
      assertThat(ada.heartbeat(slot).statusCode()).isEqualTo(200);
    }
    assertThat(
            DeskVisitor.json(bob.get("/label/next", "application/json")).get("outcome").asString())
        .isEqualTo("all-leased");
  }

  @Test
  void text_is_text() throws Exception {
    LabellingProject project =
        LabellingProject.create(
            jdbc,
            "<script>alert(1)</script>",
            1,
            List.of(
                new LabellingProject.Pair(
                    "<DATE-1> <img src=x onerror=alert(1)> ${7*7} #{kit.product}",
                    "<b>bold</b>\n  two",
                    "[[${7*7}]] &amp;")));
    new GuidelineRepository(jdbc).publish(project.id(), "Be <i>kind</i>");
    DeskVisitor ada = annotator();
    String page = ada.page("/label/" + ada.claim(project.id())).body();
    assertThat(page)
        .contains("&lt;DATE-1&gt; &lt;img src=x onerror=alert(1)&gt; ${7*7} #{kit.product}")
        .contains(
            "&lt;b&gt;bold&lt;/b&gt;\n  two", "[[${7*7}]] &amp;amp;", "Be &lt;i&gt;kind&lt;/i&gt;")
        .doesNotContain("<img", "<script>");
    assertThat(ada.page("/label").body()).doesNotContain("<script>").contains("&lt;script&gt;");
  }

  @Test
  void a_viewer_may_not_label_and_nobody_labels_without_signing_in() throws Exception {
    DeskVisitor viewer = visitor(Role.VIEWER);
    for (String path :
        List.of("/label", "/label/next", "/label/1", "/label/1.json", "/label/done")) {
      assertThat(viewer.page(path).statusCode()).as(path).isEqualTo(403);
    }
    DeskVisitor ada = annotator();
    ada.postForm("/sign-out", Map.of(), "text/html");
    HttpResponse<String> answer = ada.get("/label/1.json", "application/json");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("\"code\":\"signed-out\"");
  }

  @Test
  void history_is_ones_own_and_as_it_was_seen() throws Exception {
    LabellingProject project = LabellingProject.create(jdbc, 2, 2);
    DeskVisitor ada = annotator();
    DeskVisitor bob = annotator();
    long slot = ada.claim(project.id());
    JsonNode pair = DeskVisitor.json(ada.get("/label/" + slot + ".json", "application/json"));
    ada.submit(slot, DeskVisitor.judgement(UUID.randomUUID(), 4));
    String done = ada.page("/label/done").body();
    assertThat(done).contains("Right: significantly better", "4 s", "shorter");
    assertThat(done.indexOf(pair.get("left").asString()))
        .isLessThan(done.indexOf(pair.get("right").asString()));
    assertThat(bob.page("/label/done").body()).contains("You have not judged anything yet");
  }
}
