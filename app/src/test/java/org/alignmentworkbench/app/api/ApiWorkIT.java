package org.alignmentworkbench.app.api;

import static org.alignmentworkbench.app.api.Program.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.audit.AuditEvent;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.person.Scope;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.task.RedTeam;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// A lead's program sets tasks of every kind up, an annotator's program does them.
class ApiWorkIT {
  private static RunningServer server;
  private static Person annotator;
  private static Program lead;
  private static Program judge;

  private TestProject project;

  @BeforeAll
  static void start() {
    server = new RunningServer("--workbench.worker=false");
    lead =
        new Program(server, server.person("lena", Role.LEAD), EnumSet.of(Scope.READ, Scope.LEAD));
    annotator = server.person("ann", Role.ANNOTATOR);
    judge = new Program(server, annotator, Set.of(Scope.LABEL));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void threePromptsWithTwoAnswers() {
    project = TestProject.create(server.database().jdbc(), 3);
  }

  private String setups() {
    return "/api/v1/projects/" + project.id() + "/setups";
  }

  private JsonNode setUp(String question, String more) {
    return json(
        lead.post(setups(), "{\"question\": %s, \"overlap\": 1%s}".formatted(question, more)), 201);
  }

  private JsonNode claim() {
    JsonNode next =
        json(judge.post("/api/v1/label/claims", "{\"project\": " + project.id() + "}"), 200);
    assertThat(next.path("outcome").asString()).isEqualTo("claimed");
    return next.path("task");
  }

  private static String path(JsonNode task) {
    return "/api/v1/label/tasks/" + task.path("task").asLong();
  }

  private static JsonNode judged(JsonNode task, String answer, int status) {
    return json(
        judge.post(
            path(task) + "/judgement",
            "{\"answer\": %s, \"reason\": \"so\", \"activeMillis\": 900}".formatted(answer),
            "Idempotency-Key",
            UUID.randomUUID().toString()),
        status);
  }

  private String kept(JsonNode judgement) {
    return server
        .database()
        .jdbc()
        .sql("select answer::text from judgement where id = :id")
        .param("id", judgement.path("judgement").asLong())
        .query(String.class)
        .single()
        .replace(" ", "");
  }

  @Test
  void grades_are_set_up_drafted_and_given_once() {
    JsonNode made =
        setUp(
            "{\"kind\": \"GRADE\", \"dimensions\": [{\"key\": \"tone\", \"name\": \"Tone\","
                + " \"levels\": [\"rude\", \"plain\", \"warm\"]}]}",
            "");
    assertThat(made.path("made").asInt()).isEqualTo(6);
    JsonNode task = claim();
    assertThat(task.path("kind").asString()).isEqualTo("GRADE");
    assertThat(task.at("/question/dimensions/0/key").asString()).isEqualTo("tone");
    assertThat(task.path("answers").size()).isEqualTo(1);
    assertThat(task.path("left").isNull()).isTrue();

    assertThat(
            json(judge.send("PUT", path(task) + "/draft", "{\"fields\": {\"mood\": \"1\"}}"), 422)
                .path("detail")
                .asString())
        .contains("fields must be those of the form for GRADE", "[mood]");
    json(judge.send("PUT", path(task) + "/draft", "{\"fields\": {\"level.tone\": \"1\"}}"), 200);
    assertThat(json(judge.get(path(task)), 200).at("/draft/fields/level.tone").asString())
        .isEqualTo("1");

    assertThat(judged(task, "{\"levels\": {\"tone\": 3}}", 422).path("detail").asString())
        .isEqualTo("levels.tone must be 0..2, was 3");
    assertThat(judged(task, "{\"levels\": {}, \"shown\": []}", 422).path("detail").asString())
        .contains("'kind' or 'shown'");
    String key = UUID.randomUUID().toString();
    String body = "{\"answer\": {\"levels\": {\"tone\": 2}}}";
    JsonNode first = json(judge.post(path(task) + "/judgement", body, "Idempotency-Key", key), 201);
    assertThat(kept(first)).contains("\"tone\":2");
    JsonNode again = json(judge.post(path(task) + "/judgement", body, "Idempotency-Key", key), 200);
    assertThat(again.path("judgement").asLong()).isEqualTo(first.path("judgement").asLong());
    assertThat(again.path("repeated").asBoolean()).isTrue();
    JsonNode setup = json(lead.get(setups()), 200).path(0);
    assertThat(setup.path("judged").asLong()).isEqualTo(1);
    assertThat(setup.path("wanted").asLong()).isEqualTo(6);
    assertThat(server.bean(AuditRepository.class).latest(20))
        .extracting(AuditEvent::action)
        .contains("labelling.setup");
  }

  @Test
  void places_and_strengths_are_of_the_answers_as_they_are_sent() {
    setUp("{\"kind\": \"RANK\", \"ties\": false}", ", \"answers\": 2");
    for (int i = 0; i < 3; i++) {
      JsonNode task = claim();
      String best = task.path("answers").path(1).asString();
      assertThat(judged(task, "{\"places\": [1, 1]}", 422).path("detail").asString())
          .isEqualTo("places must differ, are [1, 1]");
      long judgement = judged(task, "{\"places\": [2, 1]}", 201).path("judgement").asLong();
      assertThat(
              server
                  .database()
                  .jdbc()
                  .sql(
                      """
                      select r.text
                      from judgement j
                      join task_answer a on a.task_id = j.task_id
                      join response r on r.id = a.response_id
                      where j.id = :id
                        and (j.answer -> 'places' ->> a.ordinal)::int = 1
                      """)
                  .param("id", judgement)
                  .query(String.class)
                  .single())
          .isEqualTo(best);
    }
    setUp("{\"kind\": \"CHOICE\", \"bothBad\": true}", "");
    assertThat(kept(judged(claim(), "{\"choice\": \"BOTH_BAD\"}", 201)))
        .contains("\"choice\":\"BOTH_BAD\"", "\"strength\":0");
    JsonNode second = claim();
    assertThat(
            judged(second, "{\"choice\": \"PREFERS\", \"strength\": 4}", 422)
                .path("detail")
                .asString())
        .contains("strength must be -3..3");
    judged(second, "{\"choice\": \"PREFERS\", \"strength\": -3}", 201);
  }

  @Test
  void texts_and_passages_are_kept_and_texts_are_learnt() {
    JsonNode made = setUp("{\"kind\": \"DEMONSTRATION\", \"least\": 5}", "");
    String dataset = setups() + "/" + made.path("setup").asLong() + "/dataset";
    assertThat(json(lead.post(dataset, ""), 409).path("detail").asString())
        .contains("nobody has written anything");
    JsonNode task = claim();
    assertThat(judged(task, "{\"text\": \" ab  \"}", 422).path("detail").asString())
        .isEqualTo("text must have 5 characters or more, has 2");
    assertThat(kept(judged(task, "{\"text\": \" Pitch a tent.\\u0000 \"}", 201)))
        .contains("\"Pitchatent.\"");
    assertThat(json(lead.post(dataset, ""), 200).path("rows").asLong()).isEqualTo(1);
    String exports = setups() + "/" + made.path("setup").asLong() + "/exports";
    JsonNode file = json(lead.post(exports, "{\"format\": \"jsonl\"}"), 201);
    assertThat(lead.get(file.path("file").asString()).body()).contains("Pitch a tent.");
    assertThat(json(lead.get(exports), 200).path("items").path(0).path("sha256").asString())
        .isEqualTo(file.path("sha256").asString());
    assertThat(json(lead.post(exports, "{\"format\": \"xls\"}"), 422).path("detail").asString())
        .isEqualTo("format must be one of [jsonl, csv, csv-data, parquet], was 'xls'");

    project = TestProject.create(server.database().jdbc(), 3);
    setUp("{\"kind\": \"SPAN\", \"reasons\": [\"Wrong\"]}", "");
    JsonNode span = claim();
    assertThat(
            judged(span, "{\"passages\": [{\"from\": 0, \"to\": 3, \"reason\": \"Rude\"}]}", 422)
                .path("detail")
                .asString())
        .contains("passages[0].reason must be one of [Wrong], was 'Rude'");
    judged(span, "{\"passages\": [{\"from\": 0, \"to\": 3, \"reason\": \"Wrong\"}]}", 201);
  }

  @Test
  void choices_may_be_asked_again_and_nothing_else() {
    String detail =
        json(
                lead.post(
                    setups(),
                    "{\"question\": {\"kind\": \"RANK\", \"ties\": true}, \"repeatPercent\": 5}"),
                422)
            .path("detail")
            .asString();
    assertThat(detail).contains("repeatPercent must be 0..0, was '5'");
    JsonNode made = setUp("{\"kind\": \"CHOICE\", \"bothBad\": true}", ", \"repeatPercent\": 20");
    JsonNode setup = json(lead.get(setups() + "/" + made.path("setup").asLong()), 200);
    assertThat(setup.path("repeatPercent").asInt()).isEqualTo(20);
    // Programs that label are not told.
    assertThat(claim().toString()).doesNotContain("repeat");
  }

  /// Edits come after grades where nothing else is said, and among them where a program says so.
  @Test
  void set_ups_come_one_after_another_or_mixed() {
    JsonNode grades =
        setUp(
            "{\"kind\": \"GRADE\", \"dimensions\": [{\"key\": \"tone\", \"name\": \"Tone\","
                + " \"levels\": [\"rude\", \"warm\"]}]}",
            "");
    JsonNode edits = setUp("{\"kind\": \"EDIT\"}", ", \"mixed\": true");
    assertThat(json(lead.get(setups() + "/" + grades.path("setup").asLong()), 200).path("mixed"))
        .isEqualTo(BooleanNode.FALSE);
    assertThat(json(lead.get(setups() + "/" + edits.path("setup").asLong()), 200).path("mixed"))
        .isEqualTo(BooleanNode.TRUE);
    JsonNode task = claim();
    assertThat(task.path("kind").asString()).isEqualTo("EDIT");
    // Programs that label are not told.
    assertThat(task.toString()).doesNotContain("mixed");
  }

  @Test
  void tasks_are_made_of_what_is_sent_whole_or_not_at_all_and_a_dry_run_makes_nothing() {
    String work =
        ", \"work\": [{\"prompt\": \"Which?\", \"answers\": [\"One.\"], \"language\": \"en\"},"
            + " {\"prompt\": \"Why?\", \"answers\": [%s]}]";
    String edit = "{\"question\": {\"kind\": \"EDIT\"}, \"overlap\": 1%s}";
    assertThat(
            json(lead.post(setups(), edit.formatted(work.formatted("\"A\", \"B\""))), 422)
                .path("detail")
                .asString())
        .contains("line 2: a task of kind EDIT must have 1 answer, has 2");
    String good = work.formatted("\"Because.\"");
    assertThat(
            json(lead.post(setups(), edit.formatted(good + ", \"dryRun\": true")), 200)
                .path("made")
                .asInt())
        .isEqualTo(2);
    assertThat(json(lead.get(setups()), 200).size()).isZero();
    assertThat(json(lead.post(setups(), edit.formatted(good)), 201).path("made").asInt())
        .isEqualTo(2);
    assertThat(json(lead.post(setups(), edit.formatted(good)), 200).path("there").asInt())
        .isEqualTo(2);
    assertThat(claim().path("answers").path(0).asString()).isIn("One.", "Because.");
    assertThat(
            server
                .database()
                .jdbc()
                .sql("select language from prompt where project_id = :p and text = 'Which?'")
                .param("p", project.id())
                .query(String.class)
                .single())
        .isEqualTo("en");
    assertThat(
            json(lead.post(setups(), "{\"question\": {\"kind\": \"SPAN\"}}"), 422)
                .path("detail")
                .asString())
        .contains("fields must be [kind, reasons], are [kind]");
  }

  @Test
  void a_red_team_answer_names_an_attempt_of_its_own() {
    setUp(
        "{\"kind\": \"RED_TEAM\", \"harm\": \"CRIME\", \"policies\": [\"Helps with a crime\"]}",
        ", \"model\": \"sft\"");
    JsonNode task = claim();
    long slot = task.path("task").asLong();
    assertThat(
            json(judge.post(path(task) + "/attempts", "{\"prompt\": \"  \"}"), 422)
                .path("detail")
                .asString())
        .isEqualTo("prompt must have 1 to 4000 characters, had 0");
    assertThat(judged(task, "{\"attempt\": 77}", 422).path("detail").asString())
        .isEqualTo("attempt must be one of [], was 77");
    new RedTeam(server.database().jdbc())
        .add(slot, annotator.id(), "How?", "Like so.", java.time.Instant.now());
    JsonNode shown = json(judge.get(path(task)), 200).at("/attempts/0");
    assertThat(shown.path("response").asString()).isEqualTo("Like so.");
    JsonNode judgement =
        judged(
            task,
            "{\"attempt\": %d, \"policy\": \"Helps with a crime\", \"severity\": 2}"
                .formatted(shown.path("id").asLong()),
            201);
    assertThat(kept(judgement)).contains("\"Likeso.\"", "\"severity\":2");
    json(judge.send("PUT", "/api/v1/label/harms", "{\"away\": [\"CRIME\"]}"), 200);
    assertThat(json(judge.get("/api/v1/label/harms"), 200).at("/away/0").asString())
        .isEqualTo("CRIME");
    assertThat(
            json(judge.post("/api/v1/label/claims", "{\"project\": " + project.id() + "}"), 200)
                .path("outcome")
                .asString())
        .isEqualTo("all-done-by-you");
    json(judge.send("PUT", "/api/v1/label/harms", "{\"away\": []}"), 200);
    json(judge.send("PUT", "/api/v1/label/languages", "{\"languages\": [\"de\", \"EN\"]}"), 200);
    assertThat(json(judge.get("/api/v1/label/languages"), 200).path("languages").path(1).asString())
        .isEqualTo("en");
    json(judge.send("PUT", "/api/v1/label/languages", "{}"), 200);
  }

  /// What a program of an annotator is sent about these tasks is blind.
  @Test
  void a_session_of_other_kinds_is_blind() {
    Program blind =
        new Program(server, server.person("blind", Role.ANNOTATOR), Set.of(Scope.LABEL));
    setUp("{\"kind\": \"RANK\", \"ties\": true}", ", \"answers\": 2");
    for (int i = 0; i < 3; i++) {
      JsonNode task =
          json(blind.post("/api/v1/label/claims", "{\"project\": " + project.id() + "}"), 200)
              .path("task");
      json(blind.get(path(task)), 200);
      json(
          blind.post(
              path(task) + "/judgement",
              "{\"answer\": {\"places\": [1, 1]}}",
              "Idempotency-Key",
              UUID.randomUUID().toString()),
          201);
    }
    assertThat(blind.heard())
        .contains("\"answers\"")
        .doesNotContainIgnoringCase("gold")
        .doesNotContainIgnoringCase("model")
        .doesNotContainIgnoringCase("shown")
        .doesNotContainIgnoringCase("shuffle")
        .doesNotContainIgnoringCase("member")
        .doesNotContainIgnoringCase("responseKey");
  }

  @Test
  void somebody_of_no_project_sees_none_in_any_list() {
    MembershipRepository memberships = server.bean(MembershipRepository.class);
    memberships.set(project.id(), true, null, List.of());
    Program other =
        new Program(
            server,
            server.person("other-" + project.id(), Role.LEAD),
            EnumSet.of(Scope.READ, Scope.LEAD, Scope.LABEL));
    json(lead.post(setups(), "{}"), 404);
    for (String list : List.of("/projects", "/runs", "/label/queues", "/invitations")) {
      assertThat(json(other.get("/api/v1" + list), 200).toString())
          .as(list)
          .doesNotContain("\"id\":" + project.id() + ",\"name\"")
          .doesNotContain("\"projectId\":" + project.id() + ",");
    }
    for (String path :
        List.of("/setups", "/members", "/checks", "/rounds", "/adjudication", "/guidelines")) {
      assertThat(other.get("/api/v1/projects/" + project.id() + path).statusCode())
          .as(path)
          .isEqualTo(404);
    }
    assertThat(
            json(
                    other.post(
                        "/api/v1/invitations",
                        "{\"role\": \"ANNOTATOR\", \"project\": " + project.id() + "}"),
                    422)
                .path("detail")
                .asString())
        .isEqualTo("there is no project " + project.id());
    memberships.addPerson(project.id(), "lena", null);
    assertThat(json(lead.get("/api/v1/projects"), 200).toString())
        .contains("\"id\":" + project.id() + ",\"name\"");
  }

  @Test
  void leads_do_by_program_what_their_pages_do() {
    String root = "/api/v1/projects/" + project.id();
    json(lead.post(root + "/guidelines", "{\"body\": \"Be fair.\", \"version\": 0}"), 201);
    json(lead.post(root + "/guidelines", "{\"body\": \"Be fair.\", \"version\": 0}"), 200);
    json(lead.post(root + "/guidelines", "{\"body\": \"Be kind.\", \"version\": 0}"), 409);
    String rule =
        "{\"checkPercent\": 10, \"repeatPercent\": 5, \"agreementShown\": true, \"passPercent\": 80,"
            + " \"passAfter\": 5, \"below\": \"STOP\", \"qualifyCount\": 0, \"qualifyPercent\": 70}";
    json(lead.send("PUT", root + "/checks/rule", rule), 200);
    assertThat(
            json(lead.send("PUT", root + "/checks/rule", rule.replace("10,", "90,")), 400)
                .path("detail")
                .asString())
        .contains("the share of checks must be 0 to 50, was 90");
    assertThat(json(lead.get(root + "/checks"), 200).at("/rule/below").asString())
        .isEqualTo("STOP");
    setUp("{\"kind\": \"PAIR\"}", "");
    long task =
        server
            .database()
            .jdbc()
            .sql("select min(id) from task where project_id = :p and kind = 'PAIR'")
            .param("p", project.id())
            .query(Long.class)
            .single();
    String gold = root + "/comparisons/" + task + "/gold";
    assertThat(lead.send("PUT", gold, "{\"better\": \"B\"}").statusCode()).isEqualTo(204);
    assertThat(json(lead.get(root + "/checks"), 200).at("/known/all").asInt()).isEqualTo(1);
    assertThat(lead.send("DELETE", gold, null).statusCode()).isEqualTo(204);
    json(lead.send("PUT", gold, "{\"better\": \"C\"}"), 422);

    json(lead.get(root + "/adjudication"), 200);
    JsonNode one = json(lead.get(root + "/adjudication/" + task), 200);
    assertThat(one.path("judgements").size()).isZero();
    String decision = "{\"strength\": -2, \"reason\": \"%s\", \"judgements\": []}";
    json(lead.post(root + "/adjudication/" + task, decision.formatted("")), 422);

    long cohort =
        json(lead.post("/api/v1/cohorts", "{\"name\": \"night shift\"}"), 200).path("id").asLong();
    json(lead.post("/api/v1/cohorts/" + cohort + "/members", "{\"username\": \"ann\"}"), 200);
    assertThat(
            lead.send("DELETE", "/api/v1/cohorts/" + cohort + "/members/" + annotator.id(), null)
                .statusCode())
        .isEqualTo(204);
    json(lead.send("PUT", root + "/members/rules", "{\"restricted\": true, \"quota\": 9}"), 200);
    json(lead.post(root + "/members/people", "{\"username\": \"nobody-here\"}"), 422);
    json(lead.post(root + "/members/people", "{\"username\": \"ann\"}"), 200);
    assertThat(lead.send("DELETE", root + "/members/people/" + annotator.id(), null).statusCode())
        .isEqualTo(204);
    json(lead.post(root + "/members/cohorts", "{\"cohort\": " + cohort + "}"), 200);
    assertThat(json(lead.get(root + "/members"), 200).path("quota").asInt()).isEqualTo(9);
    String link =
        json(lead.post("/api/v1/invitations", "{\"role\": \"ANNOTATOR\"}"), 201)
            .path("link")
            .asString();
    assertThat(link).startsWith("/invitation?token=");
    long invitation =
        json(lead.get("/api/v1/invitations"), 200).path("items").path(0).path("id").asLong();
    assertThat(lead.send("DELETE", "/api/v1/invitations/" + invitation, null).statusCode())
        .isEqualTo(204);
    assertThat(lead.send("DELETE", "/api/v1/invitations/" + invitation, null).statusCode())
        .isEqualTo(404);
    assertThat(server.bean(AuditRepository.class).latest(40))
        .extracting(AuditEvent::action)
        .contains(
            "guideline.publish",
            "checks.rule",
            "quality.gold",
            "cohort.make",
            "membership.rules",
            "invitation.create");
  }

  @Test
  void leads_say_what_is_known_of_other_kinds_by_program() {
    setUp("{\"kind\": \"CHOICE\", \"bothBad\": false}", "");
    long task =
        server
            .database()
            .jdbc()
            .sql("select min(id) from task where project_id = :p")
            .param("p", project.id())
            .query(Long.class)
            .single();
    String gold = "/api/v1/projects/" + project.id() + "/tasks/" + task + "/gold";
    assertThat(
            json(lead.send("PUT", gold, "{\"known\": {\"choice\": \"BOTH_BAD\"}}"), 422)
                .path("detail")
                .asString())
        .isEqualTo("known.choice must be A, B, TIE, was \"BOTH_BAD\"");
    assertThat(lead.send("PUT", gold, "{\"known\": {\"choice\": \"B\"}}").statusCode())
        .isEqualTo(204);
    String checks = "/api/v1/projects/" + project.id() + "/checks";
    assertThat(json(lead.get(checks), 200).at("/known/all").asInt()).isEqualTo(1);
    JsonNode held = claim();
    for (int i = 0; i < 3; i++) {
      judged(held, "{\"choice\": \"PREFERS\", \"strength\": 1}", 201);
      held = i < 2 ? claim() : held;
    }
    assertThat(json(lead.get(checks), 200).at("/people/0/checked/found/judged").asInt())
        .isEqualTo(1);
    assertThat(
            json(
                    lead.get(
                        setups()
                            + "/"
                            + json(lead.get(setups()), 200).path(0).path("id").asLong()
                            + "/quality"),
                    200)
                .at("/measures/choice/values")
                .asInt())
        .isEqualTo(3);
    assertThat(lead.send("DELETE", gold, null).statusCode()).isEqualTo(204);
    assertThat(json(lead.get(checks), 200).at("/known/all").asInt()).isZero();
  }

  @Test
  void leads_say_which_passages_are_known_by_program_and_nobody_who_marks_is_told() {
    setUp("{\"kind\": \"SPAN\", \"reasons\": [\"Wrong\", \"Rude\"]}", "");
    String tasks = "/api/v1/projects/" + project.id() + "/tasks/";
    List<Long> all =
        server
            .database()
            .jdbc()
            .sql("select id from task where project_id = :p order by id")
            .param("p", project.id())
            .query(Long.class)
            .list();
    String gold = tasks + all.getFirst() + "/gold";
    String known = "{\"known\": {\"passages\": [%s], \"atLeast\": %d}}";
    String rude = "{\"from\": 0, \"to\": 8, \"reason\": \"Rude\"}";
    assertThat(refused(gold, known.formatted(rude.replace("Rude", "Odd"), 50)))
        .isEqualTo("passages[0].reason must be one of [Wrong, Rude], was 'Odd'");
    assertThat(refused(gold, known.formatted(rude.replace("8", "800"), 50)))
        .startsWith("passages[0] must lie within 0..");
    assertThat(refused(gold, known.formatted(rude, 0)))
        .isEqualTo("known.atLeast must be 1..100, was 0");
    assertThat(refused(gold, "{\"known\": {\"choice\": \"A\"}}"))
        .isEqualTo("known must have passages and may have atLeast, has [choice]");
    for (long task : all) {
      assertThat(
              lead.send(
                      "PUT",
                      tasks + task + "/gold",
                      task == all.getFirst()
                          ? "{\"known\": {\"passages\": []}}"
                          : known.formatted(rude, 90))
                  .statusCode())
          .isEqualTo(204);
    }
    String checks = "/api/v1/projects/" + project.id() + "/checks";
    assertThat(json(lead.get(checks), 200).at("/known/all").asInt()).isEqualTo(6);
    Program blind =
        new Program(server, server.person("blind-marker", Role.ANNOTATOR), Set.of(Scope.LABEL));
    for (int i = 0; i < 6; i++) {
      JsonNode task =
          json(blind.post("/api/v1/label/claims", "{\"project\": " + project.id() + "}"), 200)
              .path("task");
      json(blind.get(path(task)), 200);
      json(
          blind.post(
              path(task) + "/judgement",
              "{\"answer\": {\"passages\": [%s]}}".formatted(rude),
              "Idempotency-Key",
              UUID.randomUUID().toString()),
          201);
    }
    assertThat(blind.heard())
        .contains("\"reasons\"")
        .doesNotContainIgnoringCase("gold")
        .doesNotContainIgnoringCase("known")
        .doesNotContainIgnoringCase("atLeast");
    JsonNode found = json(lead.get(checks), 200).at("/people/0/checked/found");
    assertThat(found.path("judged").asInt()).isEqualTo(6);
    assertThat(found.path("right").asInt())
        .as("all but where nothing is to be marked")
        .isEqualTo(5);
    assertThat(lead.send("DELETE", gold, null).statusCode()).isEqualTo(204);
    assertThat(json(lead.get(checks), 200).at("/known/all").asInt()).isEqualTo(5);
  }

  private static String refused(String gold, String body) {
    return json(lead.send("PUT", gold, body), 422).path("detail").asString();
  }
}
